# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/flannel.sh
. "$here/worlds/flannel.sh"
# br_netfilter is there for modprobe and not loaded.  This kernel has it built in: hide what
# shows that, as a node shows it whose kernel has modules.
code=WD3407
hidden='/proc/config.gz /proc/sys/net/bridge'
break_it() {
	local folder
	folder=/lib/modules/$(uname -r)
	mkdir -p "$root$folder/kernel/net"
	cp "$here"/../unit/data/modules/* "$root$folder"
	: >"$root$folder/kernel/net/br_netfilter.ko"
	on_node sh -c 'mkdir -p /tmp/nothing && : >/tmp/empty &&
		mount --bind /tmp/empty /proc/config.gz && mount --bind /tmp/nothing /proc/sys/net/bridge'
}
mend_it() {
	on_node sh -c "umount $hidden"
	rm -rf "$root/lib/modules/$(uname -r)"
}
