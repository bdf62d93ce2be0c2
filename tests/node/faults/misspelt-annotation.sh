# shellcheck shell=bash disable=SC2034
# The annotation's value is written with a capital letter.
code=WD3207
break_it() { RESTART=Always wasm_pod victim sleeper - 'module.wasm.image/variant: Compat-Smart' crun-wasm; }
mend_it() { printed_fixes victim; }
unworld() { delete_pods; }
