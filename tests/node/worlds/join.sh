# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The files of a K3s agent on the node, and a small HTTPS server in the lab's network that
# answers as K3s's supervisor does.

join_port=9345
join_secret=f00dfeed

join_keys() {
	local name=/CN=k3s-server
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 \
		-keyout "$scratch/ca.key" -out "$scratch/ca.crt" -subj "$name-ca"
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
		-keyout "$scratch/tls.key" -out "$scratch/tls.csr" -subj "$name"
	echo subjectAltName=IP:127.0.0.1 >"$scratch/names"
	openssl x509 -req -in "$scratch/tls.csr" -CA "$scratch/ca.crt" -CAkey "$scratch/ca.key" \
		-CAcreateserial -days 365 -extfile "$scratch/names" -out "$scratch/tls.crt"
} 2>/dev/null

join_stop() {
	[ ! -f "$scratch/supervisor.pid" ] || kill "$(cat "$scratch/supervisor.pid")" 2>/dev/null || true
	rm -f "$scratch/supervisor.pid"
}

join_serve() { # SECONDS that its clock is ahead
	join_stop
	(exec "$lab" exec python3 "$here/supervisor_server.py" $join_port "$scratch/tls.crt" \
		"$scratch/tls.key" "$scratch/ca.crt" $join_secret "$1") >"$scratch/supervisor.log" 2>&1 &
	echo $! >"$scratch/supervisor.pid"
	until_true 10 in_net curl -ksS -m 5 -o /dev/null https://127.0.0.1:$join_port/ping
}

join_hash() { sha256sum <"$scratch/ca.crt" | cut -d' ' -f1; }

# The environment file as K3s's install.sh writes it.
join_environment() { # TOKEN [LINE...]
	printf '%s\n' "K3S_TOKEN='$1'" "K3S_URL='https://127.0.0.1:$join_port'" "${@:2}" \
		>"$root/etc/systemd/system/k3s-agent.service.env"
}

join_token() { echo "K10$(join_hash)::server:$join_secret"; }

join_agent() {
	mkdir -p "$root/etc/systemd/system" "$root/var/lib/rancher/k3s/agent"
	printf '[Service]\nExecStart=/usr/local/bin/k3s \\\n    agent\n' \
		>"$root/etc/systemd/system/k3s-agent.service"
	cp "$scratch/ca.crt" "$root/var/lib/rancher/k3s/agent/server-ca.crt"
	cp "$scratch/tls.crt" "$root/var/lib/rancher/k3s/agent/client-kubelet.crt"
	join_environment "$(join_token)"
}

world() { join_keys; join_serve 0; join_agent; }

unworld() {
	join_stop
	rm -rf "$root/etc/systemd/system/k3s-agent.service" \
		"$root/etc/systemd/system/k3s-agent.service.env" "$root/var/lib/rancher"
}
