# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/join.sh
. "$here/worlds/join.sh"
# A token that holds no more, on a node that joined with it: a remark.
code=WD3104 status=0
break_it() { join_environment "K10$(join_hash)::abcdef.0123456789abcdef"; }
mend_it() { join_agent; }
