# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/resolver.sh
. "$here/worlds/resolver.sh"
# No such name can be: os error 84.
code=WD2304
break_it() { resolver no..such 80; }
mend_it() { delete_resolver; }
