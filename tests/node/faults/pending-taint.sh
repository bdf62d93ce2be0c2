# shellcheck shell=bash disable=SC2034
# A taint that the pod does not tolerate; the printed fix takes it off.
code=WD3202
break_it() {
	kubectl taint nodes "$node" dedicated=gpu:NoSchedule >/dev/null
	wasm_pod victim sleeper - "$annotated" crun-wasm
}
mend_it() { printed_fixes ''; }
unworld() {
	kubectl taint nodes "$node" dedicated- >/dev/null 2>&1 || true
	delete_pods
}
