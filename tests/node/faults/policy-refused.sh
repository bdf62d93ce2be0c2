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
# As the fix says; the event is there still, and no longer counts.
mend_it() {
	kubectl patch k8srequiredlabels/all-must-have-owner --type=merge -p '{"spec":{"enforcementAction":"warn"}}' >/dev/null
	policy_constraint_status
	diagnose "$scratch/mended.json" || true
	! has_code "$scratch/mended.json" WD4301 || die "the printed fix does not clear WD4301"
	kubectl delete deployment refused --ignore-not-found >/dev/null
}
