# shellcheck shell=bash disable=SC2034
# crun runs a module and takes the name that a kubelet with the systemd driver gives for
# the name of a folder, as it does where SystemdCgroup is missing.
code=WD5108
status=0
bundle=/opt/misplaced
break_it() {
	mkdir -p "$root$bundle/rootfs"
	wat2wasm "$here/modules/sleeper.wat" -o "$root$bundle/rootfs/sleeper.wasm"
	on_node sh -c "cd $bundle && rm -f config.json && crun spec"
	jq '.process.terminal = false | .process.args = ["/sleeper.wasm"]
		| .annotations = {"run.oci.handler": "wasm"}
		| .linux.cgroupsPath = "kubepods-besteffort-pod1f2e3d4c_0000_4000_8000_00000000000a.slice:cri-containerd:misplaced"' \
		"$root$bundle/config.json" >"$scratch/config.json"
	cp "$scratch/config.json" "$root$bundle/config.json"
	(exec "$lab" node crun --cgroup-manager cgroupfs run -b "$bundle" misplaced) >"$scratch/crun.log" 2>&1 &
	until_true 10 on_node crun state misplaced
}
mend_it() {
	on_node crun delete -f misplaced >/dev/null 2>&1 || true
	# where no cgroup2 is mounted crun leaves plain files
	on_node sh -c 'for one in $(find /sys/fs/cgroup -type d -name "*:cri-containerd:misplaced"); do
		rmdir "$one" 2>/dev/null || rm -rf "$one"; done' || true
	rm -rf "${root:?}$bundle"
}
