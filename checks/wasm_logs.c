// SPDX-License-Identifier: Apache-2.0
/*
 * Which Wasm containers wrote nothing, although they could have (facts A4, A6)?
 *
 * To say nothing is no fault, and a service may well be quiet.  So a running container is
 * named only when its module can write at all (it imports fd_write), has run for a while
 * and really runs in the engine; and as a remark when its language writes each line out
 * at once, so that silence is just silence.  One that ended at once with 0 is named
 * whatever it is, as its exit code proves nothing.
 */
#include <wasmdiag/check.h>
#include <wasmdiag/text.h>
#include <wasmdiag/thresholds.h>

#include "common.h"
#include "wasm_logs.words.h"
#include "workload.h"

#define QUICK 1 /* seconds: the API counts whole ones */

/* One empty log and what is known of who should have written to it. */
struct silence {
	const struct facts *facts;
	struct report *report;
	const struct silent_log *log;
	struct place place;
	const struct pod *pod; /* NULL: unknown */
	const struct container_status *status; /* NULL: unknown */
	const struct wasm_container *wasm; /* NULL: no node tells */
};

static struct finding *begin(const struct silence *silence, int64_t seconds)
{
	struct finding *finding = container_finding(silence->report, silence->facts,
						    &WD2110, &silence->place);

	finding_value(finding, "seconds", "%lld", (long long)seconds);
	if (silence->pod && silence->pod->node)
		finding_value(finding, "node", "%s", silence->pod->node);
	if (silence->log->restart > 0)
		finding_value(finding, "count", "%lld", (long long)silence->log->restart);
	finding_saw(finding, "log", "0 bytes", NULL,
		    report_text(silence->report, "%s/%s, container %s",
				text_or_empty(silence->place.namespace),
				text_or_empty(silence->place.pod),
				text_or_empty(silence->place.container)));
	return finding;
}

/* ---- it runs ---- */

static bool can_write(const struct wasm_module *module)
{
	for (size_t i = 0; i < module->import_count; i++)
		if (text_equal(module->imports[i].name, "fd_write") ||
		    text_equal(module->imports[i].name, "fd_pwrite"))
			return true;
	return false;
}

/* Rust's stdout is written by the line, Go's at once; C's by the buffer (facts A4). */
static bool writes_at_once(const struct wasm_module *module)
{
	return text_equal(module->language, "Rust") || text_equal(module->language, "Go");
}

static const char *shim_of(const struct wasm_container *wasm)
{
	const char *runtime = base_name(wasm->runtime);

	return text_starts(runtime, "containerd-shim-") &&
			       !text_starts(runtime, "containerd-shim-runc")
		       ? runtime
		       : NULL;
}

/* It could have written for so long: its seconds; UNSET when that is not known. */
static int64_t silent_seconds(const struct silence *silence)
{
	const struct wasm_container *wasm = silence->wasm;
	int64_t seconds = seconds_since(silence->log->since, report_now(silence->report));

	if (!wasm || !(wasm->in_engine || shim_of(wasm)) ||
	    wasm->module.kind != WASM_CORE || !can_write(&wasm->module))
		return UNSET;
	if (seconds == INT64_MAX ||
	    seconds < report_threshold(silence->report, THRESHOLD_SILENCE) / 1000)
		return UNSET;
	return seconds;
}

static void judge_running(const struct silence *silence)
{
	const struct wasm_container *wasm = silence->wasm;
	int64_t seconds = silent_seconds(silence);
	struct finding *finding;

	if (seconds == UNSET)
		return;
	finding = begin(silence, seconds);
	if (shim_of(wasm))
		finding_value(finding, "program", "%s", shim_of(wasm));
	finding_saw(finding, "runs in", wasm->in_engine ? "wasmedge" : shim_of(wasm),
		    NULL,
		    report_text(silence->report, "process %lld", (long long)wasm->pid));
	finding_saw(finding, "module imports", "fd_write", NULL, wasm->module_path);
	if (wasm->module.language)
		finding_saw(finding, "module language", wasm->module.language, NULL,
			    wasm->module_path);
	if (writes_at_once(&wasm->module))
		finding_severity(finding, SEVERITY_INFO);
	else
		finding_value(finding, "engine", "%s",
			      wasm->in_engine ? "wasmedge" : shim_of(wasm));
}

