# shellcheck shell=bash disable=SC2034
# A Deployment names a RuntimeClass that does not exist.
code=WD3203
break_it() {
	kubectl create deployment ghost --image=docker.io/lab/sleeper:1 >/dev/null
	kubectl patch deployment ghost -p '{"spec":{"template":{"spec":{"runtimeClassName":"ghost"}}}}' >/dev/null
	kubectl delete rs -l app=ghost >/dev/null
}
mend_it() { kubectl delete deployment ghost --cascade=foreground --wait >/dev/null 2>&1 || true; }
