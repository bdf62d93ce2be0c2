# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/policy.sh
. "$here/worlds/policy.sh"
# A Deployment gets no pods: the API server refuses them to its ReplicaSet.
code=WD4301
world() { policy_world; }
break_it() {
	policy_denying_webhook '[all-must-have-owner] you must provide labels: owner'
	kubectl create deployment refused --image=docker.io/lab/sleeper:1 >/dev/null
}
not_refused() {
	diagnose "$scratch/mended.json" || true
	! has_code "$scratch/mended.json" WD4301
}
# The event is there still, and no longer counts: once the ReplicaSet wants no pods, once
# the constraint only warns, as the fix says.
mend_it() {
	kubectl scale deployment refused --replicas=0 >/dev/null
	until_true 5 not_refused || die "WD4301 of a ReplicaSet that wants no pods"
	kubectl scale deployment refused --replicas=1 >/dev/null
	until_true 10 found_it || die "WD4301 does not come back"
	kubectl patch k8srequiredlabels/all-must-have-owner --type=merge -p '{"spec":{"enforcementAction":"warn"}}' >/dev/null
	policy_constraint_status
	not_refused || die "the printed fix does not clear WD4301"
	kubectl delete deployment refused --ignore-not-found >/dev/null
}
