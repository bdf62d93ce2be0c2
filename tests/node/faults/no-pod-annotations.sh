# shellcheck shell=bash disable=SC2034
# containerd passes no annotation on: crun never sees what the pod asks for.
code=WD3205
config=$root/etc/containerd/config.toml
break_it() {
	cp "$config" "$scratch/config.toml"
	sed -i '/pod_annotations/d' "$config"
	restart_containerd
	RESTART=Always wasm_pod victim sleeper - "$annotated" crun-wasm
}
# The class leads to the new handler then, and is left so until all is put back.
mend_it() {
	printed_fixes ''
	healthy_world() { :; }
}
unworld() {
	delete_pods
	kubectl delete runtimeclass crun-wasm >/dev/null 2>&1
	if [ -f "$scratch/config.toml" ]; then
		cp "$scratch/config.toml" "$config"
		rm "$scratch/config.toml"
		restart_containerd
	fi
}
