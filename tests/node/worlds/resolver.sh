# shellcheck shell=bash
# A Deployment whose module looks a name up, in an image FROM scratch.

# resolver HOST SERVICE [line of YAML for the pod's spec]...
resolver() {
	local host=$1 service=$2 line
	shift 2
	module_image resolver
	{
		cat <<Y
apiVersion: apps/v1
kind: Deployment
metadata: {name: resolver}
spec:
  selector: {matchLabels: {app: resolver}}
  template:
    metadata:
      labels: {app: resolver}
      annotations: {$annotated}
    spec:
      runtimeClassName: crun-wasm
      terminationGracePeriodSeconds: 0
      containers:
      - name: app
        image: docker.io/lab/resolver:1
        imagePullPolicy: Never
        command: [/resolver.wasm, "$host", "$service"]
Y
		for line in "$@"; do printf '      %s\n' "$line"; done
	} | kubectl apply -f - >/dev/null
}

delete_resolver() {
	kubectl delete deployment resolver --cascade=foreground --wait >/dev/null 2>&1 || true
	kubectl delete configmap wasm-services >/dev/null 2>&1 || true
}
