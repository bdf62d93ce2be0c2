// SPDX-License-Identifier: Apache-2.0
/* WD3207 and WD3208: does the pod say to crun that it is WebAssembly, and which part? */
#include <wasmdiag/text.h>

#include "common.h"
#include "runtime_class.h"
#include "runtime_class.words.h"
#include "workload.h"

/* crun-wasm, where we can see it, needs no annotation. */
static bool needs_annotation(const struct facts *facts, const struct pod *pod)
{
	const char *name = pod_handler(facts, pod);
	const struct host *host = find_host(facts, pod->node);
	const struct runtime_handler *handler = host ? find_handler(host, name) : NULL;

	if (!name || !names_crun(facts, name))
		return false;
	return handler ? !is_always_wasm(handler) : true;
}

/* run.oci.handler names an engine that this node's crun was built without. */
static const char *engine_at_odds(const struct facts *facts, const struct pod *pod,
				  const struct wasm_request *request)
{
	const struct host *host = find_host(facts, pod->node);
	const struct runtime_handler *handler =
		host ? find_handler(host, pod_handler(facts, pod)) : NULL;
	const struct runtime_binary *binary =
		handler ? find_runtime(host, handler->binary) : NULL;

	if (!binary || !binary->engine || !text_equal(request->key, HANDLER_KEY) ||
	    text_starts(request->value, "wasm-smart") ||
	    text_equal(request->value, "wasm") ||
	    text_equal(request->value, binary->engine))
		return NULL;
	return binary->engine;
}

static struct finding *find_annotation(const struct class_context *context,
				       const struct pod *pod,
				       const struct wasm_request *request)
{
	struct finding *finding = owner_finding(context->report, &WD3207, pod);

	finding_value(finding, "key", "%s", request->right_key);
	finding_value(finding, "value", "%s", request->right_value);
	finding_value(finding, "actual", "%s",
		      request->key ? report_text(context->report, "%s: %s", request->key,
						 text_or_empty(request->value))
				   : "-");
	finding_value(finding, "runtime_class", "%s", text_or_empty(pod->runtime_class));
	return finding;
}

static void judge_annotation(const struct class_context *context, const struct pod *pod)
{
	struct wasm_request request = wasm_request(pod);
	const char *program = module_program(pod);
	const char *engine = engine_at_odds(context->facts, pod, &request);
	struct finding *finding;

	if ((request.state == REQUEST_GOOD && !engine) ||
	    (request.state == REQUEST_NONE && !program))
		return;
	if (engine)
		request.right_value = engine;
	finding = find_annotation(context, pod, &request);
	finding_saw(finding, "metadata.annotations",
		    request.key ? report_text(context->report, "%s: %s", request.key,
					      text_or_empty(request.value))
				: "-",
		    report_text(context->report, "%s: %s", request.right_key,
				request.right_value),
		    NULL);
	if (program)
		finding_saw(finding, "command[0]", program, NULL, NULL);
}

/* The pod's own words: crun ran a module natively, and no annotation asks otherwise. */
static void hear_native_run(const struct class_context *context, const struct pod *pod,
			    const char *line, const char *source)
{
	struct wasm_request request = wasm_request(pod);
	struct native_run run;

	if (!parse_native_run(line, &run) || !text_equal(run.runtime, "crun") ||
	    request.state == REQUEST_GOOD || !needs_annotation(context->facts, pod))
		return;
	finding_saw(find_annotation(context, pod, &request), source, line, NULL, NULL);
}

static size_t other_programs(const struct container *containers, size_t count)
{
	size_t others = 0;

	for (size_t i = 0; i < count; i++)
		others += !is_module_name(containers[i].program);
	return others;
}

/* It sends every container to the engine, also those that are no module. */
static bool sends_sidecars(const struct pod *pod, const struct wasm_request *request)
{
	return request->state == REQUEST_GOOD && !text_ends(request->value, "-smart") &&
	       pod->container_count + pod->init_container_count >= 2 &&
	       other_programs(pod->containers, pod->container_count) +
			       other_programs(pod->init_containers,
					      pod->init_container_count) >
		       0;
}

static struct finding *find_sidecars(const struct class_context *context,
				     const struct pod *pod,
				     const struct wasm_request *request)
{
	size_t count = pod->container_count + pod->init_container_count;
	struct finding *finding = owner_finding(context->report, &WD3208, pod);
	struct subject workload = workload_of(pod, context->report);

	finding_value(finding, "key", "%s", request->right_key);
	finding_value(finding, "value", "%s", request->right_value);
	finding_value(finding, "count", "%zu", count);
	finding_value(finding, "resource", "%s",
		      workload_resource(&workload, context->report));
	return finding;
}

static void judge_sidecars(const struct class_context *context, const struct pod *pod)
{
	struct wasm_request request = wasm_request(pod);
	size_t count = pod->container_count + pod->init_container_count;

	if (sends_sidecars(pod, &request))
		finding_saw(find_sidecars(context, pod, &request), request.key,
			    request.value, request.right_value,
			    report_text(context->report, "%zu containers", count));
}

/* The engine's words for a file that is no module (an ELF it takes for a library of its
 * own). */
static bool is_no_module(const char *line)
{
	return text_has(line, "loading failed: magic header not detected") ||
	       text_has(line, "loading failed: invalid path");
}

/* One of them has failed for it: no longer what might be. */
static void hear_sidecar(const struct class_context *context, const struct pod *pod,
			 const char *name, const char *line)
{
	struct wasm_request request = wasm_request(pod);
	const struct container *container = name ? find_container(pod, name) : NULL;
	struct finding *finding;

	if (!container || is_module_name(container->program) || !is_no_module(line) ||
	    !sends_sidecars(pod, &request) || !needs_annotation(context->facts, pod))
		return;
	finding = find_sidecars(context, pod, &request);
	finding_severity(finding, SEVERITY_FAIL);
	finding_value(finding, "container", "%s", name);
	finding_saw(finding, "log", line, NULL, name);
}

void class_judge_pod(const struct class_context *context, const struct pod *pod)
{
	struct message_cursor cursor = { 0 };
	const char *message;

	if (!pod->runtime_class || pod_is_well(pod) ||
	    !needs_annotation(context->facts, pod))
		return;
	judge_annotation(context, pod);
	judge_sidecars(context, pod);
	while ((message = next_message(pod, &cursor)))
		hear_native_run(context, pod, message, cursor.what);
}

void class_hear_logs(const struct class_context *context)
{
	struct log_cursor cursor = { 0 };
	const struct log_excerpt *log;

	while ((log = next_log(context->facts, &cursor))) {
		const struct pod *pod = log_pod(context->facts, log);

		for (size_t i = 0; pod && i < log->lines.count; i++) {
			const char *line = text_or_empty(log->lines.items[i]);

			hear_native_run(context, pod, line, "log");
			hear_sidecar(context, pod, log->container, line);
		}
	}
}
