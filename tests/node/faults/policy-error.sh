# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/policy.sh
. "$here/worlds/policy.sh"
# The pods cannot take the constraint over.
code=WD4202
world() { policy_world; }
break_it() {
	policy_constraint_status '.status.byPod[].errors = [{code: "create_error",
		message: "spec.parameters.labels: Invalid value: \"string\": must be of type array"}]'
}
mend_it() { policy_constraint_status; }
