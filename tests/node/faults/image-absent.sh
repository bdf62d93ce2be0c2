# shellcheck shell=bash disable=SC2034
# An image that must be pulled, and no registry can be reached: the lab has no resolver.
code=WD2206
break_it() {
	kubectl run victim --image=docker.io/yourhub/hello-wasm:v1 --restart=Always >/dev/null
}
mend_it() { delete_pods; }
