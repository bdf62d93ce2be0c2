# shellcheck shell=bash disable=SC2034
# The module could write and holds it back: a warning.
code=WD2110 status=4 arguments=(--fail-on warn --threshold silence=5s)
break_it() { module_image held_back; wasm_pod victim held_back - "$annotated" crun-wasm; }
mend_it() { delete_pods; }
