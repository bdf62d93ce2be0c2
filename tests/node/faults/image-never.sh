# shellcheck shell=bash disable=SC2034
# imagePullPolicy: Never, and nobody has put the image on the node.
code=WD2208
break_it() { wasm_pod victim ghost - "$annotated" crun-wasm; }
mend_it() { delete_pods; }
