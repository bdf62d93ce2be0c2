#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# canary.sh BINARY: secrets are planted wherever a cluster and a node have them; none may
# appear in a report of any format, a snapshot, an error message or a trace.  Each secret
# is a word that begins with "canary-".
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
binary=$1

need_lab
scratch=$(mktemp -d)
planted=(/etc/rancher /etc/systemd/system/k3s-agent.service.env /etc/systemd/system/k3s-agent.service /var/lib/rancher /tmp/canary)
finish() {
	kubectl delete pod canary --force --grace-period=0
	kubectl delete secret,configmap canary
	delete_events
	for path in "${planted[@]}"; do rm -rf "${root:?}$path"; done
	rm -rf "$scratch"
} >/dev/null 2>&1
trap finish EXIT

plant_in_cluster() {
	module_image canary
	kubectl apply -f - >/dev/null <<'Y'
apiVersion: v1
kind: Secret
metadata: {name: canary}
stringData: {password: canary-secret}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: canary}
data: {token: canary-config-map}
---
apiVersion: v1
kind: Pod
metadata:
  name: canary
  annotations: {module.wasm.image/variant: compat-smart, example.com/key: canary-annotation}
  labels: {example.com/label: canary-label}
spec:
  runtimeClassName: crun-wasm
  terminationGracePeriodSeconds: 0
  containers:
  - name: app
    image: docker.io/lab/canary:1
    imagePullPolicy: Never
    command: [/canary.wasm]
    args: [--password, canary-argument]
    env: [{name: WASMEDGE_WASI_SOCKET, value: canary-value}, {name: TOKEN, value: canary-environment}]
Y
	kubectl create -f - >/dev/null <<'Y'
apiVersion: v1
kind: Event
metadata: {name: canary, namespace: default}
involvedObject: {kind: Pod, namespace: default, name: canary}
type: Warning
reason: FailedMount
message: 'mount failed: password=canary-event, Authorization: Bearer canary-event-bearer, https://u:canary-event-url@x.test/'
count: 1
firstTimestamp: "2999-01-01T00:00:00Z"
lastTimestamp: "2999-01-01T00:00:00Z"
source: {component: kubelet}
Y
}

# K3s's own files, which say how the node joins and where it pulls.
plant_on_node() {
	on_node sh -c 'mkdir -p /etc/rancher/k3s /etc/rancher/node /var/lib/rancher/k3s/server /var/lib/rancher/k3s/agent /tmp/canary
		cat >/etc/rancher/k3s/config.yaml <<C
server: https://127.0.0.1:9
token: K10canary-token
datastore-endpoint: "mysql://u:canary-datastore@tcp(127.0.0.1:3306)/k3s"
C
		cat >/etc/rancher/k3s/registries.yaml <<C
configs: {x.test: {auth: {username: u, password: canary-registry}}}
C
		echo canary-node-password >/etc/rancher/node/password
		echo K10canary-server-token::server:canary-server-password >/var/lib/rancher/k3s/server/token
		printf "K3S_TOKEN=canary-unit-token\nHTTPS_PROXY=http://u:canary-proxy@127.0.0.1:9\n" >/etc/systemd/system/k3s-agent.service.env
		printf "[Service]\nExecStart=/usr/local/bin/k3s agent --token canary-flag\n" >/etc/systemd/system/k3s-agent.service'
}

# A kubeconfig whose user is of this kind; the words are for tests/kube as well.
kubeconfig() { # FILE USER [CLUSTER]
	cat >"$root/tmp/canary/$1" <<C
apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "https://127.0.0.1:6443", insecure-skip-tls-verify: true${3:-}}}]
users: [{name: u, user: $2}]
contexts: [{name: c, context: {cluster: c, user: u}}]
current-context: c
C
}

plant_kubeconfigs() {
	mkdir -p "$root/tmp/canary"
	on_node mkdir -p /tmp/canary
	kubeconfig token '{token: canary-bearer}'
	kubeconfig password '{username: u, password: canary-basic}'
	kubeconfig key '{client-certificate-data: Y2FuYXJ5LWNlcnRpZmljYXRl, client-key-data: Y2FuYXJ5LWtleQ==}'
	kubeconfig proxy '{token: canary-behind-proxy}' ', proxy-url: "http://u:canary-proxy-url@127.0.0.1:9"'
	kubeconfig exec '{exec: {apiVersion: client.authentication.k8s.io/v1, command: /tmp/canary/plugin, interactiveMode: Never, env: [{name: A, value: canary-exec-env}]}}'
	kubeconfig exec-bad '{exec: {apiVersion: client.authentication.k8s.io/v1, command: /tmp/canary/bad-plugin, interactiveMode: Never}}'
	kubeconfig broken '{token: canary-broken, tokenFile: [}'
	printf '#!/bin/sh\necho canary-exec-stderr >&2\necho "{\\"apiVersion\\":\\"client.authentication.k8s.io/v1\\",\\"kind\\":\\"ExecCredential\\",\\"status\\":{\\"token\\":\\"canary-exec-token\\"}}"\n' \
		>"$root/tmp/canary/plugin"
	printf '#!/bin/sh\necho canary-exec-output\nexit 3\n' >"$root/tmp/canary/bad-plugin"
	chmod 755 "$root"/tmp/canary/*plugin
}

# Everything that a run may say, with the status it ends with: none may be a crash.
say() { # NAME ARGUMENT...
	local name=$1 status=0
	shift
	on_node wasmdiag "$@" >"$scratch/$name.out" 2>"$scratch/$name.err" || status=$?
	[ $status -lt 64 ] || die "$name: exit $status"
}

install_binary "$binary"
healthy_world
plant_in_cluster
until_true 60 sh -c "'$lab' exec kubectl get pod canary -o jsonpath='{.status.containerStatuses[0].restartCount}' | grep -q '[1-9]'" ||
	die "the canary does not fail: $(kubectl get pod canary)"
plant_on_node
# its /tmp is a mount of the node's own: what is laid out beside it must be put there
plant_kubeconfigs
(cd "$root/tmp/canary" && tar c .) | on_node tar x -C /tmp/canary

say snapshot collect -O - -v
on_node wasmdiag collect -q -O /tmp/canary/facts.json.gz
for form in text short json markdown; do
	say "live-$form" all -v -o "$form"
	say "facts-$form" all -v -o "$form" --facts /tmp/canary/facts.json.gz
done
say pod pod canary -v
say pod-json pod canary -o json
say redact redact /tmp/canary/facts.json.gz
say api-logs all --no-host -v
for one in token password key proxy exec exec-bad broken; do
	say "kubeconfig-$one" cluster -v --kubeconfig "/tmp/canary/$one"
done
say option cluster -v --token canary-option --server https://127.0.0.1:6443 --insecure-skip-tls-verify

# the test can fail: what was planted is there to be found, and some of it was looked at
kubectl logs canary --previous | grep -q canary-log || die "no canary in the pod's log"
grep -q WD2403 "$scratch/live-short.out" || die "the canary's trap was not seen: $(cat "$scratch/live-short.out")"
grep -q FailedMount "$scratch/snapshot.out" || die "the canary's event was not seen"
if grep -rnoE 'canary-(secret|config|annot|label|arg|value|env|event|token|data|reg|node|server|unit|proxy|flag|bearer|basic|cert|key|behind|exec|broken|option|log)[a-z-]*|Y2FuYXJ5[A-Za-z0-9+/=]*' "$scratch"/*.out "$scratch"/*.err; then
	die "secrets were printed"
fi
