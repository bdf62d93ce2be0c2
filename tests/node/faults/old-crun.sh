# shellcheck shell=bash disable=SC2034
# Debian 12's crun 1.8.1: no Wasm engine, and too old for containerd.
code=WD2103
break_it() { "$lab" crun old; RESTART=Always wasm_pod victim sleeper - "$annotated" crun-wasm; }
mend_it() { "$lab" crun new; delete_pods; }
