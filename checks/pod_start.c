// SPDX-License-Identifier: Apache-2.0
/* Did pods start, and in the engine rather than natively? */
#include <stdio.h>

#include <wasmdiag/check.h>
#include <wasmdiag/report.h>
#include <wasmdiag/text.h>

#include "common.h"
#include "pod_start.h"
#include "pod_start.words.h"

/* ---- 3206: Wasm ran natively ---- */

/* A RuntimeClass to name: the pod's own where it leads to crun, else one that does, one
 * called after Wasm before another. */
static const char *class_for(const struct facts *facts, const struct pod *pod)
{
	const char *best = NULL;

	if (pod->runtime_class && names_crun(facts, pod_handler(facts, pod)))
		return pod->runtime_class;
	for (size_t i = 0; i < facts->runtime_class_count; i++) {
		const struct runtime_class *class = &facts->runtime_classes[i];

		if (!class->name || !class->handler || !names_crun(facts, class->handler))
			continue;
		if (!best || (!text_has(best, "wasm") && text_has(class->name, "wasm")))
			best = class->name;
	}
	return best ? best : "crun-wasm";
}

/* What joins it to the handler or the binary at fault: crun's wording only, as runc's
 * says that the pod never came to crun. */
void start_crun_values(struct finding *finding, const struct facts *facts,
		       const struct pod *pod)
{
	const struct host *host = find_host(facts, pod->node);
	const char *name = pod_handler(facts, pod);
	const struct runtime_handler *handler;

	if (!name && host)
		name = host->containerd.default_runtime;
	handler = host ? find_handler(host, name) : NULL;
	finding_value(finding, "handler", "%s", name ? name : "crun");
	if (handler && handler->binary)
		finding_value(finding, "binary", "%s", handler->binary);
}

/* The RuntimeClass that the fix names, and its handler. */
static void class_values(struct finding *finding, const struct facts *facts,
			 const struct pod *pod)
{
	const char *name = class_for(facts, pod);
	const struct runtime_class *class = find_runtime_class(facts, name);

	finding_value(finding, "runtime_class", "%s", name);
	finding_value(finding, "new_handler", "%s",
		      class && class->handler ? class->handler : "crun");
}

static struct finding *find_native(const struct start_context *context,
				   const struct pod *pod, const char *runtime)
{
	struct finding *finding = owner_finding(context->report, &WD3206, pod);

	finding_value(finding, "actual", "%s", runtime);
	if (text_equal(runtime, "crun")) {
		start_crun_values(finding, context->facts, pod);
		return finding;
	}
	class_values(finding, context->facts, pod);
	finding_saw(finding, "spec.runtimeClassName",
		    pod->runtime_class ? pod->runtime_class : "-",
		    class_for(context->facts, pod), NULL);
	return finding;
}

static void hear(const struct start_context *context, const struct pod *pod,
		 const char *line, const char *source, const char *container)
{
	struct native_run run;
	struct finding *finding;

	if (!parse_native_run(line, &run) || (!run.program[0] && !pod_is_wasm(pod)))
		return;
	finding = find_native(context, pod, run.runtime);
	finding_value(finding, "program", "%s",
		      run.program[0]        ? run.program
		      : module_program(pod) ? module_program(pod)
					    : "the module");
	finding_saw(finding, source, line, NULL, container);
}

static void hear_pod(const struct start_context *context, const struct pod *pod)
{
	struct message_cursor cursor = { 0 };
	const char *message;

	while ((message = next_message(pod, &cursor))) {
		hear(context, pod, message, cursor.what, cursor.container);
		start_hear_entry(context, pod, message, cursor.what, cursor.container);
	}
}

static void hear_logs(const struct start_context *context)
{
	struct log_cursor cursor = { 0 };
	const struct log_excerpt *log;

	while ((log = next_log(context->facts, &cursor))) {
		const struct pod *pod = log_pod(context->facts, log);

		for (size_t i = 0; pod && i < log->lines.count; i++) {
			hear(context, pod, log->lines.items[i], "log", log->container);
			start_hear_entry(context, pod, log->lines.items[i], "log",
					 log->container);
		}
	}
}

/* The container could not run what it was given; how it ended says no more than that. */
static bool could_not_run(const struct container_status *status)
{
	const struct termination *end =
		status->now.exit_code != UNSET ? &status->now : &status->last;

	if (container_is_well(status) || end->exit_code == UNSET || end->exit_code == 0)
		return false;
	return text_equal(end->reason, "Error") || text_equal(end->reason, "StartError");
}

static bool default_is_crun(const struct facts *facts, const char *node)
{
	const struct host *host = find_host(facts, node);

	return host && host->containerd.default_runtime &&
	       names_crun(facts, host->containerd.default_runtime);
}

/* No log to read: a module that is started without a RuntimeClass and fails does so
 * because runc cannot run it. */
static void judge_intent(const struct start_context *context, const struct pod *pod)
{
	const char *program = module_program(pod);
	struct finding *finding;

	if (!program || pod->runtime_class || default_is_crun(context->facts, pod->node))
		return;
	for (size_t i = 0; i < pod->container_count; i++) {
		const struct container_status *status =
			find_status(pod, pod->containers[i].name);

		if (!is_module_name(pod->containers[i].program) || !status ||
		    !could_not_run(status))
			continue;
		finding = find_native(context, pod, "runc");
		finding_value(finding, "program", "%s", program);
		finding_saw(finding, "command[0]", program, NULL, status->name);
	}
}

static void run(const struct facts *facts, struct report *report)
{
	struct start_context context = { facts, report };

	if (report_knows(report, FACT_NODES))
		start_judge_pressure(&context);
	if (!report_knows(report, FACT_PODS))
		return;
	start_judge_pending(&context);
	for (size_t i = 0; i < facts->pod_count; i++)
		hear_pod(&context, &facts->pods[i]);
	hear_logs(&context);
	for (size_t i = 0; i < facts->pod_count; i++)
		judge_intent(&context, &facts->pods[i]);
	start_judge_creation(&context);
	start_hear_probes(&context);
	start_judge_crashes(&context);
}

const struct check check_pod_start = {
	.words = &words_pod_start,
	.needs = NEED(FACT_PODS) | NEED(FACT_RUNTIME_CLASSES) | NEED(FACT_LOGS) |
		 NEED(FACT_EVENTS) | NEED(FACT_NODES),
	.host_needs = NEED(HOST_CONTAINERD) | NEED(HOST_LOGS),
	.run = run,
	.reach = REACH_NODE,
};
