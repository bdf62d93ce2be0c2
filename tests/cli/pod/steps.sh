#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# steps.sh ARGUMENT...: the five steps that `wasmdiag pod` tells, without what checks say of
# them: that is theirs to test.  Exits as wasmdiag does, but for the number.
wasmdiag pod "$@" >"$OUT/told"
status=$?
sed '/^\(fail\|warn\|unknown\|pass\|skip\) /,$d; /^No check/,$d; /^没有检查/,$d' "$OUT/told"
[ $status = 0 ] || [ $status = 3 ] || exit $status
