# shellcheck shell=bash disable=SC2034
# A component of WASI 0.2, which this engine does not load.
code=WD2305
break_it() {
	printf '\0asm\015\0\001\0' >"$scratch/component.wasm"
	on_node ctr -n k8s.io images ls -q | grep -q lab/component:1 ||
		"$lab" image docker.io/lab/component:1 "$scratch/component.wasm"
	RESTART=Always wasm_pod victim component - "$annotated" crun-wasm
}
mend_it() { delete_pods; }
