# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/join.sh
. "$here/worlds/join.sh"
# The servers that the agent remembers are gone: a warning.
code=WD3111 status=0
balancer=$root/var/lib/rancher/k3s/agent/etc/k3s-agent-load-balancer.json
break_it() {
	mkdir -p "$(dirname "$balancer")"
	printf "{\"ServerURL\":\"https://127.0.0.1:%s\",\"ServerAddresses\":[\"127.0.0.1:9\"]}" $join_port >"$balancer"
}
mend_it() { printed_fixes ''; }
