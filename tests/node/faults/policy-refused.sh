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
is_refused() {
	diagnose "$scratch/mended.json" || true
	has_code "$scratch/mended.json" WD4301
}
not_refused() { ! is_refused; }
complain() { echo "policy-refused: $*" >&2; return 1; }
# The event is there still, and no longer counts: once the ReplicaSet wants no pods, once
# the constraint only warns, as the fix says.  It is also called to clean up, when it must
# not end the test.
mend_it() {
	kubectl scale deployment refused --replicas=0 >/dev/null || return
	until_true 5 not_refused || complain "WD4301 of a ReplicaSet that wants no pods" || return
	kubectl scale deployment refused --replicas=1 >/dev/null
	until_true 10 is_refused || complain "WD4301 does not come back" || return
	kubectl patch k8srequiredlabels/all-must-have-owner --type=merge -p '{"spec":{"enforcementAction":"warn"}}' >/dev/null
	policy_constraint_status
	not_refused || complain "the printed fix does not clear WD4301" || return
	kubectl delete deployment refused --ignore-not-found >/dev/null
}
