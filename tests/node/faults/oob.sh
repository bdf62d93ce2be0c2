# shellcheck shell=bash disable=SC2034
# A store behind the memory: a bug of the guest.
code=WD2401
break_it() { module_image oob; RESTART=Always wasm_pod victim oob - "$annotated" crun-wasm; }
mend_it() { delete_pods; }
