// SPDX-License-Identifier: Apache-2.0
/* Can the cluster keep what it is told?  K3s's datastore first, then disks, then claims.
 */
#include "storage.h"

#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#include "common.h"

#define MIB ((int64_t)1 << 20)

/* As large, and nothing will make it shrink by itself: a failure soon. */
#define WAL_FAILS (1024 * MIB)
/* Free pages are no fault of a small file, nor when most pages are in use. */
#define BLOAT_BYTES   (100 * MIB)
#define BLOAT_PERCENT 50
/* Kine keeps 1000 revisions and compacts every 5 min: this is what 300 writes/s leave. */
#define LAG_MOST 100000
/* A young cluster has not been compacted yet: some thousands of revisions. */
#define NEVER_COMPACTED 20000

const char *size_text(struct report *report, int64_t bytes)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
	double size = (double)bytes;
	size_t unit = 0;

	if (bytes == UNSET || bytes < 0)
		return "-";
	if (bytes < 1024)
		return report_text(report, "%lld bytes", (long long)bytes);
	for (size /= 1024; size >= 1024 && unit + 1 < ARRAY_SIZE(units); size /= 1024)
		unit++;
	return report_text(report, "%.1f %s", size, units[unit]);
}

int64_t percent_of(int64_t part, int64_t whole)
{
	double percent;

	if (part < 0 || whole <= 0)
		return UNSET;
	percent = (double)part / (double)whole * 100;
	return percent < (double)INT64_MAX ? (int64_t)percent : INT64_MAX;
}

/* ---- 3301: damaged ---- */

/* A snapshot may leave anything out. */
static const char *folder_of(const struct datastore *store)
{
	return store->folder ? store->folder : "/var/lib/rancher/k3s/server/db";
}

static void name_store(struct finding *finding, const struct host *host)
{
	const struct datastore *store = &host->datastore;

	finding_value(finding, "path", "%s", folder_of(store));
	finding_value(finding, "unit", "k3s");
	if (host->k3s.data_dir)
		finding_value(finding, "data_dir", "%s", host->k3s.data_dir);
	else
		finding_value(finding, "data_dir", "/var/lib/rancher/k3s");
}

/* What is wrong, in a few words that are the same in every language. */
static const char *state_text(enum database_state state)
{
	static const char *const texts[DATABASE_STATE_COUNT] = {
		[DATABASE_DAMAGED] = "damaged page",
		[DATABASE_TRUNCATED] = "truncated",
		[DATABASE_FOREIGN] = "its first bytes are none of SQLite's",
		[DATABASE_UNREADABLE] = "cannot be read",
		[DATABASE_MISSING] = "missing",
	};

	return state < DATABASE_STATE_COUNT && texts[state] ? texts[state] : "damaged";
}

/* Salvage reads what pages there are: not of another file, nor of an empty one. */
static bool may_be_salvaged(const struct datastore *store)
{
	return store->state == DATABASE_DAMAGED ||
	       (store->state == DATABASE_TRUNCATED && store->size > 0);
}

static void report_damage(const struct host *host, struct report *report)
{
	const struct datastore *store = &host->datastore;
	struct finding *finding = report_finding(report, &WD3301, host_subject(host));
	const char *detail = store->detail ? store->detail : state_text(store->state);

	name_store(finding, host);
	finding_value(finding, "reason", "%s", state_text(store->state));
	finding_value(finding, "message", "%s", detail);
	if (store->state == DATABASE_UNREADABLE)
		finding_value(finding, "device", "%s/state.db", folder_of(store));
	else
		finding_value(finding, "file", "%s/state.db", folder_of(store));
	if (may_be_salvaged(store))
		finding_value(finding, "command", ".dump");
	finding_saw(finding,
		    store->state == DATABASE_DAMAGED ? "PRAGMA quick_check(1)"
						     : "state.db",
		    detail, "ok", store->file);
	finding_saw(finding, "size", size_text(report, store->size), NULL, store->file);
	if (store->wal_size != UNSET)
		finding_saw(finding, "state.db-wal", size_text(report, store->wal_size),
			    NULL, store->folder);
}

/* ---- 3304: runaway ---- */

static struct finding *runaway(const struct host *host, struct report *report)
{
	const struct datastore *store = &host->datastore;
	struct finding *finding = report_finding(report, &WD3304, host_subject(host));

	name_store(finding, host);
	finding_value(finding, "file", "%s/state.db", folder_of(store));
	finding_value(finding, "bytes", "%s", size_text(report, store->size));
	finding_value(finding, "value", "%s", size_text(report, store->wal_size));
	return finding;
}

static const struct disk *disk_of_store(const struct host *host)
{
	for (size_t i = 0; i < host->disk_count; i++)
		if (text_equal(host->disks[i].path, host->datastore.folder))
			return &host->disks[i];
	return NULL;
}

/* More than a quarter of the room that is left: it will not fit for long. */
static bool crowds_disk(const struct host *host)
{
	const struct disk *disk = disk_of_store(host);

	return disk && disk->available >= 0 &&
	       host->datastore.wal_size > disk->available / 4;
}

