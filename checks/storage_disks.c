// SPDX-License-Identifier: Apache-2.0
/* Room on disks: what kubelet evicts at, and what stops a write. */
#include "storage.h"

#include <wasmdiag/text.h>

#include "common.h"
#include "workload.h"

/*
 * Percent free at which it fails, unless kubelet's configuration was found.  kubelet:
 * nodefs.available 10 %, imagefs.available 15
 * %, nodefs.inodesFree 5 % (pkg/kubelet/apis/config/v1beta1/defaults_linux.go).  K3s sets
 * 5 % for both and none for inodes (pkg/daemons/agent).  Where kubelet watches nothing it
 * fails when it is full, or as good as.
 */
#define K3S_PERCENT     5
#define NODEFS_PERCENT  10
#define IMAGEFS_PERCENT 15
#define FULL_PERCENT    1
#define INODES_PERCENT  5
/* kubelet deletes images from 85 % used on, until 80 %: 15 to 20 % free is daily life. */
#define COLLECTED_PERCENT 15

struct share {
	const struct host *host;
	const struct disk *disk;
	int64_t fails; /* percent free below which ... */
	int64_t warns;
	const char *paths; /* all that are looked at on this file system */
};

/* ---- one file system, however many paths ---- */

static bool is_same(const struct disk *a, const struct disk *b)
{
	return a == b || (a->device == b->device && a->device != UNSET);
}

static bool is_first(const struct host *host, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (is_same(&host->disks[i], &host->disks[index]))
			return false;
	return true;
}

/* The percent that kubelet keeps free, rounded up; never less than full. */
static int64_t configured_limit(const struct disk *disk)
{
	int64_t percent = percent_of(disk->reserve, disk->total);

	if (percent > 0 && percent < 100 && disk->total / 100 * percent < disk->reserve)
		percent++;
	return percent < FULL_PERCENT ? FULL_PERCENT : percent;
}

static int64_t limit_of(const struct disk *disk, bool k3s)
{
	if (!disk->signal)
		return FULL_PERCENT;
	if (disk->reserve != UNSET)
		return configured_limit(disk);
	if (k3s)
		return K3S_PERCENT;
	return text_equal(disk->signal, "imagefs") ? IMAGEFS_PERCENT : NODEFS_PERCENT;
}

static struct share share_of(const struct facts *facts, const struct host *host,
			     const struct disk *disk, struct report *report)
{
	bool k3s = host->k3s.installed || node_is_k3s(facts, host->node);
	int64_t margin = report_threshold(report, THRESHOLD_DISK_MARGIN);
	struct share share = { .host = host, .disk = disk, .paths = "" };

	for (size_t i = 0; i < host->disk_count; i++) {
		const struct disk *other = &host->disks[i];
		int64_t limit = limit_of(other, k3s);

		if (!is_same(disk, other))
			continue;
		if (limit > share.fails)
			share.fails = limit;
		share.paths =
			report_text(report, "%s%s%s", share.paths,
				    *share.paths ? ", " : "", text_or_empty(other->path));
	}
	share.warns = share.fails + (share.fails < COLLECTED_PERCENT ? margin : 0);
	return share;
}

/* ---- 3302 and 3303 ---- */

/* What a fix is shown for: K3s has a crictl of its own, and its unit another name. */
static void name_node(struct finding *finding, const struct facts *facts,
		      const struct host *host)
{
	if (host->k3s.installed || node_is_k3s(facts, host->node))
		finding_value(finding, "program", "k3s");
	else
		finding_value(finding, "address",
			      "unix:///run/containerd/containerd.sock");
}

struct measure {
	const struct guide *guide;
	const char *what;
	int64_t free;
	int64_t total;
	int64_t fails;
	int64_t warns;
	const char *(*text)(struct report *report, int64_t amount);
};

static const char *count_text(struct report *report, int64_t count)
{
	return report_text(report, "%lld", (long long)count);
}

static const char *bytes_text(struct report *report, int64_t bytes)
{
	return size_text(report, bytes);
}

/* Severity of the whole finding is that of its worst file system: fails come first. */
static void judge_measure(const struct facts *facts, const struct share *share,
			  const struct measure *measure, enum severity severity,
			  struct report *report)
{
	int64_t percent = percent_of(measure->free, measure->total);
	bool fails = percent < measure->fails;
	struct finding *finding;

	if (percent == UNSET || percent >= measure->warns ||
	    fails != (severity == SEVERITY_FAIL))
		return;
	finding = report_finding(report, measure->guide, host_subject(share->host));
	if (severity == SEVERITY_WARN)
		finding_severity(finding, SEVERITY_WARN);
	name_node(finding, facts, share->host);
	finding_value(finding, "path", "%s", text_or_empty(share->disk->path));
	finding_value(finding, "value", "%s", measure->text(report, measure->free));
	finding_value(finding, "bytes", "%s", measure->text(report, measure->total));
	finding_value(finding, "limit", "%lld %%",
		      (long long)(fails ? measure->fails : measure->warns));
	finding_saw(finding, measure->what,
		    report_text(report, "%s of %s, %lld %%",
				measure->text(report, measure->free),
				measure->text(report, measure->total),
				(long long)percent),
		    report_text(report, "at least %lld %%",
				(long long)(fails ? measure->fails : measure->warns)),
		    share->paths);
}

