# shellcheck shell=bash disable=SC2034
# A liveness probe would run a program in a Wasm container, which crun refuses: it is killed
# again and again.  The printed fix lets it live.
code=WD3215
break_it() {
	kubectl apply -f - >/dev/null <<Y
apiVersion: apps/v1
kind: Deployment
metadata: {name: probed}
spec:
  selector: {matchLabels: {app: probed}}
  template:
    metadata: {labels: {app: probed}, annotations: {$annotated}}
    spec:
      runtimeClassName: crun-wasm
      terminationGracePeriodSeconds: 0
      containers:
      - name: app
        image: docker.io/lab/sleeper:1
        imagePullPolicy: Never
        livenessProbe: {exec: {command: [/bin/true]}, periodSeconds: 1, failureThreshold: 1}
Y
}
# found once it loops, and the loop is its echo
found_it() {
	diagnose "$scratch/broken.json" || true
	has_code "$scratch/broken.json" $code && has_code "$scratch/broken.json" WD3210
}
mend_it() {
	kubectl get deployment probed >/dev/null 2>&1 || return 0
	run_fixes "$scratch/broken.json" $code probed >/dev/null
	kubectl rollout status deployment/probed --timeout=60s >/dev/null || die "the printed fix does not let it live"
	sleep 5
	[ "$(kubectl get pods -l app=probed -o jsonpath='{.items[*].status.containerStatuses[*].restartCount}')" = 0 ] ||
		die "it is killed still"
	kubectl delete deployment probed >/dev/null
	kubectl wait --for=delete pod -l app=probed --timeout=30s >/dev/null
}
