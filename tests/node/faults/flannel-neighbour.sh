# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/flannel.sh
. "$here/worlds/flannel.sh"
# The peer's neighbour entry is gone.
code=WD3406
break_it() { in_net ip neigh del 10.42.1.0 dev flannel.1; }
mend_it() { printed_fixes '' 'Write both entries'; }
