# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/join.sh
. "$here/worlds/join.sh"
# The service has a proxy, and 127.0.0.1 is given to it: a warning.
code=WD3110 status=0
break_it() { join_environment "$(join_token)" HTTPS_PROXY=http://proxy.example:3128 NO_PROXY=localhost; }
mend_it() { printed_fixes ''; }
