# shellcheck shell=bash disable=SC2034
# A library instead of a command: crun finds no _start.
code=WD3213
break_it() {
	module_image reactor
	RESTART=Always wasm_pod victim reactor - "$annotated" crun-wasm
}
mend_it() { delete_pods; }
