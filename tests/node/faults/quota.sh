# shellcheck shell=bash disable=SC2034
# A quota refuses the pods of a Deployment that names no limit: there is no pod to look at.
# The printed fix lets them in, and the events that remain count no longer.
code=WD7108
break_it() {
	kubectl create namespace held >/dev/null
	kubectl create quota small -n held --hard=limits.memory=128Mi >/dev/null
	kubectl apply -f - >/dev/null <<Y
apiVersion: apps/v1
kind: Deployment
metadata: {name: refused, namespace: held}
spec:
  selector: {matchLabels: {app: refused}}
  template:
    metadata: {labels: {app: refused}, annotations: {$annotated}}
    spec:
      runtimeClassName: crun-wasm
      terminationGracePeriodSeconds: 0
      containers: [{name: app, image: docker.io/lab/sleeper:1, imagePullPolicy: Never}]
Y
}
not_refused() { diagnose "$scratch/mended.json" && ! has_code "$scratch/mended.json" $code; }
mend_it() {
	kubectl get namespace held >/dev/null 2>&1 || return 0
	in_net bash -c "$(jq -r '.findings[] | select(.code == "WD7108").fix[0].commands[0]' "$scratch/broken.json")" >/dev/null
	kubectl rollout status -n held deployment/refused --timeout=60s >/dev/null && not_refused ||
		{ echo "quota: the printed fix does not clear it" >&2; kubectl delete namespace held; return 1; }
	kubectl delete namespace held >/dev/null
}
