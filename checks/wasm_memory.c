// SPDX-License-Identifier: Apache-2.0
/*
 * Why did a WebAssembly module stop: its memory, another trap, or what it needs?
 *
 * The lines of one container's log make one finding, of the most specific code; the
 * engine's generic lines are evidence (facts C4).  Replicas of one workload share it.
 */
#include "wasm_trap.h"

#include "wasm_memory.words.h"
#include "workload.h"

#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#define MEBIBYTE     (INT64_C(1) << 20)
#define KILL_MEMORY  86400 /* seconds an OOM kill that was survived still counts */
#define EVIDENCE_MAX 6 /* lines of a log shown */

static const char *mebibytes(struct report *report, int64_t bytes)
{
	if (bytes % MEBIBYTE == 0)
		return report_text(report, "%lldMi", (long long)(bytes / MEBIBYTE));
	return report_text(report, "%lld", (long long)bytes);
}

/* ---- what logs say ---- */

static const struct guide *guide_of(const struct trap *trap)
{
	switch (trap->kind) {
	case TRAP_OUT_OF_BOUNDS:
		return &WD2401;
	case TRAP_STACK:
		return &WD2402;
	case TRAP_ALLOCATION:
		return &WD2403;
	case TRAP_OTHER:
		return &WD2407;
	case TRAP_UNSUPPORTED:
		return &WD2408;
	default:
		return NULL;
	}
}

static void give_numbers(struct finding *finding, const struct trap *trap)
{
	if (trap->reason[0])
		finding_value(finding, "reason", "%s", trap->reason);
	if (trap->module[0])
		finding_value(finding, "module", "%s", trap->module);
	if (trap->bytes != UNSET)
		finding_value(finding, "bytes", "%lld", (long long)trap->bytes);
	else
		finding_value(finding, "bytes", "?");
	if (!trap->has_offsets) {
		finding_value(finding, "address", "?");
		finding_value(finding, "limit", "?");
		finding_value(finding, "pages", "?");
		return;
	}
	finding_value(finding, "address", "0x%llx", (unsigned long long)trap->from);
	finding_value(finding, "pages", "%llu", (unsigned long long)trap->pages);
	finding_value(finding, "limit", "0x%llx", (unsigned long long)trap->boundary);
}

static void judge_excerpt(struct report *report, const struct facts *facts,
			  const struct log_excerpt *excerpt)
{
	struct place place = { excerpt->namespace, excerpt->pod, excerpt->container };
	const struct guide *guide;
	struct finding *finding;
	const char *source;
	struct trap trap;
	size_t shown = 0;

	trap_read(&excerpt->lines, &trap);
	guide = guide_of(&trap);
	if (!guide)
		return;
	finding = container_finding(report, facts, guide, &place);
	give_numbers(finding, &trap);
	source = report_text(report, "log of %s/%s, container %s",
			     text_or_empty(place.namespace), text_or_empty(place.pod),
			     text_or_empty(place.container));
	for (size_t i = 0; i < excerpt->lines.count && shown < EVIDENCE_MAX; i++) {
		if (!trap_concerns(excerpt->lines.items[i]))
			continue;
		finding_saw(finding, "log", excerpt->lines.items[i], NULL, source);
		shown++;
	}
}

static void judge_logs(struct report *report, const struct facts *facts)
{
	for (size_t i = 0; i < facts->log_count; i++)
		judge_excerpt(report, facts, &facts->logs[i]);
	for (size_t i = 0; i < facts->host_count; i++) {
		const struct host *host = &facts->hosts[i];

		if (!report_knows_host(report, host, HOST_LOGS))
			continue;
		for (size_t j = 0; j < host->log_count; j++)
			judge_excerpt(report, facts, &host->logs[j]);
	}
}

/* ---- what the kernel did ---- */

