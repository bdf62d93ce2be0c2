# shellcheck shell=bash disable=SC2034
# An autoscaler wants CPU, and no metrics API is registered.
code=WD5201
break_it() {
	kubectl create deployment scaled --image=docker.io/lab/sleeper:1 --replicas=0 >/dev/null
	kubectl autoscale deployment scaled --cpu-percent=70 --max=2 >/dev/null
}
mend_it() { kubectl delete hpa,deployment scaled >/dev/null 2>&1 || true; }
