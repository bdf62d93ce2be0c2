# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/metrics.sh
. "$here/worlds/metrics.sh"
# An autoscaler whose Deployment does not exist.
code=WD5206
world() { metrics_serve 5m; }
break_it() {
	kubectl apply -f - >/dev/null <<'Y'
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: {name: scaled}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: gone}
  maxReplicas: 2
  targetCPUUtilizationPercentage: 70
Y
}
mend_it() { kubectl delete hpa scaled >/dev/null 2>&1 || true; }
