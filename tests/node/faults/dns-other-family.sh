# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/resolver.sh
. "$here/worlds/resolver.sh"
# An IPv6 address, asked for as IPv4: os error 77.
code=WD2308
break_it() { resolver ::1 80; }
mend_it() { delete_resolver; }
