# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/flannel.sh
. "$here/worlds/flannel.sh"
# The annotation has another VTEP MAC than the device.
code=WD3404
break_it() { flannel_annotate $node 02:00:00:00:00:99 10.99.0.1; }
mend_it() { world; }
