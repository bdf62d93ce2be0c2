# shellcheck shell=bash disable=SC2034
# A RuntimeClass names a handler that containerd does not configure.
code=WD3204
break_it() {
	kubectl apply -f - >/dev/null <<'Y'
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: wasmtime}
handler: wasmtime
Y
	RESTART=Always wasm_pod victim sleeper - "$annotated" wasmtime
}
mend_it() { delete_pods; kubectl delete runtimeclass wasmtime >/dev/null 2>&1 || true; }
