# shellcheck shell=bash disable=SC2034
# A cpu limit of a hundredth of a core, and a module that wants a whole one; the printed
# fix makes the pod anew with a limit that it cannot reach.
code=WD6104 status=4 arguments=(--fail-on warn --threshold start=1h)
break_it() { module_image busy; wasm_pod victim busy '64Mi, cpu: 10m' "$annotated" crun-wasm; }
mend_it() { printed_fixes victim; }
unworld() { delete_pods; }
