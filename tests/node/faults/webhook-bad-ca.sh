# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/gatekeeper.sh
. "$here/worlds/gatekeeper.sh"
# The caBundle is not the server's.
code=WD4103
world() { gatekeeper_certificate; gatekeeper_serve 0; gatekeeper_by_service Fail yes; }
break_it() { gatekeeper_by_service Fail yes "$state/pki/ca.crt"; }
mend_it() { gatekeeper_rename; gatekeeper_by_service Fail yes; }
