#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# guide.sh BINARY: `explain SECTION` speaks of every sentence and command of the guide in
# guide.txt, with its verdict; and every claim says, in both languages, what is so instead.
set -euo pipefail
binary=$1 list=$(cd "$(dirname "$0")" && pwd)/guide.txt
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
missing=0
miss() { printf '%s\n' "$*" >&2; missing=1; }

# the claims of a section, one a line: what the guide SAYS, whether it HOLDS
claims() {
	"$binary" explain "$1" -o json | jq -r '.[].guide[] |
		"\(.says | gsub("\\s+"; " ") | sub(" $"; ""))\t\(.holds)"'
}

# a command is what it is and not the beginning of a longer one, so that a line that is a
# whole claim is looked for as one; a part of a sentence is looked for anywhere
verdicts() {
	text=$1 awk -F '\t' 'BEGIN { text = ENVIRON["text"] }
		$1 == text { whole = whole $2 "\n" }
		index($1, text) { part = part $2 "\n" }
		END { printf "%s", whole != "" ? whole : part }' "$2" | sort -u
}

while IFS=$'\t' read -r section text holds; do
	case $section in '#'*) continue ;; esac
	[ -f "$scratch/$section" ] || claims "$section" >"$scratch/$section"
	found=$(verdicts "$text" "$scratch/$section" | paste -sd ' ')
	if [ -z "$found" ]; then
		miss "$section: nothing is said of: $text"
	elif [ "$found" != "$holds" ]; then
		miss "$section: should be $holds, and is $found: $text"
	fi
done <"$list"

# a verdict without its reason or its source helps nobody
for section in "$scratch"/11.*; do
	section=${section##*/}
	for language in en zh; do
		while read -r line; do
			miss "$section ($language): no reason or no source: $line"
		done < <("$binary" explain "$section" -o json --lang "$language" | jq -r '.[] |
			.code as $code | .guide[] | select((.instead // "") == "" or
			(.source // "") == "") | "\($code) \(.says)"')
	done
done
exit $missing
