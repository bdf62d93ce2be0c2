# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/flannel.sh
. "$here/worlds/flannel.sh"
# The annotation has another VTEP MAC than the device.
code=WD3404
break_it() { flannel_annotate $node 02:00:00:00:00:99 10.99.0.1; }
# The kernel drops the device's neighbours with its MAC, as the step says.
mend_it() {
	printed_fixes '' 'Give .* the MAC'
	flannel_peer_entries
}
