# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/flannel.sh
. "$here/worlds/flannel.sh"
# subnet.env speaks of another subnet than the Node.
code=WD3403
break_it() { flannel_lease 10.42.9.1/24; }
mend_it() { flannel_lease 10.42.0.1/24; }
