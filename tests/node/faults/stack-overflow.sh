# shellcheck shell=bash disable=SC2034
# A store below address 0: the stack has overflowed.
code=WD2402
break_it() { module_image overflow; RESTART=Always wasm_pod victim overflow - "$annotated" crun-wasm; }
mend_it() { delete_pods; }
