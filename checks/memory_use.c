// SPDX-License-Identifier: Apache-2.0
/*
 * Do Wasm containers use more memory than is good: more than was asked for, nearly all of
 * their limit, or more and more?
 *
 * Two sizes matter, and kubectl top shows neither whole: what the kernel charges to the
 * cgroup, which the limit is about, and what the process holds, the engine included
 * (facts E).
 */
#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#include "common.h"
#include "memory_use.words.h"
#include "wasm_container.h"

#define MEBIBYTE (INT64_C(1) << 20)

/* One container, all that is known of its memory. */
struct usage {
	const struct host *host;
	const struct wasm_container *wasm;
	const struct container_resources *resources;
	int64_t used; /* container_memory() */
	int64_t charged;
	int64_t limit; /* UNSET: none */
};

/* Whole mebibytes, rounded up: a quantity for kubectl. */
static int64_t mebibytes(int64_t bytes)
{
	return bytes > 0 ? bytes / MEBIBYTE + (bytes % MEBIBYTE != 0) : 1;
}

/* Half as much again. */
static int64_t with_room(int64_t bytes)
{
	return mebibytes(bytes) + mebibytes(bytes) / 2 + 1;
}

static const char *or_none(struct report *report, int64_t bytes)
{
	return bytes == UNSET ? "none" : bytes_text(report, bytes);
}

static struct finding *usage_finding(struct report *report, const struct facts *facts,
				     const struct guide *guide, const struct usage *usage)
{
	struct finding *finding =
		wasm_finding(report, facts, guide, usage->host, usage->wasm);
	const char *source = usage->resources->cgroup ? usage->resources->cgroup
						      : usage->resources->error;

	finding_value(finding, "actual", "%s", bytes_text(report, usage->used));
	finding_saw(finding, "cgroup", or_none(report, usage->charged),
		    usage->limit == UNSET ? NULL
					  : report_text(report, "limit %s",
							bytes_text(report, usage->limit)),
		    source);
	finding_saw(
		finding, "VmRSS", or_none(report, usage->resources->resident), NULL,
		report_text(report, "/proc/%lld/status", (long long)usage->wasm->pid));
	if (usage->resources->memory_peak > 0)
		finding_saw(finding, "peak of the cgroup",
			    bytes_text(report, usage->resources->memory_peak), NULL,
			    source);
	if (usage->wasm->module.kind == WASM_CORE)
		finding_saw(finding, "module memory at start",
			    bytes_text(report, wasm_minimum_bytes(&usage->wasm->module)),
			    NULL, usage->wasm->module_path);
	return finding;
}

static void report_near_limit(struct report *report, const struct facts *facts,
			      const struct usage *usage, double percent)
{
	struct finding *finding = usage_finding(report, facts, &WD6202, usage);

	finding_value(finding, "limit", "%s", bytes_text(report, usage->limit));
	finding_value(finding, "bytes", "%s", bytes_text(report, usage->charged));
	finding_value(finding, "count", "%.0f %%", percent);
	finding_value(finding, "value", "%lldMi", (long long)with_room(usage->limit));
	if (usage->resources->oom_kills > 0)
		finding_saw(finding, "oom_kill",
			    report_text(report, "%lld",
					(long long)usage->resources->oom_kills),
			    "0", usage->resources->cgroup);
}

/* Is it near its limit? */
static bool judge_limit(struct report *report, const struct facts *facts,
			const struct usage *usage)
{
	int64_t share = report_threshold(report, THRESHOLD_MEMORY_SHARE);
	double percent;

	if (usage->limit <= 0 || usage->charged == UNSET)
		return false;
	percent = 100.0 * (double)usage->charged / (double)usage->limit;
	if (percent <= (double)share)
		return false;
	report_near_limit(report, facts, usage, percent);
	return true;
}

/* What it told the scheduler.  Without the API a limit stands for it, as Kubernetes has
 * it.  Looks up the pod: ask it of containers that matter only. */
static int64_t requested(const struct facts *facts, const struct usage *usage)
{
	const struct container *declared = declared_container(facts, usage->wasm);

	return declared ? declared->memory_request : usage->limit;
}

/*
 * Does it use more than the threshold, and more than it told the scheduler?  Who requests
 * 200 MiB may use them.
 */
static void judge_size(struct report *report, const struct facts *facts,
		       const struct usage *usage)
{
	int64_t threshold = report_threshold(report, THRESHOLD_MEMORY);
	int64_t limit = with_room(usage->used), request;
	struct finding *finding;

	if (usage->used <= threshold)
		return;
	request = requested(facts, usage);
	if (usage->used <= request)
		return;
	/* what is advised must not lower a limit that there is */
	if (usage->limit > 0 && mebibytes(usage->limit) > limit)
		limit = mebibytes(usage->limit);
	finding = usage_finding(report, facts, &WD6201, usage);
	finding_value(finding, "limit", "%s", bytes_text(report, threshold));
	finding_value(finding, "expected", "%s",
		      bytes_text(report, request > 0 ? request : 0));
	finding_value(finding, "value", "%lldMi", (long long)mebibytes(usage->used));
	finding_value(finding, "count", "%lldMi", (long long)limit);
}

