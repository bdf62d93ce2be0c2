#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A directory is a test: tests/cli/CASE/expected.txt is what a terminal showed.  Each line
# "$ COMMAND" is run by a shell in that directory, with `wasmdiag` on PATH; behind it stand
# what the command printed on both streams and "exit STATUS".  Files that the commands read
# (stdin, facts.json, ...) lie beside it.  $OUT is an empty folder, gone after the test.
#
#   run.sh BINARY CASE            run the commands again and compare
#   run.sh --update BINARY CASE   write expected.txt: then read it before committing
set -u
update=
[ "$1" = --update ] && { update=1; shift; }
binary=$(realpath "$1") folder=$(cd "$(dirname "$0")" && pwd)/$2
[ -f "$folder/expected.txt" ] || { echo "no $folder/expected.txt" >&2; exit 2; }
OUT=$(mktemp -d) || exit 2
trap 'rm -rf "$OUT"' EXIT
mkdir "$OUT/bin" "$OUT/out"
ln -s "$binary" "$OUT/bin/wasmdiag"

# nothing of the user's own may show: no kubeconfig, no language, no colour
play() {
	while IFS= read -r line; do
		case $line in
		'$ '*) ;;
		*) continue ;;
		esac
		printf '%s\n' "$line"
		(cd "$folder" && exec env -i PATH="$OUT/bin:$PATH" HOME="$OUT/out" OUT="$OUT/out" \
			TERM=dumb LC_ALL=C.UTF-8 sh -c "${line#??}" </dev/null 2>&1)
		printf 'exit %s\n' "$?"
	done <"$folder/expected.txt"
}

play >"$OUT/actual"
if [ -n "$update" ]; then
	cp "$OUT/actual" "$folder/expected.txt"
	exit
fi
diff -u "$folder/expected.txt" "$OUT/actual"
