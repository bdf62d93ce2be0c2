# shellcheck shell=bash disable=SC2034
# shellcheck source=disk-full.sh
. "$here/faults/disk-full.sh"
# What the kernel does to a file system whose disk gives errors.
code=WD3308
break_it() { on_node mount -o remount,ro $place; }
mend_it() { on_node mount -o remount,rw $place; }