static bool is_wasm_pod(const struct pod *pod)
{
	if (text_has(pod->runtime_class, "wasm"))
		return true;
	for (size_t i = 0; i < pod->annotation_count; i++)
		if (text_has(pod->annotations[i].key, "wasm") ||
		    text_has(pod->annotations[i].value, "wasm"))
			return true;
	for (size_t i = 0; i < pod->container_count; i++)
		if (text_ends(pod->containers[i].program, ".wasm"))
			return true;
	return false;
}

static const struct termination *out_of_memory(const struct container_status *status,
					       int64_t now)
{
	if (text_equal(status->now.reason, "OOMKilled"))
		return &status->now;
	if (text_equal(status->last.reason, "OOMKilled") &&
	    (status->last.finished == UNSET ||
	     seconds_since(status->last.finished, now) < KILL_MEMORY))
		return &status->last;
	return NULL;
}

static void report_kill(struct report *report, const struct facts *facts,
			const struct pod *pod, const struct container_status *status,
			const struct termination *end)
{
	struct place place = { pod->namespace, pod->name, status->name };
	const struct container *container =
		status->name ? find_container(pod, status->name) : NULL;
	int64_t limit = container && container->memory_limit > 0 ? container->memory_limit
								 : UNSET;
	const struct wasm_container *wasm = find_wasm_container(facts, &place);
	struct finding *finding = container_finding(report, facts, &WD2404, &place);
	const char *source =
		report_text(report, "Pod %s/%s", text_or_empty(pod->namespace),
			    text_or_empty(pod->name));

	finding_value(finding, "limit", "%s",
		      limit == UNSET ? "none" : mebibytes(report, limit));
	finding_value(finding, "value", "%lldMi",
		      (long long)(limit == UNSET ? 128 : limit / MEBIBYTE * 2 + 16));
	finding_saw(
		finding, "terminated.reason",
		report_text(report, "OOMKilled, exit %lld",
			    (long long)(end->exit_code == UNSET ? 137 : end->exit_code)),
		NULL, source);
	finding_saw(finding, "resources.limits.memory",
		    limit == UNSET ? "none" : mebibytes(report, limit), NULL, source);
	if (wasm && wasm->module.kind == WASM_CORE)
		finding_saw(finding, "module memory",
			    report_text(report, "%lld bytes at start",
					(long long)wasm_minimum_bytes(&wasm->module)),
			    NULL, wasm->module_path);
}

static void judge_statuses(struct report *report, const struct facts *facts,
			   const struct pod *pod)
{
	int64_t now = report_now(report);
	bool is_wasm = is_wasm_pod(pod);

	for (size_t i = 0; i < pod->status_count; i++) {
		const struct container_status *status = &pod->statuses[i];
		const struct termination *end = out_of_memory(status, now);
		struct place place = { pod->namespace, pod->name, status->name };

		if (end && (is_wasm || find_wasm_container(facts, &place)))
			report_kill(report, facts, pod, status, end);
	}
}

/* ---- what modules ask for ---- */

static void report_minimum(struct report *report, const struct facts *facts,
			   const struct wasm_container *wasm, int64_t limit)
{
	struct place place = { wasm->namespace, wasm->pod, wasm->container };
	int64_t minimum = wasm_minimum_bytes(&wasm->module);
	struct finding *finding = container_finding(report, facts, &WD2405, &place);

	finding_value(finding, "pages", "%lld", (long long)(minimum / WASM_PAGE_SIZE));
	finding_value(finding, "bytes", "%lld", (long long)minimum);
	finding_value(finding, "limit", "%s", mebibytes(report, limit));
	finding_value(finding, "value", "%lldMi",
		      (long long)(minimum / MEBIBYTE < INT64_MAX / MEBIBYTE
					  ? minimum / MEBIBYTE + 32
					  : 4096));
	finding_saw(finding, "module memory minimum",
		    report_text(report, "%lld pages, %lld bytes",
				(long long)(minimum / WASM_PAGE_SIZE),
				(long long)minimum),
		    report_text(report, "at most %lld bytes", (long long)limit),
		    wasm->module_path);
}

