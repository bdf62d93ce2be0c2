# shellcheck shell=bash disable=SC2034
# The handler's binary is not there.
code=WD2101
break_it() { rm -f "$root/opt/crun"; RESTART=Always wasm_pod victim sleeper - "$annotated" crun-wasm; }
mend_it() { "$lab" crun new; delete_pods; }
