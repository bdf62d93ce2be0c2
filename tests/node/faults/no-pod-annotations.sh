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
mend_it() {
	delete_pods
	if [ -f "$scratch/config.toml" ]; then
		cp "$scratch/config.toml" "$config"
		rm "$scratch/config.toml"
		restart_containerd
	fi
}
