# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/gatekeeper.sh
. "$here/worlds/gatekeeper.sh"
# The service is there, and no pod behind it is ready.
code=WD4101
world() { gatekeeper_certificate; gatekeeper_serve 0; gatekeeper_by_service Fail yes; }
break_it() { gatekeeper_by_service Fail no; }
mend_it() { gatekeeper_by_service Fail yes; }
