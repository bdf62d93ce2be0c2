# shellcheck shell=bash disable=SC2034
# A RuntimeClass whose scheduling asks for a label that no node has.
code=WD3202
break_it() {
	kubectl apply -f - >/dev/null <<'Y'
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: picky}
handler: crun
scheduling: {nodeSelector: {wasm: "yes"}}
Y
	wasm_pod victim sleeper - "$annotated" picky
}
mend_it() { printed_fixes ''; }
unworld() {
	delete_pods
	kubectl label nodes "$node" wasm- >/dev/null
	kubectl delete runtimeclass picky >/dev/null 2>&1 || true
}
