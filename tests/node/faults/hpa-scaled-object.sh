# shellcheck shell=bash disable=SC2034
# The guide's ScaledObject, as written: a Prometheus trigger without query.
code=WD5104
world() {
	kubectl apply -f - >/dev/null <<'Y'
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: scaledobjects.keda.sh}
spec:
  group: keda.sh
  scope: Namespaced
  names: {kind: ScaledObject, listKind: ScaledObjectList, plural: scaledobjects, singular: scaledobject}
  versions:
  - name: v1alpha1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
Y
	kubectl wait --for=condition=Established crd/scaledobjects.keda.sh --timeout=30s >/dev/null
	until_true 20 kubectl get scaledobjects
}
break_it() {
	kubectl apply -f - >/dev/null <<'Y'
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: wasm-scaledobject
spec:
  scaleTargetRef:
    name: app
  triggers:
    - type: prometheus
      metadata:
        serverAddress: http://prometheus:9090
        metricName: http_requests_per_second
        threshold: '100'
# what KEDA's operator writes of it
status:
  conditions:
  - {type: Ready, status: "False", reason: ScaledObjectCheckFailed, message: Failed to ensure HPA is correctly created for ScaledObject}
Y
}
# The printed fix, and what the operator makes of it.
mend_it() {
	kubectl patch scaledobject wasm-scaledobject --type json -p '[{"op":"add","path":"/spec/triggers/0/metadata/query","value":"sum(rate(http_requests_total[2m]))"}]' >/dev/null
	kubectl patch scaledobject wasm-scaledobject --type json -p '[{"op":"replace","path":"/status/conditions/0","value":{"type":"Ready","status":"True","reason":"ScaledObjectReady","message":"ScaledObject is defined correctly and is ready for scaling"}}]' >/dev/null
}
unworld() { kubectl delete crd scaledobjects.keda.sh; }
