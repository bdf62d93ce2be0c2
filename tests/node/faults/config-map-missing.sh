# shellcheck shell=bash disable=SC2034
# A Wasm pod refers to a ConfigMap that is not there; the printed fix lets it start.
code=WD3214
break_it() {
	RESTART=Always wasm_pod victim sleeper - "$annotated" crun-wasm
	kubectl get pod victim -o yaml |
		kubectl patch --local -f - --type merge -o yaml -p \
			'{"spec":{"nodeName":null,"containers":[{"name":"app","image":"docker.io/lab/sleeper:1","imagePullPolicy":"Never","envFrom":[{"configMapRef":{"name":"absent"}}]}]}}' |
		kubectl replace --force -f - >/dev/null
}
mend_it() {
	local fix
	kubectl get pod victim >/dev/null 2>&1 || return 0
	fix=$(jq -r '.findings[] | select(.code == "WD3214").fix[0].commands[0]' "$scratch/broken.json")
	in_net bash -c "$fix" >/dev/null && kubectl wait --for=condition=Ready pod/victim --timeout=90s >/dev/null ||
		die "the printed fix does not let it start: $fix"
	delete_pods
}
unworld() { kubectl delete configmap absent; }
