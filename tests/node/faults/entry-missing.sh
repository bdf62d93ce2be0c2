# shellcheck shell=bash disable=SC2034
# The command names a file that the image does not have: the runtime cannot start it.
code=WD3213
break_it() {
	kubectl apply -f - >/dev/null <<'Y'
apiVersion: v1
kind: Pod
metadata: {name: victim}
spec:
  terminationGracePeriodSeconds: 0
  containers:
  - {name: app, image: docker.io/lab/sleeper:1, imagePullPolicy: Never, command: [ghost]}
Y
}
mend_it() { delete_pods; }
