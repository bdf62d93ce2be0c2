# shellcheck shell=bash disable=SC2034
# The guide's first method alone: a metric of the pods' own, and nothing that serves it.
code=WD5103
break_it() {
	kubectl create deployment scaled --image=docker.io/lab/sleeper:1 --replicas=0 >/dev/null
	kubectl apply -f - >/dev/null <<'Y'
apiVersion: autoscaling/v2beta2
kind: HorizontalPodAutoscaler
metadata: {name: scaled}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: scaled}
  minReplicas: 1
  maxReplicas: 10
  metrics:
  - type: Pods
    pods:
      metric: {name: http_requests_per_second}
      target: {type: AverageValue, averageValue: "100"}
Y
}
mend_it() { kubectl delete hpa,deployment scaled >/dev/null 2>&1 || true; }
