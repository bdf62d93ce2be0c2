# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The node as flannel's vxlan leaves it, with one peer: link, lease, annotations, route,
# neighbour, forwarding entry.  Each fault then breaks one of them.

peer_mac=02:00:00:00:00:02

flannel_annotate() { # NODE MAC PUBLIC_IP
	kubectl annotate --overwrite node "$1" \
		flannel.alpha.coreos.com/backend-type=vxlan \
		"flannel.alpha.coreos.com/backend-data={\"VNI\":1,\"VtepMAC\":\"$2\"}" \
		flannel.alpha.coreos.com/public-ip="$3" \
		flannel.alpha.coreos.com/kube-subnet-manager=true >/dev/null
}

flannel_lease() { # SUBNET
	on_node sh -c "mkdir -p /run/flannel && printf 'FLANNEL_NETWORK=10.42.0.0/16\nFLANNEL_SUBNET=$1\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n' >/run/flannel/subnet.env"
}

flannel_peer_entries() {
	in_net ip route replace 10.42.1.0/24 via 10.42.1.0 dev flannel.1 onlink
	in_net ip neigh replace 10.42.1.0 lladdr $peer_mac dev flannel.1 nud permanent
	in_net bridge fdb replace $peer_mac dst 10.99.0.2 dev flannel.1 self permanent
}

# The peer has no kubelet: it is said to be ready, as one would every ten seconds, lest it
# be taken for dead after forty.
peer_beat() {
	local now
	now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
	in_net curl -fksS -m 5 -o /dev/null -X PATCH -H 'Authorization: Bearer lab-token-0123456789' \
		-H 'Content-Type: application/strategic-merge-patch+json' \
		-d '{"status":{"conditions":[{"type":"Ready","status":"True","reason":"KubeletReady","lastHeartbeatTime":"'"$now"'"}]}}' \
		https://127.0.0.1:6443/api/v1/nodes/peer/status
}

peer_lives() {
	peer_beat
	(while sleep 10 && [ -d "$scratch" ]; do peer_beat || true; done) >/dev/null 2>&1 &
	peer_heart=$!
}

world() {
	local mac
	in_net ip link show flannel.1 >/dev/null 2>&1 ||
		in_net ip link add flannel.1 mtu 1450 type vxlan id 1 dev lab0 local 10.99.0.1 dstport 8472 nolearning
	in_net ip addr replace 10.42.0.0/32 dev flannel.1
	in_net ip link set flannel.1 up
	in_net ip link set cni0 mtu 1450 2>/dev/null || true
	mac=$(in_net ip -j link show flannel.1 | jq -r '.[0].address')
	kubectl get node peer >/dev/null 2>&1 || kubectl apply -f - >/dev/null <<'Y'
apiVersion: v1
kind: Node
metadata: {name: peer}
spec: {podCIDR: 10.42.1.0/24, podCIDRs: [10.42.1.0/24]}
Y
	peer_lives
	flannel_annotate $node "$mac" 10.99.0.1
	flannel_annotate peer $peer_mac 10.99.0.2
	on_node sh -c 'mkdir -p /etc/kube-flannel && echo "{\"Network\":\"10.42.0.0/16\",\"Backend\":{\"Type\":\"vxlan\"}}" >/etc/kube-flannel/net-conf.json'
	flannel_lease 10.42.0.1/24
	flannel_peer_entries
}

unworld() {
	[ -z "${peer_heart:-}" ] || kill "$peer_heart"
	in_net ip link del flannel.1
	on_node rm -rf /run/flannel /etc/kube-flannel
	kubectl delete node peer
	kubectl annotate node $node flannel.alpha.coreos.com/backend-type- flannel.alpha.coreos.com/backend-data- \
		flannel.alpha.coreos.com/public-ip- flannel.alpha.coreos.com/kube-subnet-manager-
}
