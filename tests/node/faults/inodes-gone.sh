# shellcheck shell=bash disable=SC2034
# shellcheck source=disk-full.sh
. "$here/faults/disk-full.sh"
# There is room, and no inode to use it.
code=WD3303
break_it() { on_node sh -c "seq 990 | (cd $place && xargs touch)"; }
mend_it() { on_node find $place -type f -delete; }
