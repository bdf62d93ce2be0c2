// SPDX-License-Identifier: Apache-2.0
/* What was learned of storage: K3s's datastore, and volumes that pods ask for.  The
 * conventions are those of facts.h. */
#pragma once

#include <wasmdiag/facts.h>

enum datastore_kind {
	DATASTORE_NONE, /* the folder is there, and nothing in it */
	DATASTORE_SQLITE,
	DATASTORE_ETCD, /* embedded in K3s */
	DATASTORE_EXTERNAL, /* a server of its own, named by datastore-endpoint */
	DATASTORE_KIND_COUNT,
};

/* What became of looking at state.db; all but the first two are damage. */
enum database_state {
	DATABASE_UNCHECKED, /* detail says why */
	DATABASE_SOUND, /* PRAGMA quick_check says ok */
	DATABASE_DAMAGED, /* a page is not what it should be */
	DATABASE_TRUNCATED, /* it ends before the last page its header counts */
	DATABASE_FOREIGN, /* it does not begin as a SQLite database does */
	DATABASE_UNREADABLE, /* the disk gives an I/O error */
	DATABASE_MISSING, /* its log is there and it is not */
	DATABASE_STATE_COUNT,
};

/* K3s's <data-dir>/server/db. */
struct datastore {
	enum datastore_kind kind;
	const char *external; /* mysql, postgres, ...; never more of the endpoint */
	const char *evidence; /* the file or the option that tells the kind */
	const char *folder;
	const char *file; /* state.db, or etcd's own database; NULL: none */
	int64_t size; /* of file */
	int64_t wal_size; /* of state.db-wal; UNSET: there is none */
	int64_t page_size;
	int64_t page_count;
	int64_t free_pages; /* of those: in no use, until VACUUM */
	int64_t revision; /* kine's newest: MAX(id); UNSET: no table of kine's */
	int64_t compacted; /* the revision up to which kine compacted; UNSET: not told */
	enum database_state state;
	const char *detail; /* SQLite's words, or why the pages were not checked */
};

/* A PersistentVolumeClaim that is not bound; bound ones are not kept. */
struct volume_claim {
	const char *namespace;
	const char *name;
	const char *phase; /* Pending, Lost */
	int64_t created;
	int64_t deleted;
	const char *storage_class; /* NULL: the default class; "": none, on purpose */
	const char *volume; /* the one it was made for, or has lost */
	int64_t requested; /* bytes */
	struct string_list access_modes;
	const char *selected_node; /* where the scheduler wants it */
};

struct storage_class {
	const char *name;
	const char *provisioner; /* rancher.io/local-path */
	const char *binding_mode; /* WaitForFirstConsumer, Immediate */
	const char *is_default; /* "true" */
};