/* In the unit one would say it in. */
static const char *span_text(struct report *report, double seconds)
{
	if (seconds < 120)
		return report_text(report, "%.0f s", seconds);
	if (seconds < 7200)
		return report_text(report, "%.0f min", seconds / 60);
	return report_text(report, "%.0f h", seconds / 3600);
}

static void report_growth(struct report *report, const struct facts *facts,
			  const struct usage *usage, const struct memory_growth *growth)
{
	int64_t room = usage->limit > 0 ? usage->limit - usage->charged : UNSET;
	struct finding *finding = usage_finding(report, facts, &WD6203, usage);

	finding_value(finding, "bytes", "%s",
		      bytes_text(report, growth->after - growth->before));
	finding_value(finding, "seconds", "%s",
		      span_text(report, (double)growth->seconds));
	finding_value(finding, "value", "%s", bytes_text(report, growth->per_hour));
	finding_saw(finding, "memory",
		    report_text(report, "%s, then %s", bytes_text(report, growth->before),
				bytes_text(report, growth->after)),
		    NULL, "two snapshots");
	if (room > 0 && usage->charged != UNSET)
		finding_saw(
			finding, "at this rate its limit is reached in",
			span_text(report, (double)room * 3600 / (double)growth->per_hour),
			NULL, usage->resources->cgroup);
}

/* Did it grow since the snapshot before, if there is one? */
static void judge_growth(struct report *report, const struct facts *facts,
			 const struct usage *usage)
{
	const struct container_resources *before =
		find_previous_resources(usage->host, usage->wasm->container_id);
	int64_t threshold = report_threshold(report, THRESHOLD_MEMORY_GROWTH);
	struct memory_growth growth;

	if (!before || !memory_compare(before, usage->resources, &growth))
		return;
	/* seconds apart, a few pages would make gigabytes an hour */
	if (growth.per_hour <= threshold || growth.after - growth.before <= MEBIBYTE)
		return;
	report_growth(report, facts, usage, &growth);
}

static void judge_container(struct report *report, const struct facts *facts,
			    const struct host *host, const struct wasm_container *wasm)
{
	struct usage usage = {
		.host = host,
		.wasm = wasm,
		.resources = find_resources(host, wasm->container_id),
	};

	if (!usage.resources)
		return;
	usage.used = container_memory(usage.resources);
	usage.charged = container_charged(usage.resources);
	usage.limit = usage.resources->memory_limit;
	if (usage.used == UNSET)
		return;
	if (!judge_limit(report, facts, &usage))
		judge_size(report, facts, &usage);
	judge_growth(report, facts, &usage);
}

/* Its limit and what counts against it cannot be told. */
static void note_unreadable(struct report *report, const struct host *host,
			    const struct wasm_container *wasm)
{
	const struct container_resources *resources =
		find_resources(host, wasm->container_id);

	if (resources && resources->error)
		report_unknown(report, &memory_use_no_cgroup,
			       report_text(report, "%s/%s: %s",
					   text_or_empty(wasm->namespace),
					   text_or_empty(wasm->pod), resources->error));
}

/* The Wasm containers of a host; UNSET when that is not known. */
static int64_t judge_host(struct report *report, const struct facts *facts,
			  const struct host *host)
{
	if (!report_knows_host(report, host, HOST_WASM_CONTAINERS) ||
	    !report_knows_host(report, host, HOST_CONTAINER_RESOURCES))
		return UNSET;
	for (size_t i = 0; i < host->wasm_container_count; i++) {
		const struct wasm_container *wasm = &host->wasm_containers[i];

		judge_container(report, facts, host, wasm);
		note_unreadable(report, host, wasm);
	}
	return (int64_t)host->wasm_container_count;
}

static void run(const struct facts *facts, struct report *report)
{
	bool none = true;

	for (size_t i = 0; i < facts->host_count; i++)
		none &= judge_host(report, facts, &facts->hosts[i]) == 0;
	if (facts->host_count == 0)
		report_skip(report, &memory_use_no_host);
	else if (none)
		report_skip(report, &memory_use_no_wasm);
}

const struct check check_memory_use = {
	.words = &words_memory_use,
	.needs = NEED(FACT_PODS),
	.host_needs = NEED(HOST_WASM_CONTAINERS) | NEED(HOST_CONTAINER_RESOURCES),
	.run = run,
	.reach = REACH_HOST,
};
