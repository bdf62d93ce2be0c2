# shellcheck shell=bash disable=SC2034
# A module that comes to its end, in a pod that wants it to run for ever.
code=WD3210
break_it() {
	module_image ends
	RESTART=Always wasm_pod victim ends - "$annotated" crun-wasm
}
mend_it() { delete_pods; }
