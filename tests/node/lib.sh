# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the tests on a real cluster and node share.  The lab is a real API server and a
# real node on this machine; WASMDIAG_LAB names its script.  Without it tests are skipped.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
lab=${WASMDIAG_LAB:-$here/../../../shared/lab/lab}
state=${WASM_LAB_DIR:-/var/tmp/wasm-lab}
node=wasm-node-1
root=$state/node
SKIP=77

die() { printf 'FAIL: %s\n' "$*" >&2; exit 1; }

need_lab() {
	if [ ! -x "$lab" ] || [ "$(id -u)" != 0 ]; then
		echo "SKIPPED: no lab at $lab, or not root" >&2
		exit $SKIP
	fi
	"$lab" up --node >/dev/null 2>&1 || die "the lab does not come up"
}

kubectl() { "$lab" exec kubectl "$@"; }
on_node() { "$lab" node "$@"; }
in_net() { "$lab" exec "$@"; }

install_binary() { "$lab" put "$1" /usr/bin/wasmdiag; }

# until SECONDS COMMAND...: try once a second until it succeeds
until_true() {
	local seconds=$1 i
	shift
	for ((i = 0; i < seconds; i++)); do
		"$@" >/dev/null 2>&1 && return 0
		sleep 1
	done
	return 1
}

# The image docker.io/lab/NAME:1 with the module compiled from NAME.wat of this folder.
module_image() {
	local name=$1 scratch
	on_node ctr -n k8s.io images ls -q | grep -q "lab/$name:1" && return
	scratch=$(mktemp -d)
	wat2wasm "$here/modules/$name.wat" -o "$scratch/$name.wasm"
	"$lab" image "docker.io/lab/$name:1" "$scratch/$name.wasm"
	rm -rf "$scratch"
}

# pod NAME IMAGE [patch of the spec or metadata as lines of YAML on stdin]
wasm_pod() { # NAME IMAGE MEMORY_LIMIT|- ANNOTATION|- RUNTIMECLASS|-
	local name=$1 image=$2 limit=$3 annotation=$4 class=$5
	kubectl apply -f - >/dev/null <<Y
apiVersion: v1
kind: Pod
metadata:
  name: $name
$([ "$annotation" = - ] || printf '  annotations: {%s}\n' "$annotation")
spec:
  restartPolicy: ${RESTART:-Never}
  terminationGracePeriodSeconds: 0
$([ "$class" = - ] || printf '  runtimeClassName: %s\n' "$class")
  containers:
  - name: app
    image: docker.io/lab/$image:1
    imagePullPolicy: Never
$([ "$limit" = - ] || printf '    resources: {limits: {memory: %s}}\n' "$limit")
Y
}

annotated='module.wasm.image/variant: compat-smart'

delete_pods() { kubectl delete pod --all --force --grace-period=0 --wait=true >/dev/null 2>&1 || true; }
delete_events() { kubectl delete events --all -A >/dev/null 2>&1 || true; }

not_running() { ! kill -0 "$1"; }

restart_containerd() {
	local pid
	pid=$(cat "$state/run/containerd.pid")
	kill "$pid" 2>/dev/null || true
	until_true 20 not_running "$pid" || die "containerd does not stop"
	"$lab" up --node >/dev/null 2>&1
}

# What every test starts from and goes back to: a healthy node with a Wasm pod running.
healthy_world() {
	kubectl apply -f - >/dev/null <<'Y'
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: crun-wasm}
handler: crun
Y
	module_image sleeper
	kubectl get pod sleeper >/dev/null 2>&1 ||
		wasm_pod sleeper sleeper - "$annotated" crun-wasm
	kubectl wait --for=condition=Ready pod/sleeper --timeout=60s >/dev/null ||
		die "the healthy Wasm pod does not start: $(kubectl get events | tail -5)"
}

# diagnose OUT [ARGUMENT...]: run on the node, JSON into OUT; the exit status is wasmdiag's
diagnose() {
	local out=$1 status=0
	shift
	on_node wasmdiag all -o json "$@" >"$out" 2>"$out.err" || status=$?
	jq -e .schema "$out" >/dev/null || { cat "$out" "$out.err" >&2; die "no JSON report"; }
	return $status
}

# The codes of findings that fail and are roots, sorted, on one line.
failing() { jq -r '[.findings[] | select(.severity == "fail" and .because == null) | .code] | unique | join(" ")' "$1"; }
# All codes, echoes too.
codes() { jq -r '[.findings[].code] | unique | join(" ")' "$1"; }
unknown() { jq -r '[.checks[] | select(.incomplete) | .name + ": " + (.reason // "")] | join("; ")' "$1"; }

has_code() { [[ " $(codes "$1") " == *" $2 "* ]]; }

# The image docker.io/lab/NAME:1 with sleeper.wat's module and a custom section in it; the
# module stays in $scratch/NAME.wasm.  A third argument of - leaves the section out.
sectioned_image() { # NAME SECTION PAYLOAD|-
	wat2wasm "$here/modules/sleeper.wat" -o "$scratch/$1.wasm"
	[ "$3" = - ] || python3 "$here/custom_section.py" "$scratch/$1.wasm" "$2" "$3"
	"$lab" image "docker.io/lab/$1:1" "$scratch/$1.wasm"
}

# What a fix says of root is run on the node, which has no systemd.
sudo() {
	case "$*" in
	'systemctl restart containerd') restart_containerd ;;
	systemctl*) ;;
	*) on_node "$@" ;;
	esac
}

# Run the commands of the fixes of a finding about NAME ('': any), as printed; a pattern picks
# the steps whose text matches it.
run_fixes() { # FILE CODE NAME [PATTERN]
	local command count=0
	while read -r command <&3; do
		eval "$(base64 -d <<<"$command")" || true
		count=$((count + 1))
	done 3< <(jq -r --arg code "$2" --arg name "$3" --arg text "${4-}" '.findings[]
		| select(.code == $code and ($name == "" or .subject.name == $name)) | .fix[]
		| select(.text | test($text)) | .commands[] | @base64' "$1")
	[ "$count" -gt 0 ]
}

# For faults that are mended by what was printed; before something was, there is nothing to do.
# shellcheck disable=SC2154 # code is the fault's
printed_fixes() { # NAME [PATTERN]
	[ ! -s "$scratch/broken.json" ] || run_fixes "$scratch/broken.json" "$code" "$@"
}
