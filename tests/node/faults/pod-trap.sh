# shellcheck shell=bash disable=SC2034
# `wasmdiag pod` on a pod that traps, on one that waits, on one that is gone, on one that
# never was.
code=WD2401

of_pod() { # WHAT JQ_FILTER: what `pod WHAT -o json` says
	on_node wasmdiag pod "$1" -o json >"$scratch/pod.json" 2>/dev/null || true
	jq -e "$2" "$scratch/pod.json" >/dev/null
}

status_of() { # STATUS ARGUMENT...: wasmdiag pod exits so
	local status=0 wanted=$1
	shift
	on_node wasmdiag pod "$@" >"$scratch/pod.txt" 2>&1 || status=$?
	[ "$status" = "$wanted" ] || { cat "$scratch/pod.txt" >&2; die "pod $*: exit $status, not $wanted"; }
}

break_it() {
	module_image oob
	RESTART=Always wasm_pod victim oob - "$annotated" crun-wasm
	until_true 60 of_pod victim '.logs | any(.previous and (.matches | any(.code == "WD2401")))' ||
		die "pod victim: no decoded trap of the instance before"
	of_pod victim '.schema == "wasmdiag.pod/1" and .exit == 3 and
		(.events | map(.reason) | index("Scheduled") < index("BackOff")) and
		.node.name == "wasm-node-1" and
		(.components[] | select(.role == "RuntimeClass").state) == "ok" and
		(.report.findings | map(.code) | index("WD2401"))' || die "pod victim: a step is missing"
	status_of 3 victim
	for step in State Events Logs Node 'System components'; do
		grep -q "^[1-5]  $step" "$scratch/pod.txt" || die "pod victim: no step $step"
	done
	status_of 3 default/victim -o short
	grep -q '^fail WD2401 Pod default/victim' "$scratch/pod.txt" || die "pod victim -o short"
	status_of 0 sleeper -q
	grep -q 'No check finds anything' "$scratch/pod.txt" || die "pod sleeper is well"
	on_node wasmdiag collect >"$scratch/snapshot.json"
	jq -e '[.. | strings | select(contains("Successfully assigned"))] == []' \
		"$scratch/snapshot.json" >/dev/null || die "a Normal event is in the snapshot"
	kubectl logs victim --previous | on_node wasmdiag match -o json >"$scratch/match.json" || true
	jq -e 'map(.code) == ["WD2401"]' "$scratch/match.json" >/dev/null || {
		cat "$scratch/match.json" >&2
		die "match on the pod's log"
	}
}

mend_it() {
	delete_pods
	if [ -n "${scratch:-}" ] && [ -s "$scratch/snapshot.json" ]; then
		of_pod victim '.pod == null and .status == "gone" and
			(.events | map(.reason) | index("Started"))' ||
			die "pod victim: gone, and its events are not told"
		status_of 2 never-was
		grep -q 'pods "never-was" not found' "$scratch/pod.txt" || die "pod never-was"
		pending_pod
	fi
}

pending_pod() {
	kubectl apply -f - >/dev/null <<'Y'
apiVersion: v1
kind: Pod
metadata: {name: hungry}
spec:
  containers:
  - {name: app, image: "docker.io/lab/sleeper:1", resources: {requests: {cpu: "900"}}}
Y
	until_true 30 of_pod hungry '.status == "Pending" and .node == null and .logs == [] and
		(.events | any(.reason == "FailedScheduling" and (.message | contains("Insufficient cpu"))))' ||
		die "pod hungry: pending, and not told so"
	kubectl delete pod hungry --force --grace-period=0 >/dev/null 2>&1
	rm -f "$scratch/snapshot.json"
}
