# shellcheck shell=bash disable=SC2034
# The guide's variable, which nothing reads: a remark.
code=WD2307 status=0
break_it() {
	kubectl apply -f - >/dev/null <<Y
apiVersion: v1
kind: Pod
metadata: {name: victim, annotations: {$annotated}}
spec:
  terminationGracePeriodSeconds: 0
  runtimeClassName: crun-wasm
  containers:
  - name: app
    image: docker.io/lab/sleeper:1
    imagePullPolicy: Never
    env: [{name: WASMEDGE_WASI_SOCKET, value: "true"}]
Y
}
mend_it() { printed_fixes victim; }
unworld() { delete_pods; }
