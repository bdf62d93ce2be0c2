// SPDX-License-Identifier: Apache-2.0
/* Which datastore K3s uses, and whether its state.db is sound. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

#include <wasmdiag/text.h>

#include "cleanup.h"
#include "collect/chase.h"
#include "collect/host_system.h"
#include "collect/sqlite_check.h"
#include "collect/sqlite_header.h"

#define MIB              ((int64_t)1 << 20)
#define LARGEST_CHECKED  (1024 * MIB)
#define LARGEST_WAL      (64 * MIB)
#define CHECK_TIMEOUT_MS 3000

/* state.db and the two files that SQLite keeps beside it. */
struct state_files {
	char path[PATH_MAX]; /* of state.db, without links, as seen from root */
	struct stat status;
	int64_t wal_size; /* UNSET: there is none */
	bool has_index; /* -shm: some process has it open, or had and was killed */
	bool has_journal; /* -journal: a transaction that was not finished */
	struct sqlite_header header;
	bool has_header;
};

static bool status_of(struct host_context *context, const char *path, struct stat *status)
{
	_cleanup_fd_ int fd = host_open(context, path, O_PATH, NULL);

	return fd >= 0 && fstat(fd, status) == 0;
}

/* A file beside state.db: "-wal" and the like. */
static bool is_beside(struct host_context *context, const struct state_files *files,
		      const char *ending, struct stat *status)
{
	return status_of(context,
			 arena_format(context->arena, "%s%s", files->path, ending),
			 status);
}

static void look_beside(struct host_context *context, struct state_files *files)
{
	struct stat status;

	files->wal_size = is_beside(context, files, "-wal", &status)
				  ? (int64_t)status.st_size
				  : UNSET;
	files->has_index = is_beside(context, files, "-shm", &status);
	files->has_journal =
		is_beside(context, files, "-journal", &status) && status.st_size > 0;
}

/* False when state.db cannot be opened; then errno says why. */
static bool read_state(struct host_context *context, const char *path,
		       struct state_files *files)
{
	_cleanup_fd_ int fd = host_open(context, path, O_RDONLY, files->path);
	unsigned char bytes[SQLITE_HEADER_SIZE];
	ssize_t length;

	if (fd < 0 || fstat(fd, &files->status) != 0)
		return false;
	length = pread(fd, bytes, sizeof(bytes), 0);
	if (length < 0)
		return false;
	files->has_header = sqlite_header_parse(bytes, (size_t)length, &files->header);
	return true;
}

/* ---- what the header alone tells ---- */

static bool ends_early(const struct state_files *files)
{
	return files->has_header && files->header.page_count > 0 &&
	       files->status.st_size < files->header.page_count * files->header.page_size;
}

/*
 * Damage that needs no SQLite to see.  With a log beside it the file may rightly be
 * behind: its last pages are in there.
 */
static bool header_condemns(struct host_context *context, struct datastore *store,
			    const struct state_files *files)
{
	bool has_log = files->wal_size != UNSET && files->wal_size > 0;

	if (has_log && (files->has_header || files->status.st_size == 0))
		return false;
	if (files->status.st_size == 0) {
		store->state = DATABASE_TRUNCATED;
		store->detail = "the file is empty";
	} else if (!files->has_header) {
		store->state = DATABASE_FOREIGN;
		store->detail = "file is not a database";
	} else if (ends_early(files)) {
		store->state = DATABASE_TRUNCATED;
		store->detail = arena_format(
			context->arena,
			"the header counts %lld pages of %lld bytes, the file has %lld",
			(long long)files->header.page_count,
			(long long)files->header.page_size,
			(long long)(files->status.st_size / files->header.page_size));
	} else {
		return false;
	}
	return true;
}

/* ---- what SQLite says ---- */

/* Why its pages are left alone; NULL when they may be read. */
static const char *reason_not_to(const struct state_files *files)
{
	if (files->status.st_size > LARGEST_CHECKED)
		return "state.db is larger than 1 GiB: checking its pages would hold up K3s";
	if (files->wal_size != UNSET && files->wal_size > LARGEST_WAL)
		return "state.db-wal is larger than 64 MiB: a reader would let it grow on";
	if (files->wal_size != UNSET && files->wal_size > 0 && !files->has_index)
		return "state.db-wal is there without its state.db-shm, which a reader "
		       "would make";
	if (files->has_journal)
		return "state.db-journal is there: a transaction is under way, or was cut "
		       "off";
	return NULL;
}

static enum sqlite_access access_of(const struct state_files *files)
{
	if (files->has_index)
		return SQLITE_SHARED;
	return files->has_header && !files->header.uses_log ? SQLITE_PLAIN
							    : SQLITE_AT_REST;
}

