# shellcheck shell=bash disable=SC2034
# The same without limit or request: it uses more than anybody was told.
code=WD6201 status=4 arguments=(--fail-on warn --threshold start=1h --threshold memory=32Mi)
break_it() { module_image large_sleeper; wasm_pod victim large_sleeper - "$annotated" crun-wasm; }
mend_it() { delete_pods; }
