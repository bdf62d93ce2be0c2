# shellcheck shell=bash disable=SC2034
# A Deployment names a RuntimeClass that does not exist: it never gets a pod.
code=WD3203
break_it() {
	kubectl apply -f - >/dev/null <<'Y'
apiVersion: apps/v1
kind: Deployment
metadata: {name: ghost}
spec:
  selector: {matchLabels: {app: ghost}}
  template:
    metadata: {labels: {app: ghost}}
    spec:
      runtimeClassName: ghost
      containers: [{name: app, image: "docker.io/lab/sleeper:1", imagePullPolicy: Never}]
Y
}
mend_it() { kubectl delete deployment ghost --cascade=foreground --wait >/dev/null 2>&1 || true; }
