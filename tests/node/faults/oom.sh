# shellcheck shell=bash disable=SC2034
# The pod's limit ends the module.
code=WD2404
break_it() { module_image glutton; RESTART=Always wasm_pod victim glutton 64Mi "$annotated" crun-wasm; }
mend_it() { delete_pods; }
