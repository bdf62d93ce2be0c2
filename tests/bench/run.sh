#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds a Release and measures it: tests/bench/run.sh [--quick] [--rounds N] [--lab]
# [--only-lab] [--update].  --lab also measures on the lab that WASMDIAG_LAB names, which
# must be up with its node; --update writes the tables and the plot of docs/performance.md.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$here/../../build-bench

lab=
for argument; do
	shift
	case $argument in
	--lab) lab=${WASMDIAG_LAB:?names no lab} ;;
	*) set -- "$@" "$argument" ;;
	esac
done
cmake -S "$here/../.." -B "$build" -DCMAKE_BUILD_TYPE=Release >/dev/null
cmake --build "$build" --target bench --parallel >/dev/null
exec python3 "$here/measure.py" "$build" "$@" ${lab:+--lab "$lab"}
