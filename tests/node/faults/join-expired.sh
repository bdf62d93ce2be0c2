# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/join.sh
. "$here/worlds/join.sh"
# A certificate of the agent has expired.
code=WD3107
break_it() {
	openssl x509 -req -in "$scratch/tls.csr" -CA "$scratch/ca.crt" -CAkey "$scratch/ca.key" \
		-days -1 -out "$root/var/lib/rancher/k3s/agent/client-kubelet.crt" 2>/dev/null
}
mend_it() { cp "$scratch/tls.crt" "$root/var/lib/rancher/k3s/agent/client-kubelet.crt"; }
