# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/join.sh
. "$here/worlds/join.sh"
# The right cluster, the wrong secret; the node has not joined before, and knows no API.
code=WD3104 arguments=(--no-api)
break_it() {
	rm "$root/var/lib/rancher/k3s/agent/client-kubelet.crt"
	join_environment "K10$(join_hash)::server:wrong"
}
mend_it() { join_agent; }
