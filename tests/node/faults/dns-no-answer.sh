# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/resolver.sh
. "$here/worlds/resolver.sh"
# Nobody answers at the pod's name server: os error 78.
code=WD2303
break_it() { resolver web.shop 80 'dnsPolicy: None' 'dnsConfig: {nameservers: [127.0.0.1]}'; }
mend_it() { delete_resolver; }
