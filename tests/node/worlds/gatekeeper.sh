# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A webhook as Gatekeeper registers it, served by a small HTTPS server of ours in the
# lab's network; the API server's words and metrics about it are real.

# The API server's metrics count by this name since it started, and what was broken shows
# there: every world takes a new one.
gatekeeper_rename() { webhook=v$RANDOM$RANDOM.gatekeeper.sh; }
gatekeeper_rename

gatekeeper_certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
		-keyout "$scratch/tls.key" -out "$scratch/tls.crt" -subj /CN=gatekeeper \
		-addext subjectAltName=DNS:gatekeeper-webhook-service.gatekeeper-system.svc,IP:127.0.0.1,IP:10.99.0.1 2>/dev/null
}

gatekeeper_serve() { # SECONDS before each answer, [MESSAGE] to deny with
	(exec "$lab" exec python3 "$here/webhook_server.py" 9443 "$scratch/tls.crt" "$scratch/tls.key" "$@") \
		>"$scratch/webhook.log" 2>&1 &
	echo $! >"$scratch/webhook.pid"
	until_true 10 in_net curl -ksS -m 5 -o /dev/null https://127.0.0.1:9443/
}

gatekeeper_stop() {
	[ ! -f "$scratch/webhook.pid" ] || kill "$(cat "$scratch/webhook.pid")" 2>/dev/null || true
	rm -f "$scratch/webhook.pid"
}

# By URL: the API server reaches it on loopback.
gatekeeper_by_url() { # POLICY TIMEOUT [CA file]
	kubectl apply -f - >/dev/null <<Y
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: gatekeeper-validating-webhook-configuration}
webhooks:
- name: $webhook
  failurePolicy: $1
  timeoutSeconds: $2
  sideEffects: None
  admissionReviewVersions: [v1]
  clientConfig: {url: "https://127.0.0.1:9443/v1/admit", caBundle: $(base64 -w0 "${3:-$scratch/tls.crt}")}
  rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]
Y
}

# By service, as Gatekeeper does: a Service without selector and its Endpoints.  Kubernetes
# 1.20 mirrors addresses that are not ready as ready ones: without an endpoint there is none.
gatekeeper_by_service() { # POLICY READY [CA file]
	local subsets='[{addresses: [{ip: 10.99.0.1}], ports: [{name: https-webhook-server, port: 9443}]}]'
	[ "$2" = yes ] || subsets='[]'
	kubectl apply -f - >/dev/null <<Y
apiVersion: v1
kind: Namespace
metadata: {name: gatekeeper-system}
---
apiVersion: v1
kind: Service
metadata: {name: gatekeeper-webhook-service, namespace: gatekeeper-system}
spec: {ports: [{name: https-webhook-server, port: 443, targetPort: 9443}]}
---
apiVersion: v1
kind: Endpoints
metadata: {name: gatekeeper-webhook-service, namespace: gatekeeper-system}
subsets: $subsets
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: gatekeeper-validating-webhook-configuration}
webhooks:
- name: $webhook
  failurePolicy: $1
  timeoutSeconds: 3
  sideEffects: None
  admissionReviewVersions: [v1]
  clientConfig: {service: {name: gatekeeper-webhook-service, namespace: gatekeeper-system, path: /v1/admit}, caBundle: $(base64 -w0 "${3:-$scratch/tls.crt}")}
  rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]
Y
}

# Let it be called; what becomes of it does not matter.
gatekeeper_call() { # TIMES
	local i
	for ((i = 0; i < $1; i++)); do
		kubectl create configmap "probe-$RANDOM" >/dev/null 2>&1 || true
	done
}

unworld() {
	gatekeeper_stop
	kubectl delete validatingwebhookconfiguration gatekeeper-validating-webhook-configuration
	kubectl delete service,endpoints gatekeeper-webhook-service -n gatekeeper-system
	kubectl get configmap -o name | grep /probe- | while read -r one; do kubectl delete "$one"; done
}
