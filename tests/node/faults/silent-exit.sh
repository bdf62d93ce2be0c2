# shellcheck shell=bash disable=SC2034
# The module fails without a word, and its exit code is lost: a warning, on the node and
# from outside.
code=WD2110 status=4 arguments=(--fail-on warn)
found_it() {
	local got=0
	diagnose "$scratch/broken.json" "${arguments[@]}" || got=$?
	[ $got = "$status" ] && has_code "$scratch/broken.json" $code &&
		in_net "$binary" wasm-logs --no-host -o json >"$scratch/outside.json" &&
		has_code "$scratch/outside.json" $code
}
break_it() { module_image silent_exit; wasm_pod victim silent_exit - "$annotated" crun-wasm; }
mend_it() { delete_pods; }