/* ---- it ended ---- */

/* Beside a module there may be native containers, quiet by nature: an init container that
 * sets rights.  Only a program that is a module, or the pod's only container, is Wasm. */
static bool is_module_of(const struct pod *pod, const char *name)
{
	const struct container *container = name ? find_container(pod, name) : NULL;
	struct wasm_request request = wasm_request(pod);

	if (!container || !pod_is_wasm(pod))
		return false;
	if (request.state == REQUEST_GOOD && !text_ends(request.value, "-smart"))
		return true;
	if (container->program)
		return is_module_name(container->program);
	return pod->container_count == 1 && container == &pod->containers[0];
}

/* How the instance whose log this is ended; NULL when it did not, or is not known to. */
static const struct termination *end_of(const struct silence *silence)
{
	const struct container_status *status = silence->status;

	if (!status || status->running_since != UNSET)
		return NULL;
	return status->now.exit_code != UNSET ? &status->now : &status->last;
}

static void judge_ended(const struct silence *silence, const struct termination *end)
{
	struct finding *finding;
	int64_t seconds;

	if (end->exit_code != 0 || end->started == UNSET || end->finished < end->started)
		return;
	seconds = seconds_since(end->started, end->finished);
	if (seconds > QUICK || !is_module_of(silence->pod, silence->place.container))
		return;
	finding = begin(silence, seconds);
	finding_value(finding, "code", "0");
	finding_saw(finding, "terminated",
		    report_text(silence->report, "%s, exit 0 after %lld s",
				end->reason ? end->reason : "Completed",
				(long long)seconds),
		    NULL, "status.containerStatuses");
}

/* ---- all of them ---- */

static void judge_log(const struct facts *facts, struct report *report,
		      const struct silent_log *log)
{
	struct silence silence = {
		.facts = facts,
		.report = report,
		.log = log,
		.place = { log->namespace, log->pod, log->container },
	};
	const struct termination *end;

	silence.pod = find_pod(facts, log->namespace, log->pod);
	silence.status = silence.pod ? find_status(silence.pod, log->container) : NULL;
	silence.wasm = find_wasm_container(facts, &silence.place);
	/* a pod made anew, or an instance since */
	if (silence.pod && log->pod_uid && silence.pod->uid &&
	    !text_equal(silence.pod->uid, log->pod_uid))
		return;
	if (silence.status && log->restart != UNSET &&
	    silence.status->restarts != UNSET &&
	    log->restart < silence.status->restarts - 1)
		return;
	end = end_of(&silence);
	if (end)
		judge_ended(&silence, end);
	else
		judge_running(&silence);
}

static bool any_wasm(const struct facts *facts, size_t containers)
{
	for (size_t i = 0; containers == 0 && i < facts->pod_count; i++)
		if (pod_is_wasm(&facts->pods[i]))
			return true;
	return containers > 0;
}

/* The number of Wasm containers that nodes tell of. */
static size_t judge_hosts(const struct facts *facts, struct report *report)
{
	size_t count = 0;

	for (size_t i = 0; i < facts->host_count; i++) {
		const struct host *host = &facts->hosts[i];

		if (!report_knows_host(report, host, HOST_WASM_CONTAINERS) ||
		    !report_knows_host(report, host, HOST_LOGS))
			continue;
		count += host->wasm_container_count;
		for (size_t j = 0; j < host->silent_log_count; j++)
			judge_log(facts, report, &host->silent_logs[j]);
	}
	return count;
}

static void run(const struct facts *facts, struct report *report)
{
	bool pods = report_knows(report, FACT_PODS);
	size_t containers = judge_hosts(facts, report);

	if (pods && !any_wasm(facts, containers)) {
		report_skip(report, &wasm_logs_no_wasm);
		return;
	}
	if (!pods || !report_knows(report, FACT_LOGS))
		return;
	for (size_t i = 0; i < facts->silent_log_count; i++)
		judge_log(facts, report, &facts->silent_logs[i]);
}

const struct check check_wasm_logs = {
	.words = &words_wasm_logs,
	.needs = NEED(FACT_PODS) | NEED(FACT_LOGS),
	.host_needs = NEED(HOST_WASM_CONTAINERS) | NEED(HOST_LOGS),
	.run = run,
	.reach = REACH_NODE,
};
