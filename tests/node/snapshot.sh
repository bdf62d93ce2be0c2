#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# snapshot.sh BINARY: what a snapshot is judged to be is, byte for byte and in its exit
# status, what the live run said that it was taken from; redacted it has the same codes.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
binary=$1
forms=(text short json markdown)

need_lab
scratch=$(mktemp -d)
trap 'delete_pods; rm -rf "$scratch"' EXIT

outputs() { # FOLDER
	local form
	for form in "${forms[@]}"; do printf -- '-o %s=%s/%s ' "$form" "$1" "$form"; done
}

same() { # WHAT: live and from the snapshot
	local live=0 later=0 form
	on_node rm -rf /tmp/live /tmp/later
	on_node mkdir -p /tmp/live /tmp/later
	# shellcheck disable=SC2046 # words
	on_node wasmdiag all -q -O /tmp/snapshot.json.gz $(outputs /tmp/live) || live=$?
	# shellcheck disable=SC2046
	on_node wasmdiag all -q --facts /tmp/snapshot.json.gz $(outputs /tmp/later) || later=$?
	[ $live = $later ] || die "$1: exit $live live, $later from the snapshot"
	for form in "${forms[@]}"; do
		on_node cmp "/tmp/live/$form" "/tmp/later/$form" ||
			die "$1: $(on_node diff "/tmp/live/$form" "/tmp/later/$form")"
	done
	on_node wasmdiag redact /tmp/snapshot.json.gz -O /tmp/redacted.json.gz
	diff <(on_node wasmdiag all -o json --facts /tmp/snapshot.json.gz | jq -r '.findings[].code') \
		<(on_node wasmdiag all -o json --facts /tmp/redacted.json.gz | jq -r '.findings[].code')
	if on_node zcat /tmp/redacted.json.gz | grep -nE "$node|10\.99\.0\.1|sleeper|victim"; then
		die "$1: names are left in the redacted snapshot"
	fi
	echo "$1: exit $live"
}

install_binary "$binary"
delete_events
healthy_world
same healthy
module_image oob
RESTART=Always wasm_pod victim oob - "$annotated" crun-wasm
until_true 30 sh -c "'$lab' exec kubectl get pod victim -o jsonpath='{.status.containerStatuses[0].restartCount}' | grep -q '[1-9]'"
same broken
on_node grep -q WD2401 /tmp/live/short || die "the trap was not seen"
