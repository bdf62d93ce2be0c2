# shellcheck shell=bash disable=SC2034
# A module that runs as an init container traps; from outside, too, its log says why.
code=WD2401
break_it() {
	module_image oob
	kubectl apply -f - >/dev/null <<Y
apiVersion: v1
kind: Pod
metadata: {name: victim, annotations: {$annotated}}
spec:
  runtimeClassName: crun-wasm
  terminationGracePeriodSeconds: 0
  initContainers: [{name: prepare, image: docker.io/lab/oob:1, imagePullPolicy: Never}]
  containers: [{name: app, image: docker.io/lab/sleeper:1, imagePullPolicy: Never}]
Y
}
found_it() {
	diagnose "$scratch/broken.json" || true
	in_net "$binary" all --no-host -o json >"$scratch/outside.json" || true
	has_code "$scratch/broken.json" $code && has_code "$scratch/outside.json" $code
}
mend_it() { delete_pods; }
