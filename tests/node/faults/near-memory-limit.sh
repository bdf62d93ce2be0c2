# shellcheck shell=bash disable=SC2034
# A module that keeps 50 MiB, in a limit of 60; the printed fix raises it.
code=WD6202 status=4 arguments=(--fail-on warn --threshold start=1h)
break_it() { module_image large_sleeper; wasm_pod victim large_sleeper 60Mi "$annotated" crun-wasm; }
mend_it() { printed_fixes victim; }
unworld() { delete_pods; }