/* ---- 3308 ---- */

static void judge_read_only(const struct share *share, struct report *report)
{
	struct finding *finding;

	if (!share->disk->read_only)
		return;
	finding = report_finding(report, &WD3308, host_subject(share->host));
	finding_value(finding, "path", "%s", text_or_empty(share->disk->path));
	finding_saw(finding, "mount", "read-only", "read-write", share->paths);
}

/* ---- all of a node's ---- */

/* False when the guide has its finding of that node: one severity to a finding. */
static bool judge_all(const struct facts *facts, const struct host *host, bool inodes,
		      enum severity severity, struct report *report)
{
	bool found = false;

	for (size_t i = 0; i < host->disk_count; i++) {
		const struct disk *disk = &host->disks[i];
		struct share share;
		struct measure measure;

		if (!disk->path || !is_first(host, i))
			continue;
		share = share_of(facts, host, disk, report);
		measure = inodes ? (struct measure){ &WD3303,           "inodes free",
						     disk->inodes_free, disk->inodes,
						     INODES_PERCENT,    INODES_PERCENT,
						     count_text }
				 : (struct measure){ &WD3302,         "space free",
						     disk->available, disk->total,
						     share.fails,     share.warns,
						     bytes_text };
		if (inodes)
			measure.warns += report_threshold(report, THRESHOLD_DISK_MARGIN);
		found = found ||
			(percent_of(measure.free, measure.total) != UNSET &&
			 percent_of(measure.free, measure.total) < measure.fails);
		judge_measure(facts, &share, &measure, severity, report);
	}
	return !found;
}

void storage_judge_disks(const struct facts *facts, const struct host *host,
			 struct report *report)
{
	for (int inodes = 0; inodes < 2; inodes++)
		if (judge_all(facts, host, inodes, SEVERITY_FAIL, report))
			judge_all(facts, host, inodes, SEVERITY_WARN, report);
	for (size_t i = 0; i < host->disk_count; i++) {
		struct share share = { host, &host->disks[i], 0, 0,
				       text_or_empty(host->disks[i].path) };

		if (host->disks[i].path && is_first(host, i))
			judge_read_only(&share, report);
	}
}

/* ---- 3307 ---- */

static void call_evicted(const struct facts *facts, const struct node *node,
			 struct finding *finding)
{
	for (size_t i = 0; i < facts->pod_count; i++) {
		const struct pod *pod = &facts->pods[i];

		if (text_equal(pod->reason, "Evicted") &&
		    text_equal(pod->node, node->name) &&
		    !text_has(pod->message, "resource: memory"))
			finding_witness(finding, pod_subject(pod));
	}
}

static void quote_events(const struct facts *facts, const struct node *node,
			 struct finding *finding)
{
	static const char *const reasons[] = { "EvictionThresholdMet",
					       "FreeDiskSpaceFailed", "ImageGCFailed" };

	for (size_t i = 0; i < facts->event_count; i++) {
		const struct event *event = &facts->events[i];

		if (!text_equal(event->kind, "Node") ||
		    !text_equal(event->name, node->name))
			continue;
		for (size_t j = 0; j < ARRAY_SIZE(reasons); j++)
			if (text_equal(event->reason, reasons[j]))
				finding_saw(finding, reasons[j],
					    text_or_empty(event->message), NULL, "event");
	}
}

static void report_pressure(const struct facts *facts, const struct node *node,
			    const struct condition *condition, struct report *report)
{
	struct finding *finding = report_finding(
		report, &WD3307, (struct subject){ "Node", NULL, node->name });

	finding_value(finding, text_has(node->kubelet, "+k3s") ? "program" : "address",
		      "%s",
		      text_has(node->kubelet, "+k3s")
			      ? "k3s"
			      : "unix:///run/containerd/containerd.sock");
	finding_saw(finding, "DiskPressure",
		    report_text(report, "True, %s", text_or_empty(condition->reason)),
		    "False", "Node");
	if (condition->message)
		finding_saw(finding, "message", condition->message, NULL, "DiskPressure");
	for (size_t i = 0; i < node->taint_count; i++)
		if (text_equal(node->taints[i].key, "node.kubernetes.io/disk-pressure"))
			finding_saw(finding, "taint",
				    report_text(report, "%s:%s", node->taints[i].key,
						text_or_empty(node->taints[i].effect)),
				    NULL, "Node");
	call_evicted(facts, node, finding);
	quote_events(facts, node, finding);
}

void storage_judge_pressure(const struct facts *facts, struct report *report)
{
	if (!report_knows(report, FACT_NODES))
		return;
	for (size_t i = 0; i < facts->node_count; i++) {
		const struct node *node = &facts->nodes[i];
		const struct condition *condition = find_condition(
			node->conditions, node->condition_count, "DiskPressure");

		if (node->name && condition && text_equal(condition->status, "True"))
			report_pressure(facts, node, condition, report);
	}
}
