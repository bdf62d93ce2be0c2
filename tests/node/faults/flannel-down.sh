# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/flannel.sh
. "$here/worlds/flannel.sh"
# flannel.1 is down.  The kernel drops its route with it.
code=WD3401
break_it() { in_net ip link set flannel.1 down; }
mend_it() { in_net ip link set flannel.1 up; flannel_peer_entries; }
