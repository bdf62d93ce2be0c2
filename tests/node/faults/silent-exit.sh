# shellcheck shell=bash disable=SC2034
# The module fails without a word, and its exit code is lost: a warning.
code=WD2110 status=4 arguments=(--fail-on warn)
break_it() { module_image silent_exit; wasm_pod victim silent_exit - "$annotated" crun-wasm; }
mend_it() { delete_pods; }
