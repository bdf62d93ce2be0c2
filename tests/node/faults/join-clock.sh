# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/join.sh
. "$here/worlds/join.sh"
# The clock of the server is five minutes ahead: a warning.
code=WD3106 status=0
break_it() { join_serve 300; }
mend_it() { join_serve 0; }
