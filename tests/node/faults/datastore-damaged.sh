# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/datastore.sh
. "$here/worlds/datastore.sh"
# A page of state.db is lost; what can be read of the others is salvaged, as printed.
code=WD3301
break_it() {
	on_node dd if=/dev/zero of=$datastore/state.db bs=4096 seek=40 count=1 conv=notrunc status=none
}
mend_it() { [ -e "$root$datastore.damaged" ] || run_fix WD3301; }
