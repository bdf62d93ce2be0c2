# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/metrics.sh
. "$here/worlds/metrics.sh"
# Samples come, and the container of the Deployment has no cpu request.
code=WD5102
world() { metrics_serve 5m; }
break_it() {
	scaled_deployment ''
	kubectl autoscale deployment scaled --cpu-percent=70 --max=2 >/dev/null
}
# The printed fix.
mend_it() {
	kubectl set resources deployment/scaled -c app --requests=cpu=50m >/dev/null
	kubectl rollout status deployment/scaled --timeout=60s >/dev/null
	metrics_of app=scaled
	until_true 60 reads_cpu
}
reads_cpu() { [ "$(kubectl get hpa scaled -o jsonpath='{.status.currentCPUUtilizationPercentage}')" = 10 ]; }
