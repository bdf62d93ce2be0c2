// SPDX-License-Identifier: Apache-2.0
/* K3s's datastore, claims and classes.  To keep one more thing of them, add its row. */
#include <wasmdiag/text.h>

#include "facts_rows.h"
#include "rows.h"

static const char *const datastore_kinds[] = {
	[DATASTORE_NONE] = "none",     [DATASTORE_SQLITE] = "sqlite",
	[DATASTORE_ETCD] = "etcd",     [DATASTORE_EXTERNAL] = "external",
	[DATASTORE_KIND_COUNT] = NULL,
};

static const char *const database_states[] = {
	[DATABASE_UNCHECKED] = "unchecked", [DATABASE_SOUND] = "sound",
	[DATABASE_DAMAGED] = "damaged",     [DATABASE_TRUNCATED] = "truncated",
	[DATABASE_FOREIGN] = "foreign",     [DATABASE_UNREADABLE] = "unreadable",
	[DATABASE_MISSING] = "missing",     [DATABASE_STATE_COUNT] = NULL,
};

/* clang-format off */
#define OF datastore
static const struct field datastore_rows[] = {
	WORD(kind, datastore_kinds),
	TEXT(external, NULL),
	TEXT(evidence, NULL),
	TEXT(folder, NULL),
	TEXT(file, NULL),
	NUMBER(size, NULL),
	NUMBER(wal_size, NULL),
	NUMBER(page_size, NULL),
	NUMBER(page_count, NULL),
	NUMBER(free_pages, NULL),
	NUMBER(revision, NULL),
	NUMBER(compacted, NULL),
	WORD(state, database_states),
	TEXT(detail, NULL),
};
const struct record datastore_record = RECORD(struct datastore, datastore_rows);
#undef OF

#define OF volume_claim
static const struct field volume_claim_rows[] = {
	TEXT(namespace, "metadata.namespace"),
	TEXT(name, "metadata.name"),
	TEXT(phase, "status.phase"),
	TIME(created, "metadata.creationTimestamp"),
	TIME(deleted, "metadata.deletionTimestamp"),
	TEXT(storage_class, "spec.storageClassName|metadata.annotations[volume.beta.kubernetes.io/storage-class]"),
	TEXT(volume, "spec.volumeName"),
	BYTES(requested, "spec.resources.requests.storage"),
	STRINGS(access_modes, "spec.accessModes"),
	TEXT(selected_node, "metadata.annotations[volume.kubernetes.io/selected-node]"),
};
const struct record volume_claim_record = RECORD(struct volume_claim, volume_claim_rows);
#undef OF

#define OF storage_class
static const struct field storage_class_rows[] = {
	TEXT(name, "metadata.name"),
	TEXT(provisioner, "provisioner"),
	TEXT(binding_mode, "volumeBindingMode"),
	TEXT(is_default, "metadata.annotations[storageclass.kubernetes.io/is-default-class]|metadata.annotations[storageclass.beta.kubernetes.io/is-default-class]"),
};
const struct record storage_class_record = RECORD(struct storage_class, storage_class_rows);
#undef OF
/* clang-format on */
