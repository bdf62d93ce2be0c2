# shellcheck shell=bash disable=SC2034
# A module that takes more and more memory, in two snapshots.
code=WD6203
break_it() { module_image leak; wasm_pod victim leak - "$annotated" crun-wasm; }
mend_it() { delete_pods; }
found_it() {
	on_node wasmdiag collect -O /tmp/before.json.gz || return
	sleep 3
	on_node wasmdiag collect -O /tmp/after.json.gz || return
	on_node wasmdiag memory-use --facts /tmp/after.json.gz --facts /tmp/before.json.gz \
		-o json >"$scratch/broken.json" || return
	has_code "$scratch/broken.json" "$code"
}
