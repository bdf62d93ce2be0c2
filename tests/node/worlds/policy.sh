# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Gatekeeper's policies without Gatekeeper: its CRDs, a template and a constraint, pods
# that are called and labelled as its own, and a status as they would write it.  The API
# server, the controllers and their words are real.
# shellcheck source=gatekeeper.sh
. "$here/worlds/gatekeeper.sh"

policy_crd() { # PLURAL GROUP VERSION KIND CATEGORIES SCOPE
	kubectl apply -f - >/dev/null <<Y
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: $1.$2}
spec:
  group: $2
  scope: $6
  names: {plural: $1, singular: ${1%s}, kind: $4, categories: [$5]}
  versions:
  - name: $3
    served: true
    storage: true
    subresources: {status: {}}
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
Y
}

policy_crds() {
	policy_crd constrainttemplates templates.gatekeeper.sh v1 ConstraintTemplate '' Cluster
	policy_crd k8srequiredlabels constraints.gatekeeper.sh v1beta1 K8sRequiredLabels constraints Cluster
	policy_crd configs config.gatekeeper.sh v1alpha1 Config '' Namespaced
	kubectl wait --for=condition=Established crd/constrainttemplates.templates.gatekeeper.sh \
		crd/k8srequiredlabels.constraints.gatekeeper.sh --timeout=20s >/dev/null
}

policy_objects() {
	kubectl apply -f - >/dev/null <<'Y'
apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {name: k8srequiredlabels}
spec:
  crd: {spec: {names: {kind: K8sRequiredLabels}}}
  targets:
  - target: admission.k8s.gatekeeper.sh
    rego: |
      package k8srequiredlabels
      violation[{"msg": "you must provide labels: owner"}] { not input.review.object.metadata.labels.owner }
---
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: K8sRequiredLabels
metadata: {name: all-must-have-owner}
spec:
  match: {kinds: [{apiGroups: [""], kinds: [Pod]}], excludedNamespaces: [kube-system]}
  parameters: {labels: [owner]}
Y
}

policy_deployment() { # NAME OPERATION
	kubectl apply -f - >/dev/null <<Y
apiVersion: apps/v1
kind: Deployment
metadata: {name: $1, namespace: gatekeeper-system}
spec:
  selector: {matchLabels: {control-plane: $1}}
  template:
    metadata:
      labels: {control-plane: $1, gatekeeper.sh/operation: $2, gatekeeper.sh/system: "yes"}
      annotations: {$annotated}
    spec:
      runtimeClassName: crun-wasm
      terminationGracePeriodSeconds: 0
      containers: [{name: manager, image: "docker.io/lab/sleeper:1", imagePullPolicy: Never}]
Y
}

policy_pod() { # OPERATION
	kubectl -n gatekeeper-system get pods -l "gatekeeper.sh/operation=$1" -o jsonpath='{.items[0].metadata.name}'
}

# Status as Gatekeeper writes it, by its name: jq is given $webhook and $audit, the pods.
policy_status() { # GROUP/VERSION RESOURCE NAME FILTER
	kubectl get "$2" "$3" -o json |
		jq --arg webhook "$(policy_pod webhook)" --arg audit "$(policy_pod audit)" "
			def by(\$pod; \$operations): {id: \$pod, observedGeneration: .metadata.generation, operations: \$operations};
			.status = {byPod: [by(\$webhook; [\"mutation-webhook\", \"webhook\"]), by(\$audit; [\"audit\", \"status\"])]}
			| .status.auditTimestamp = (now | todate) | .status.totalViolations = 0 | $4" |
		kubectl replace --raw "/apis/$1/$2/$3/status?fieldManager=gatekeeper" -f - >/dev/null
}

policy_template_status() { # [FILTER]
	policy_status templates.gatekeeper.sh/v1 constrainttemplates k8srequiredlabels \
		".status.byPod[].templateUID = .metadata.uid | .status.created = true | ${1:-.}"
}

policy_constraint_status() { # [FILTER]
	policy_status constraints.gatekeeper.sh/v1beta1 k8srequiredlabels all-must-have-owner \
		".status.byPod[].constraintUID = .metadata.uid | ${1:-.}"
}

policy_world() {
	kubectl create namespace gatekeeper-system >/dev/null 2>&1 || true
	policy_crds
	policy_objects
	policy_deployment gatekeeper-controller-manager webhook
	policy_deployment gatekeeper-audit audit
	kubectl -n gatekeeper-system rollout status deployment/gatekeeper-controller-manager --timeout=60s >/dev/null
	kubectl -n gatekeeper-system rollout status deployment/gatekeeper-audit --timeout=60s >/dev/null
	policy_template_status
	policy_constraint_status
}

# A webhook of Gatekeeper's name that denies the pods of the Deployment "refused".
policy_denying_webhook() { # MESSAGE
	gatekeeper_certificate
	gatekeeper_serve 0 "$1"
	kubectl apply -f - >/dev/null <<Y
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: gatekeeper-validating-webhook-configuration}
webhooks:
- name: $webhook
  failurePolicy: Fail
  timeoutSeconds: 3
  sideEffects: None
  admissionReviewVersions: [v1]
  clientConfig: {url: "https://127.0.0.1:9443/v1/admit", caBundle: $(base64 -w0 "$scratch/tls.crt")}
  objectSelector: {matchLabels: {app: refused}}
  rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
Y
}

unworld() {
	gatekeeper_stop
	kubectl delete validatingwebhookconfiguration gatekeeper-validating-webhook-configuration --ignore-not-found
	kubectl delete deployment refused --ignore-not-found
	kubectl delete crd constrainttemplates.templates.gatekeeper.sh \
		k8srequiredlabels.constraints.gatekeeper.sh configs.config.gatekeeper.sh --ignore-not-found
	kubectl delete namespace gatekeeper-system --ignore-not-found
}
