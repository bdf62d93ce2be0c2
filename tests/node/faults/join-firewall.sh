# shellcheck shell=bash disable=SC2034
# The firewall of a K3s server closes the port that agents join by: a warning.
code=WD3108 status=0
world() {
	mkdir -p "$root/etc/systemd/system"
	printf '[Service]\nExecStart=/usr/local/bin/k3s server --disable metrics-server\n' \
		>"$root/etc/systemd/system/k3s.service"
}
rule=(INPUT -p tcp -m tcp --dport 6443 ! -i lo -j REJECT)
break_it() { on_node iptables -A "${rule[@]}"; }
mend_it() { on_node iptables -D "${rule[@]}"; }
unworld() { rm -f "$root/etc/systemd/system/k3s.service"; }
