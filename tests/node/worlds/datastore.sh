# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
# K3s's state.db, in kine's schema, laid out on a node that is not K3s: the folder alone
# tells that there is one.
datastore=/var/lib/rancher/k3s/server/db

world() {
	on_node install -d -m 700 $datastore
	on_node sqlite3 $datastore/state.db >/dev/null <<'Q'
PRAGMA journal_mode=WAL;
CREATE TABLE kine (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, created INTEGER,
	deleted INTEGER, create_revision INTEGER, prev_revision INTEGER, lease INTEGER,
	value BLOB, old_value BLOB);
CREATE INDEX kine_name_index ON kine (name);
INSERT INTO kine (name, prev_revision) VALUES ('compact_rev_key', 1);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
INSERT INTO kine (name, created, value) SELECT '/registry/p' || i, 1, randomblob(300) FROM n;
Q
}
unworld() { rm -rf "$root/var/lib/rancher"; }

# The commands of the fixes of CODE, as printed, but for those that start or stop K3s and
# those that want a backup; the node has no sudo and we are root.
run_fix() { # CODE
	jq -r --arg code "$1" '.findings[] | select(.code == $code) | .fix[].commands[]' \
		"$scratch/broken.json" | grep -v -e systemctl -e BACKUP |
		sed 's/\bsudo //g' >"$root/lab/fix.sh"
	on_node sh -e /lab/fix.sh
	rm -f "$root/lab/fix.sh"
}
