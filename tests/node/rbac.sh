#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# rbac.sh BINARY: the ClusterRole that `wasmdiag rbac` prints is enough for a whole run, and
# each of its rules is one that the run asks for.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
binary=$1
account=system:serviceaccount:default:wasmdiag-rbac

need_lab
scratch=$(mktemp -d)
finish() {
	kubectl delete clusterrolebinding wasmdiag-rbac
	kubectl delete clusterrole wasmdiag
	rm -rf "$scratch"
} >/dev/null 2>&1
trap finish EXIT

delete_events
healthy_world
"$binary" rbac | kubectl apply -f - >/dev/null
kubectl create clusterrolebinding wasmdiag-rbac --clusterrole=wasmdiag \
	--serviceaccount=default:wasmdiag-rbac >/dev/null
in_net "$binary" all --no-host --as $account -o json >"$scratch/report.json" ||
	die "exit $?: $(unknown "$scratch/report.json")"
[ -z "$(unknown "$scratch/report.json")" ] || die "$(unknown "$scratch/report.json")"

# without the rule about events something is missing, and it is named
kubectl get clusterrole wasmdiag -o json | jq '.rules[].resources? |= (. // [] | map(select(. != "events")))' |
	jq 'del(.rules[] | select((.resources // []) == [] and (.nonResourceURLs // []) == []))' |
	kubectl replace -f - >/dev/null
in_net "$binary" all --no-host --as $account -o json >"$scratch/report.json" && die "events were not missed"
has_code "$scratch/report.json" WD7103 || die "WD7103 does not say what is missing"