/* Nobody opened or changed it meanwhile. */
static bool stayed_at_rest(struct host_context *context, const struct state_files *before)
{
	struct state_files after = *before;
	struct stat status;

	look_beside(context, &after);
	return status_of(context, before->path, &status) && !after.has_index &&
	       status.st_ino == before->status.st_ino &&
	       status.st_size == before->status.st_size &&
	       status.st_mtim.tv_sec == before->status.st_mtim.tv_sec &&
	       status.st_mtim.tv_nsec == before->status.st_mtim.tv_nsec;
}

static void check_pages(struct host_context *context, struct datastore *store,
			const struct state_files *files)
{
	enum sqlite_access access = access_of(files);
	const char *reason = reason_not_to(files);

	if (reason) {
		store->state = DATABASE_UNCHECKED;
		store->detail = reason;
		return;
	}
	sqlite_check(host_path(context, files->path), access, CHECK_TIMEOUT_MS,
		     context->arena, store);
	if (access == SQLITE_AT_REST && store->state != DATABASE_UNCHECKED &&
	    !stayed_at_rest(context, files)) {
		store->state = DATABASE_UNCHECKED;
		store->detail = "K3s opened state.db while it was being checked";
	}
	if (store->state == DATABASE_DAMAGED && ends_early(files))
		store->state = DATABASE_TRUNCATED;
}

/* ---- the three kinds ---- */

static void look_at_sqlite(struct host_context *context, struct host *host)
{
	struct datastore *store = &host->datastore;
	struct source *source = &host->source[HOST_DATASTORE];
	struct state_files files = { 0 };

	store->kind = DATASTORE_SQLITE;
	store->evidence = store->file;
	if (!read_state(context, store->file, &files)) {
		struct error error = { 0 };

		if (errno == ENOENT) {
			store->state = DATABASE_MISSING;
			store->detail = "it is not there, and its state.db-wal is";
			return;
		}
		fail_errno(&error, errno, "cannot read %s", store->file);
		host_fact_error(context, source, &error);
		return;
	}
	look_beside(context, &files);
	store->size = files.status.st_size;
	store->wal_size = files.wal_size;
	if (files.has_header) {
		store->page_size = files.header.page_size;
		store->page_count = files.header.page_count;
		store->free_pages = files.header.free_pages;
	}
	if (!header_condemns(context, store, &files))
		check_pages(context, store, &files);
}

static void look_at_etcd(struct host_context *context, struct datastore *store)
{
	struct stat status;

	store->kind = DATASTORE_ETCD;
	store->file =
		arena_format(context->arena, "%s/etcd/member/snap/db", store->folder);
	if (status_of(context, store->file, &status))
		store->size = status.st_size;
	else
		store->file = NULL;
}

/*
 * As K3s chooses (pkg/cluster/managed.go): etcd's files win over every option, then the
 * options, then SQLite.
 */
static void look_at_store(struct host_context *context, struct host *host)
{
	struct datastore *store = &host->datastore;
	const char *option = host->k3s.datastore;
	const char *etcd = arena_format(context->arena, "%s/etcd/member", store->folder);

	store->file = NULL;
	if (host_exists(context, etcd)) {
		store->evidence = etcd;
		look_at_etcd(context, store);
	} else if (text_equal(option, "etcd")) {
		store->evidence = "cluster-init, server";
		look_at_etcd(context, store);
	} else if (option && !text_equal(option, "sqlite")) {
		store->kind = DATASTORE_EXTERNAL;
		store->external = option;
		store->evidence = "datastore-endpoint";
	} else {
		store->file = arena_format(context->arena, "%s/state.db", store->folder);
		if (host_exists(context, store->file) ||
		    host_exists(context,
				arena_format(context->arena, "%s-wal", store->file)))
			look_at_sqlite(context, host);
	}
}

void collect_datastore(struct host_context *context, struct host *host)
{
	struct source *source = &host->source[HOST_DATASTORE];
	const char *folder =
		arena_format(context->arena, "%s/server/db", host_data_dir(host));
	/* not O_PATH: a folder that is root's alone must say so here */
	_cleanup_fd_ int fd = host_open(context, folder, O_RDONLY | O_DIRECTORY, NULL);
	struct error error = { 0 };

	host->datastore = (struct datastore){
		.folder = folder,
		.size = UNSET,
		.wal_size = UNSET,
		.page_size = UNSET,
		.page_count = UNSET,
		.free_pages = UNSET,
		.revision = UNSET,
		.compacted = UNSET,
	};
	if (fd < 0) {
		fail_errno(&error, errno, "cannot read %s", folder);
		host_fact_error(context, source, &error);
	} else if (text_equal(host->k3s.role, "agent")) {
		host_fact_set(context, source, FACT_ABSENT, "K3s is an agent here");
	} else {
		host_fact_set(context, source, FACT_KNOWN, NULL);
		look_at_store(context, host);
	}
}
