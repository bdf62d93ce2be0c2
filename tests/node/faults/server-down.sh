# shellcheck shell=bash disable=SC2034
# Nothing listens where the kubeconfig points: a closed port on loopback.
code=WD7101 arguments=()
found_it() {
	local got=0
	diagnose "$scratch/broken.json" --server https://127.0.0.1:9 || got=$?
	[ $got = 3 ] && has_code "$scratch/broken.json" $code
}
