# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/join.sh
. "$here/worlds/join.sh"
# The token of another cluster; the node has not joined before, and knows no API.
code=WD3103 arguments=(--no-api)
break_it() {
	rm "$root/var/lib/rancher/k3s/agent/client-kubelet.crt"
	join_environment "K10$(echo other | sha256sum | cut -d" " -f1)::server:$join_secret"
}
mend_it() { join_agent; }
