# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/flannel.sh
. "$here/worlds/flannel.sh"
# The route to the peer is gone.
code=WD3405
break_it() { in_net ip route del 10.42.1.0/24; }
mend_it() { printed_fixes '' 'Put the route'; }
