# shellcheck shell=bash disable=SC2034
# A module compiled by WasmEdge 0.15 or later (format 2, Linux, x86-64) on a node with
# 0.14: the engine itself says so in the log.
code=WD6105 status=4 arguments=(--fail-on warn --threshold start=1h)
break_it() {
	sectioned_image compiled wasmedge 020101
	wasm_pod victim compiled - "$annotated" crun-wasm
}
mend_it() {
	delete_pods
	sectioned_image compiled wasmedge -
	wasm_pod victim compiled - "$annotated" crun-wasm
}
unworld() { delete_pods; }
