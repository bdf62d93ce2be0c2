// SPDX-License-Identifier: Apache-2.0
/* Containers that end again and again, and those that never began: no entry point. */
#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#include "common.h"
#include "pod_start.h"
#include "pod_start.words.h"
#include "workload.h"

#define RESTARTS 3 /* that make a loop before the kubelet calls it one */

/* ---- 3213: entry point not found ---- */

/* How the runtimes and the engine name what is not there (facts A5, A6). */
static const struct {
	const char *before, *after;
} entry_words[] = {
	{ "executable file `", "` not found" }, /* crun */
	{ "exec: \"", "\": executable file not found in $PATH" }, /* runc */
	{ "exec: \"", "\": stat " }, /* runc, by an absolute path */
	{ "File name: \"", "\"" }, /* WasmEdge, behind "invalid path" */
	{ "When executing function name: \"", "\"" }, /* behind "wasm function ..." */
};

/* "File name:" and "When executing" also stand behind other errors. */
static bool is_detail(const char *line)
{
	return text_has(line, "File name: \"") || text_has(line, "When executing");
}

static const char *said_program(const char *line, char *out, size_t size)
{
	for (size_t i = 0; i < ARRAY_SIZE(entry_words); i++)
		if (text_between(line, entry_words[i].before, entry_words[i].after, out,
				 size))
			return out;
	return NULL;
}

static const char *program_of(const struct pod *pod, const char *name)
{
	const struct container *container = name ? find_container(pod, name) : NULL;

	if (container && container->program)
		return container->program;
	return module_program(pod) ? module_program(pod) : "the image's entry point";
}

static void image_value(struct finding *finding, const struct facts *facts,
			const struct pod *pod, const char *name)
{
	const struct container *container = name ? find_container(pod, name) : NULL;

	if (container && container->image)
		finding_value(finding,
			      node_is_k3s(facts, pod->node) ? "bundled_image"
							    : "cri_image",
			      "%s", container->image);
}

void start_hear_entry(const struct start_context *context, const struct pod *pod,
		      const char *line, const char *source, const char *container)
{
	struct finding *finding;
	const char *program;
	char said[512];

	if (!guide_matches(&WD3213, line) || is_detail(line))
		return;
	program = said_program(line, said, sizeof(said));
	finding = owner_finding(context->report, &WD3213, pod);
	finding_saw(finding, source, line, NULL, container);
	if (!program)
		program = program_of(pod, container);
	finding_value(finding, "program", "%s", program);
	finding_value(finding, "container", "%s", text_or_empty(container));
	if (text_has(line, "wasm function not found")) {
		finding_value(finding, "reason", "no function _start");
		finding_value(finding, "function", "_start");
	} else {
		finding_value(finding, "reason", "no such file");
		finding_value(finding, "file", "%s", program);
	}
	/* A module that a runtime looks for in $PATH has not come to the engine. */
	if (is_module_name(program) && text_has(line, "executable file `"))
		start_crun_values(finding, context->facts, pod);
	image_value(finding, context->facts, pod, container);
}

/* ---- 3210: crash loop ---- */

static const struct termination *last_end(const struct container_status *status)
{
	return status->now.exit_code != UNSET ? &status->now : &status->last;
}

static bool is_looping(const struct container_status *status)
{
	if (text_equal(status->waiting_reason, "CrashLoopBackOff"))
		return true;
	return status->restarts >= RESTARTS && !container_is_well(status) &&
	       last_end(status)->exit_code != UNSET && last_end(status)->exit_code != 0;
}

/* The last of the lines that are known to mean something: others are not kept. */
static void show_log(struct finding *finding, const struct start_context *context,
		     const struct pod *pod, const char *container)
{
	struct log_cursor cursor = { 0 };
	const struct log_excerpt *log;

	while ((log = next_log(context->facts, &cursor))) {
		size_t count = log->lines.count;

		if (count && text_equal(log->pod, pod->name) &&
		    text_equal(log->namespace, pod->namespace) &&
		    text_equal(log->container, container) && log->lines.items[count - 1])
			finding_saw(finding, "log", log->lines.items[count - 1], NULL,
				    container);
	}
}

/* Ended well, and started again because the workload wants it to run for ever. */
static void end_values(struct finding *finding, const struct termination *end)
{
	int64_t seconds = 0;

	finding_value(finding, "reason", "%s", end->reason ? end->reason : "unknown");
	finding_value(finding, "code", "%lld",
		      (long long)(end->exit_code == UNSET ? -1 : end->exit_code));
	if (end->started > 0 && end->finished >= end->started)
		seconds = end->finished - end->started;
	if (end->exit_code == 0)
		finding_value(finding, "seconds", "%lld", (long long)seconds);
}

/* Twice the limit that it was killed at. */
static void limit_value(struct finding *finding, const struct pod *pod,
			const struct container_status *status)
{
	const struct container *container =
		status->name ? find_container(pod, status->name) : NULL;
	int64_t limit = container ? container->memory_limit : UNSET;

	if (limit > 0 && limit <= INT64_MAX / 2 &&
	    text_equal(last_end(status)->reason, "OOMKilled"))
		finding_value(finding, "limit", "%lld", (long long)limit * 2);
}

static void report_loop(const struct start_context *context, const struct pod *pod,
			const struct container_status *status)
{
	struct report *report = context->report;
	struct finding *finding = owner_finding(report, &WD3210, pod);
	struct subject workload = workload_of(pod, report);
	const struct termination *end = last_end(status);
	char library[256];

	finding_value(finding, "resource", "%s", workload_resource(&workload, report));
	finding_value(finding, "container", "%s", text_or_empty(status->name));
	finding_value(finding, "count", "%lld",
		      (long long)(status->restarts > 0 ? status->restarts : 0));
	end_values(finding, end);
	limit_value(finding, pod, status);
	finding_saw(
		finding, "last end",
		report_text(report, "%s, exit %lld",
			    end->reason ? end->reason : "unknown",
			    (long long)(end->exit_code == UNSET ? -1 : end->exit_code)),
		NULL, status->name);
	if (end->message)
		finding_saw(finding, "terminated.message", end->message, NULL,
			    status->name);
	if (text_between(end->message, "could not load `", "`", library, sizeof(library)))
		finding_value(finding, "library", "%s", library);
	/* A module that fails where crun has no engine, or is not told, fails for that.
	 */
	if (pod_is_for_crun(context->facts, pod) && end->exit_code != 0)
		start_crun_values(finding, context->facts, pod);
	show_log(finding, context, pod, status->name);
}

static void judge_statuses(const struct start_context *context, const struct pod *pod,
			   const struct container_status *statuses, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_looping(&statuses[i]))
			report_loop(context, pod, &statuses[i]);
}

void start_judge_crashes(const struct start_context *context)
{
	for (size_t i = 0; i < context->facts->pod_count; i++) {
		const struct pod *pod = &context->facts->pods[i];

		if (pod_is_over(pod))
			continue;
		judge_statuses(context, pod, pod->init_statuses, pod->init_status_count);
		judge_statuses(context, pod, pod->statuses, pod->status_count);
	}
}