static void judge_wal(const struct host *host, struct report *report)
{
	int64_t size = host->datastore.wal_size;
	int64_t most = report_threshold(report, THRESHOLD_WAL);
	struct finding *finding;

	if (size == UNSET || size <= most)
		return;
	finding = runaway(host, report);
	finding_saw(finding, "state.db-wal", size_text(report, size),
		    report_text(report, "at most %s", size_text(report, most)),
		    host->datastore.folder);
	if (size > WAL_FAILS || crowds_disk(host))
		finding_severity(finding, SEVERITY_FAIL);
}

static void judge_bloat(const struct host *host, struct report *report)
{
	const struct datastore *store = &host->datastore;
	int64_t share = percent_of(store->free_pages, store->page_count);

	if (share < BLOAT_PERCENT || store->page_size <= 0 || share > 100 ||
	    store->free_pages < BLOAT_BYTES / store->page_size)
		return;
	finding_saw(runaway(host, report), "PRAGMA freelist_count",
		    report_text(report, "%lld of %lld pages are free",
				(long long)store->free_pages,
				(long long)store->page_count),
		    "less than half", store->file);
}

static void judge_compaction(const struct host *host, struct report *report)
{
	const struct datastore *store = &host->datastore;
	int64_t compacted = store->compacted == UNSET ? 0 : store->compacted, lag;

	if (store->revision == UNSET ||
	    __builtin_sub_overflow(store->revision, compacted, &lag) ||
	    lag <= (compacted ? LAG_MOST : NEVER_COMPACTED))
		return;
	finding_saw(runaway(host, report), "compact_rev_key",
		    report_text(report, "%lld, newest revision %lld",
				(long long)compacted, (long long)store->revision),
		    report_text(report, "at most %d behind", LAG_MOST), store->file);
}

/* ---- 3309: a file system that is no place for it ---- */

static bool is_unfit(const char *filesystem)
{
	static const char *const names[] = { "nfs", "nfs4",  "cifs",  "smb3",
					     "9p",  "tmpfs", "ramfs", "overlay" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (text_equal(filesystem, names[i]))
			return true;
	return text_starts(filesystem, "fuse");
}

static void judge_place(const struct host *host, struct report *report)
{
	const struct disk *disk = disk_of_store(host);
	struct finding *finding;

	if (!disk || !is_unfit(disk->filesystem))
		return;
	finding = report_finding(report, &WD3309, host_subject(host));
	name_store(finding, host);
	finding_value(finding, "value", "%s", disk->filesystem);
	finding_saw(finding, "file system", disk->filesystem, "ext4, xfs, btrfs, ...",
		    disk->path);
}

/* ---- the datastore ---- */

static void judge_sqlite(const struct host *host, struct report *report)
{
	const struct datastore *store = &host->datastore;

	if (store->state > DATABASE_SOUND)
		report_damage(host, report);
	else if (store->state == DATABASE_UNCHECKED)
		report_unknown(report, &storage_unchecked, store->detail);
	judge_wal(host, report);
	judge_bloat(host, report);
	judge_compaction(host, report);
	judge_place(host, report);
}

static void report_other(const struct host *host, struct report *report)
{
	const struct datastore *store = &host->datastore;
	bool embedded = store->kind == DATASTORE_ETCD;
	struct finding *finding = report_finding(report, &WD3305, host_subject(host));

	name_store(finding, host);
	finding_value(finding, "value", "%s",
		      embedded          ? "etcd"
		      : store->external ? store->external
					: "external");
	if (embedded)
		finding_value(finding, "version", "embedded");
	finding_saw(finding, "datastore",
		    report_text(report, "%s, %s", embedded ? "embedded etcd" : "external",
				embedded ? size_text(report, store->size)
					 : text_or_empty(store->external)),
		    NULL, store->evidence);
}

static void judge_datastore(const struct host *host, struct report *report)
{
	switch (host->datastore.kind) {
	case DATASTORE_SQLITE:
		judge_sqlite(host, report);
		break;
	case DATASTORE_ETCD:
	case DATASTORE_EXTERNAL:
		report_other(host, report);
		break;
	default:
		break;
	}
}

static void run(const struct facts *facts, struct report *report)
{
	for (size_t i = 0; i < facts->host_count; i++) {
		const struct host *host = &facts->hosts[i];

		if (report_knows_host(report, host, HOST_DATASTORE))
			judge_datastore(host, report);
		if (report_knows_host(report, host, HOST_DISKS))
			storage_judge_disks(facts, host, report);
	}
	storage_judge_pressure(facts, report);
	storage_judge_claims(facts, report);
}

const struct check check_storage = {
	.words = &words_storage,
	.needs = NEED(FACT_NODES) | NEED(FACT_PODS) | NEED(FACT_EVENTS) |
		 NEED(FACT_VOLUME_CLAIMS) | NEED(FACT_STORAGE_CLASSES),
	.host_needs = NEED(HOST_DATASTORE) | NEED(HOST_DISKS) | NEED(HOST_K3S) |
		      NEED(HOST_CONTAINERD),
	.run = run,
	.reach = REACH_NODE,
};
