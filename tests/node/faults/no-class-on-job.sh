# shellcheck shell=bash disable=SC2034
# A Job without a RuntimeClass, which can neither be changed nor restarted: it is replaced.
code=WD3206
break_it() {
	kubectl apply -f - >/dev/null <<'Y'
apiVersion: batch/v1
kind: Job
metadata: {name: batch}
spec:
  template:
    spec:
      restartPolicy: OnFailure
      terminationGracePeriodSeconds: 0
      containers: [{name: app, image: "docker.io/lab/sleeper:1", imagePullPolicy: Never}]
Y
}
mend_it() { printed_fixes batch; }
unworld() { kubectl delete job batch --wait >/dev/null 2>&1 || true; }
