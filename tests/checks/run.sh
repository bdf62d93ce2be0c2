#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A directory is a test: runs CHECK over tests/checks/CHECK/CASE/facts.json and compares
# what it prints, and its exit status, with expected.txt there.  Arguments beside the check
# may stand in a file `arguments` of the case.
#
#   run.sh BINARY CHECK/CASE            compare
#   run.sh --update BINARY CHECK/CASE   write expected.txt: then read it before committing
set -u
update=
[ "$1" = --update ] && { update=1; shift; }
binary=$1 case=$2 here=$(cd "$(dirname "$0")" && pwd)
check=${case%%/*} folder=$here/$case
[ -f "$folder/facts.json" ] || { echo "no $folder/facts.json" >&2; exit 2; }
arguments=
[ -f "$folder/arguments" ] && arguments=$(cat "$folder/arguments")
# shellcheck disable=SC2086 # the arguments of a case are words
actual=$(LC_ALL=C.UTF-8 "$binary" "$check" --facts "$folder/facts.json" --lang en --color never \
	$arguments 2>&1; echo "exit $?")
if [ -n "$update" ]; then
	printf '%s\n' "$actual" >"$folder/expected.txt"
	exit
fi
printf '%s\n' "$actual" | diff -u "$folder/expected.txt" -
