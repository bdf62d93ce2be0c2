# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# metrics.k8s.io as metrics-server registers it, served by a small HTTPS server of ours
# in the lab's network; what autoscalers say of it is the controller's own.

metrics_serve() { # the cpu that each pod uses
	local pid=$scratch/metrics.pid
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
		-keyout "$scratch/metrics.key" -out "$scratch/metrics.crt" -subj /CN=metrics-server 2>/dev/null
	echo "$1" >"$scratch/usage"
	echo "$node" >"$scratch/node"
	: >"$scratch/pods"
	(exec "$lab" exec python3 "$here/metrics_server.py" 9444 "$scratch/metrics.crt" "$scratch/metrics.key" "$scratch") \
		>"$scratch/metrics.log" 2>&1 &
	echo $! >"$pid"
	until_true 10 in_net curl -ksS -m 5 -o /dev/null https://127.0.0.1:9444/ || return
	kubectl apply -f - >/dev/null <<'Y'
apiVersion: v1
kind: Service
metadata: {name: metrics-server, namespace: kube-system}
spec: {ports: [{name: https, port: 443, targetPort: 9444}]}
---
apiVersion: v1
kind: Endpoints
metadata: {name: metrics-server, namespace: kube-system}
subsets: [{addresses: [{ip: 10.99.0.1}], ports: [{name: https, port: 9444}]}]
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1beta1.metrics.k8s.io}
spec:
  group: metrics.k8s.io
  version: v1beta1
  insecureSkipTLSVerify: true
  groupPriorityMinimum: 100
  versionPriority: 100
  service: {name: metrics-server, namespace: kube-system}
Y
	kubectl wait --for=condition=Available apiservice/v1beta1.metrics.k8s.io --timeout=60s >/dev/null
}

# Which pods have samples: those there are of this label.
metrics_of() { # SELECTOR
	kubectl get pods -l "$1" --field-selector=status.phase=Running -o json |
		jq -r '.items[] | [.metadata.namespace, .metadata.name, .spec.containers[].name] | join(" ")' \
			>"$scratch/pods.new"
	mv "$scratch/pods.new" "$scratch/pods"
}

metrics_stop() {
	[ ! -f "$scratch/metrics.pid" ] || kill "$(cat "$scratch/metrics.pid")" 2>/dev/null || true
	rm -f "$scratch/metrics.pid"
	kubectl delete apiservice v1beta1.metrics.k8s.io
	kubectl delete service,endpoints metrics-server -n kube-system
}

# A Deployment "scaled" that runs the module sleeper, with that cpu request ("" is none).
scaled_deployment() { # REQUEST
	kubectl apply -f - >/dev/null <<Y
apiVersion: apps/v1
kind: Deployment
metadata: {name: scaled}
spec:
  replicas: 1
  selector: {matchLabels: {app: scaled}}
  template:
    metadata:
      labels: {app: scaled}
      annotations: {$annotated}
    spec:
      runtimeClassName: crun-wasm
      terminationGracePeriodSeconds: 0
      containers:
      - name: app
        image: docker.io/lab/sleeper:1
        imagePullPolicy: Never
$([ -z "$1" ] || printf '        resources: {requests: {cpu: %s}}\n' "$1")
Y
	kubectl rollout status deployment/scaled --timeout=60s >/dev/null
	metrics_of app=scaled
}

unscale() {
	kubectl delete hpa,deployment scaled
	kubectl wait --for=delete pod -l app=scaled --timeout=30s
}

unworld() {
	unscale
	metrics_stop
}
