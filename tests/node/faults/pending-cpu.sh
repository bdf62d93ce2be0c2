# shellcheck shell=bash disable=SC2034
# A pod requests more cpu than any node has; the printed fix lets it be scheduled.
code=WD3201
break_it() {
	RESTART=Always wasm_pod victim sleeper - "$annotated" crun-wasm
	kubectl get pod victim -o yaml |
		kubectl set resources --local -f - --requests=cpu=64 -o yaml |
		sed '/^  nodeName:/d' | kubectl replace --force -f - >/dev/null
}
mend_it() {
	local fix
	kubectl get pod victim >/dev/null 2>&1 || return 0
	fix=$(jq -r '.findings[] | select(.code == "WD3201").fix[0].commands[0]' "$scratch/broken.json")
	in_net bash -c "$fix" >/dev/null && kubectl wait --for=condition=Ready pod/victim --timeout=30s >/dev/null ||
		die "the printed fix does not let it start: $fix"
	delete_pods
}
