#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# complete.sh BINARY: every check has cases and a line in the README, every code a page, a
# case that raises it (as a root or an echo) and, beside it, one that does not.
set -euo pipefail
binary=$1 top=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
missing=0
miss() { printf '%s\n' "$*" >&2; missing=1; }

"$binary" list -o json >"$scratch/list"
jq -r '.[] | .name as $check | .codes[] | "\($check) \(.code)"' "$scratch/list" |
	sort >"$scratch/codes"

# what each case raises: CHECK CASE CODE
cd "$top/tests/checks"
for facts in */*/facts.json; do
	case=${facts%/facts.json} check=${facts%%/*}
	mkdir -p "$scratch/reports/$check"
	# shellcheck disable=SC2046 # the arguments of a case are words
	"$binary" "$check" --facts "$facts" -o json $(cat "$case/arguments" 2>/dev/null || true) \
		>"$scratch/reports/$case" 2>/dev/null || true
done
(cd "$scratch/reports" && jq -r '(input_filename | gsub("/"; " ")) as $case |
	"\($case) none", (.findings[] | "\($case) \(.code)")' -- */*) >"$scratch/raised"

while read -r check code; do
	[ -f "$top/docs/codes/$code.md" ] || miss "$code has no page: docs/codes/$code.md"
	cases=$(awk -v check="$check" '$1 == check { print $2 }' "$scratch/raised" | sort -u)
	raising=$(awk -v check="$check" -v code="$code" '$1 == check && $3 == code { print $2 }' \
		"$scratch/raised" | sort -u)
	[ -n "$raising" ] || miss "no case of $check raises $code"
	[ "$cases" != "$raising" ] || miss "every case of $check raises $code"
	grep -q "^| \`$check\` |" "$top/README.md" || miss "README.md does not list $check"
done <"$scratch/codes"
for page in "$top"/docs/codes/WD*.md; do
	grep -q " $(basename "$page" .md)\$" "$scratch/codes" || miss "$page is of no code"
done
for folder in */; do
	grep -q "^${folder%/} " "$scratch/codes" || miss "tests/checks/$folder is of no check"
done
exit $missing
