# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/policy.sh
. "$here/worlds/policy.sh"
# The template's Rego does not compile; the same in 4202 is its echo.
code=WD4302
world() { policy_world; }
break_it() {
	policy_template_status '.status.byPod[].errors = [{code: "ingest_error",
		message: "Could not ingest Rego: rego_parse_error: unexpected eof token", location: "template:7"}]'
}
mend_it() { policy_template_status; }
