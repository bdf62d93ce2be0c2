# shellcheck shell=bash disable=SC2034
# kubelet has stopped: after 40 s the cluster says so.
code=WD3101
break_it() {
	kill "$(cat "$state/run/kubelet.pid")"
	kubectl wait --for=condition=Ready=Unknown "node/$node" --timeout=90s >/dev/null
}
mend_it() {
	"$lab" up --node >/dev/null 2>&1
	kubectl wait --for=condition=Ready "node/$node" --timeout=60s >/dev/null
}
