# shellcheck shell=bash disable=SC2034
# The node does not forward packets.
code=WD3408
break_it() { on_node sh -c 'echo 0 >/proc/sys/net/ipv4/ip_forward'; }
mend_it() { printed_fixes '' ip_forward; }
unworld() { on_node rm -f /etc/sysctl.d/zz-pods-forward.conf; }
