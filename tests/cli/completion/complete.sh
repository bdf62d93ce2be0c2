#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# complete.sh WORD...: what bash offers for the last word, on one line.
# shellcheck source=/dev/null
. <(wasmdiag completion bash)
COMP_WORDS=(wasmdiag "$@") COMP_CWORD=$#
_wasmdiag
printf '%s\n' "${COMPREPLY[@]}" | sort | paste -sd' '
