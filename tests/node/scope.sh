#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# scope.sh BINARY: a node that is asked about alone: what is asked of the API server is about
# this node and its pods, a healthy one passes, and what fails on it is found by its events.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$here/faults/no-handler.sh"
binary=$1

need_lab
scratch=$(mktemp -d)
finish() {
	mend_it
	rm -rf "$scratch"
} >/dev/null 2>&1
trap finish EXIT

# requests: what wasmdiag asked the server since the audit log had $start bytes
requests() {
	tail -c +"$((start + 1))" "$state/log/audit.log" |
		jq -r 'select(.userAgent | startswith("wasmdiag/")) | .requestURI'
}

install_binary "$binary"
delete_pods
delete_events
healthy_world
start=$(stat -c %s "$state/log/audit.log")
diagnose "$scratch/healthy.json" --scope node || die "exit $? on a healthy node: $(codes "$scratch/healthy.json")"
[ "$(jq -r '.only_nodes | join(" ")' "$scratch/healthy.json")" = $node ] || die "asked about more than $node"
diagnose "$scratch/whole.json" --scope cluster || die "exit $? on a healthy node"
[ "$(jq '.only_nodes | length' "$scratch/whole.json")" = 0 ] || die "--scope cluster left something out"
# what passes of the whole cluster passes of this node, or is said to be of the whole
jq -r '.checks[] | select(.verdict != "pass") | .name' "$scratch/healthy.json" | sort >"$scratch/not-passed"
jq -r '.checks[] | select(.verdict == "pass") | .name' "$scratch/whole.json" | sort >"$scratch/passed"
for name in $(comm -12 "$scratch/not-passed" "$scratch/passed"); do
	jq -e --arg name "$name" '.checks[] | select(.name == $name) | .reason | test("--scope cluster")' \
		"$scratch/healthy.json" >/dev/null || die "$name: passes of the whole cluster alone"
done

break_it
until_true 60 sh -c "'$lab' exec kubectl get events | grep -q FailedCreatePodSandBox" ||
	die "the pod does not fail"
sleep 1 # the audit log is written behind
start=$(stat -c %s "$state/log/audit.log")
status=0
diagnose "$scratch/broken.json" --scope node || status=$?
[ "$status $(failing "$scratch/broken.json")" = "3 $code" ] ||
	die "exit $status, $(failing "$scratch/broken.json")"
sleep 1
requests >"$scratch/requests"
grep -q "^/api/v1/pods?fieldSelector=spec.nodeName=$node&" "$scratch/requests" ||
	die "no pods were asked for by node: $(cat "$scratch/requests")"
grep -E '^/api/v1/(nodes|pods|events|persistentvolumeclaims)(\?|$)' "$scratch/requests" |
	grep -v "=$node&" && die "asked about more than this node"
grep -q '/events?.*name=victim' "$scratch/requests" || die "the pod's events were not asked for"
echo "$(wc -l <"$scratch/requests") requests"
