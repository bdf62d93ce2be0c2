#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# run.sh BINARY FAULT: break the real node as faults/FAULT.sh says, expect its code and no
# other failure, mend it, expect health.
#
# A fault defines: code (what must be found), also (other codes that may fail beside it),
# arguments (of wasmdiag), status (the exit status; 3), break_it and mend_it.  A fault
# named "healthy" defines nothing: the healthy node must pass.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
binary=$1 fault=$2
code='' also='' status=3 arguments=()
break_it() { :; }
mend_it() { :; }
world() { :; }
unworld() { :; }
found_it() {
	local got=0
	diagnose "$scratch/broken.json" "${arguments[@]}" || got=$?
	[ $got = "$status" ] && has_code "$scratch/broken.json" "$code"
}

# shellcheck source=/dev/null
. "$here/faults/$fault.sh"

need_lab
scratch=$(mktemp -d)
finish() {
	mend_it >/dev/null 2>&1 || true
	unworld >/dev/null 2>&1 || true
	rm -rf "$scratch"
}
trap finish EXIT

is_healthy() {
	delete_events # of what was mended a moment ago
	diagnose "$scratch/healthy.json" "${arguments[@]}"
}

expect_health() { # WHEN
	until_true 40 is_healthy && return
	jq -r '.findings[] | "\(.severity) \(.code) \(.subject.kind) \(.subject.name): \(.symptom)"' \
		"$scratch/healthy.json" >&2
	unknown "$scratch/healthy.json" >&2
	die "$fault: not healthy $1"
}

check_broken() {
	local other
	until_true 60 found_it || {
		jq -r '.findings[] | "\(.severity) \(.code) \(.subject.name): \(.symptom)"' \
			"$scratch/broken.json" >&2
		unknown "$scratch/broken.json" >&2
		die "$fault: wanted $code and exit $status, got exit $(jq .exit "$scratch/broken.json")"
	}
	for other in $(failing "$scratch/broken.json"); do
		[[ " $code $also " == *" $other "* ]] || {
			jq ".findings[] | select(.code == \"$other\")" "$scratch/broken.json" >&2
			die "$fault: $other fails beside $code"
		}
	done
	on_node wasmdiag all "${arguments[@]}" --color never >"$scratch/broken.txt" || true
	if grep -qE '<[a-z_]+>' "$scratch/broken.txt"; then
		cat "$scratch/broken.txt" >&2
		die "$fault: a placeholder was not filled in"
	fi
}

install_binary "$binary"
delete_events
healthy_world
world
expect_health before
[ -n "$code" ] || exit 0
break_it
check_broken
mend_it
delete_events
healthy_world
expect_health after
