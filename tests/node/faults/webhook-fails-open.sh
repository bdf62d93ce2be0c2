# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/gatekeeper.sh
. "$here/worlds/gatekeeper.sh"
# The webhook is slower than its timeout and nobody is told: failurePolicy Ignore.
code=WD4105
world() { gatekeeper_rename; gatekeeper_stop; gatekeeper_certificate; gatekeeper_serve 0; gatekeeper_by_url Ignore 1; }
break_it() { gatekeeper_stop; gatekeeper_serve 3; gatekeeper_call 3; }
mend_it() { world; }
