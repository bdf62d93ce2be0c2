# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/policy.sh
. "$here/worlds/policy.sh"
# The webhook pod has served for more than a minute and still has the constraint as it was.
code=WD4201
world() { policy_world; }
break_it() {
	kubectl patch k8srequiredlabels/all-must-have-owner --type=merge -p '{"spec":{"parameters":{"labels":["owner","team"]}}}' >/dev/null
	sleep 61
}
mend_it() { policy_constraint_status; }
