# shellcheck shell=bash disable=SC2034
# The module's minimum is above its pod's limit: a warning.
code=WD2405 status=4 arguments=(--fail-on warn)
break_it() { module_image large; wasm_pod victim large 64Mi "$annotated" crun-wasm; }
mend_it() { printed_fixes victim; }
unworld() { delete_pods; }