static void report_unbounded(struct report *report, const struct facts *facts,
			     const struct wasm_container *wasm)
{
	struct place place = { wasm->namespace, wasm->pod, wasm->container };
	struct finding *finding = container_finding(report, facts, &WD2406, &place);

	finding_value(
		finding, "value", "%lldMi",
		(long long)(wasm_minimum_bytes(&wasm->module) / MEBIBYTE % 4096 + 64));
	finding_saw(finding, "module memory maximum", "none", NULL, wasm->module_path);
	finding_saw(finding, "resources.limits.memory", "none", NULL,
		    report_text(report, "Pod %s/%s", text_or_empty(wasm->namespace),
				text_or_empty(wasm->pod)));
}

/* No WasmEdge ever served this predecessor of WASI preview 1 (facts D). */
static void judge_imports(struct report *report, const struct facts *facts,
			  const struct wasm_container *wasm)
{
	struct place place = { wasm->namespace, wasm->pod, wasm->container };
	const struct string_list *modules = &wasm->module.import_modules;

	for (size_t i = 0; i < modules->count; i++) {
		struct finding *finding;

		if (!text_equal(modules->items[i], "wasi_unstable"))
			continue;
		finding = container_finding(report, facts, &WD2408, &place);
		finding_value(finding, "reason", "unknown import");
		finding_value(finding, "module", "wasi_unstable");
		finding_saw(finding, "imports", "wasi_unstable", "wasi_snapshot_preview1",
			    wasm->module_path);
	}
}

static void judge_module(struct report *report, const struct facts *facts,
			 const struct wasm_container *wasm, bool pods_known)
{
	const struct pod *pod = find_pod(facts, wasm->namespace, wasm->pod);
	const struct container *container =
		pod && wasm->container ? find_container(pod, wasm->container) : NULL;
	int64_t limit;

	if (wasm->module.kind != WASM_CORE)
		return;
	judge_imports(report, facts, wasm);
	if (!pods_known || !container)
		return;
	limit = container->memory_limit;
	if (limit > 0 && wasm_minimum_bytes(&wasm->module) > limit)
		report_minimum(report, facts, wasm, limit);
	else if (limit <= 0 && wasm->module.memory_count &&
		 wasm_is_unbounded(&wasm->module))
		report_unbounded(report, facts, wasm);
}

static size_t judge_modules(struct report *report, const struct facts *facts,
			    bool pods_known)
{
	size_t count = 0;

	for (size_t i = 0; i < facts->host_count; i++) {
		const struct host *host = &facts->hosts[i];

		if (!report_knows_host(report, host, HOST_WASM_CONTAINERS))
			continue;
		count += host->wasm_container_count;
		for (size_t j = 0; j < host->wasm_container_count; j++)
			judge_module(report, facts, &host->wasm_containers[j],
				     pods_known);
	}
	return count;
}

static bool any_wasm(const struct facts *facts)
{
	if (facts->log_count)
		return true;
	for (size_t i = 0; i < facts->pod_count; i++)
		if (is_wasm_pod(&facts->pods[i]))
			return true;
	for (size_t i = 0; i < facts->host_count; i++)
		if (facts->hosts[i].log_count)
			return true;
	return false;
}

static void run(const struct facts *facts, struct report *report)
{
	bool pods = report_knows(report, FACT_PODS);
	size_t modules = judge_modules(report, facts, pods);

	if (pods && modules == 0 && !any_wasm(facts)) {
		report_skip(report, &wasm_memory_no_wasm);
		return;
	}
	for (size_t i = 0; pods && i < facts->pod_count; i++)
		judge_statuses(report, facts, &facts->pods[i]);
	if (pods)
		report_knows(report, FACT_LOGS);
	judge_logs(report, facts);
}

const struct check check_wasm_memory = {
	.words = &words_wasm_memory,
	.needs = NEED(FACT_PODS) | NEED(FACT_LOGS),
	.host_needs = NEED(HOST_WASM_CONTAINERS) | NEED(HOST_LOGS),
	.run = run,
	.reach = REACH_NODE,
};
