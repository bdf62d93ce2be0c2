# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/gatekeeper.sh
. "$here/worlds/gatekeeper.sh"
# Gatekeeper's webhook behind a service, as it should be.
world() { gatekeeper_certificate; gatekeeper_serve 0; gatekeeper_by_service Fail yes; }
