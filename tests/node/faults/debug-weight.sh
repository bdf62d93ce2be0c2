# shellcheck shell=bash disable=SC2034
# A module with 2 MiB of debug information; stripped as the fix says it is small.
code=WD6102 status=4 arguments=(--fail-on warn --threshold start=1h)
break_it() {
	sectioned_image debugged .debug_info zero:2097152
	wasm_pod victim debugged - "$annotated" crun-wasm
}
mend_it() {
	delete_pods
	sectioned_image debugged .debug_info zero:2097152
	wasm-strip "$scratch/debugged.wasm"
	"$lab" image docker.io/lab/debugged:1 "$scratch/debugged.wasm"
	wasm_pod victim debugged - "$annotated" crun-wasm
}
unworld() { delete_pods; }
