# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/metrics.sh
. "$here/worlds/metrics.sh"
# A Wasm Deployment uses 1m of the 500m it requests: the target reads 0 %.  That means
# nothing before a pod is 5 min old, so the report is of a snapshot with its time set ahead.
code=WD5101
status=0
world() { metrics_serve 1m; }
break_it() {
	scaled_deployment 500m
	kubectl autoscale deployment scaled --cpu-percent=70 --max=2 >/dev/null
}
found_it() {
	on_node wasmdiag collect -O - 2>/dev/null | jq '.taken += 600' |
		on_node wasmdiag hpa-cpu --facts - -o json >"$scratch/broken.json"
	has_code "$scratch/broken.json" "$code"
}
# The printed fix, after which it is found no longer.
mend_it() {
	kubectl set resources deployment/scaled -c app --requests=cpu=10m >/dev/null
	kubectl rollout status deployment/scaled --timeout=60s >/dev/null
	metrics_of app=scaled
	until_true 60 reads_more
	if found_it; then return 1; fi
}
reads_more() { [ "$(kubectl get hpa scaled -o jsonpath='{.status.currentCPUUtilizationPercentage}')" = 10 ]; }
