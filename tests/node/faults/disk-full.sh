# shellcheck shell=bash disable=SC2034
# Where local-path keeps its volumes there is no room.
code=WD3302
place=/var/lib/rancher/k3s/storage
world() { on_node mkdir -p $place; on_node mount -t tmpfs -o size=4M,nr_inodes=1000 none $place; }
unworld() { on_node umount $place; rm -rf "$root/var/lib/rancher"; }
break_it() { on_node dd if=/dev/zero of=$place/volume bs=4096 status=none 2>/dev/null || true; }
mend_it() { on_node rm -f $place/volume; }
