# shellcheck shell=bash disable=SC2034
# A Wasm pod without a RuntimeClass: runc executes the module.
code=WD3206
break_it() { RESTART=Always wasm_pod victim sleeper - "$annotated" -; }
mend_it() { printed_fixes victim; }
unworld() { delete_pods; }
