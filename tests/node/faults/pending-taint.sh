# shellcheck shell=bash disable=SC2034
# A taint that the pod does not tolerate; the printed fix takes it off.
code=WD3202
break_it() {
	kubectl taint nodes "$node" dedicated=gpu:NoSchedule >/dev/null
	wasm_pod victim sleeper - "$annotated" crun-wasm
}
mend_it() {
	local fix
	fix=$(jq -r '.findings[] | select(.code == "WD3202").fix[0].commands[0]' "$scratch/broken.json")
	in_net bash -c "$fix" >/dev/null || kubectl taint nodes "$node" dedicated- >/dev/null 2>&1
	delete_pods
}
