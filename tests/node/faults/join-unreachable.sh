# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/join.sh
. "$here/worlds/join.sh"
# Nothing listens where the server should be.
code=WD3102
break_it() { join_stop; }
mend_it() { join_serve 0; }
