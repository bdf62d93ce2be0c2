// SPDX-License-Identifier: Apache-2.0
/* Can the crun that containerd runs start WebAssembly? */
#include <wasmdiag/check.h>
#include <wasmdiag/report.h>
#include <wasmdiag/text.h>

#include "common.h"
#include "crun.h"
#include "crun.words.h"

/* ---- who needs crun? ---- */

static bool wants_wasm(const struct runtime_handler *handler)
{
	if (is_always_wasm(handler) || text_has(handler->name, "wasm"))
		return true;
	for (size_t i = 0; i < handler->pod_annotations.count; i++) {
		const char *pattern = handler->pod_annotations.items[i];

		if (pattern && (text_path_match(pattern, VARIANT_KEY) ||
				text_path_match(pattern, HANDLER_KEY)))
			return true;
	}
	return false;
}

/* A pod that could run on this node and is crun's to run. */
static bool pod_needs_crun(const struct facts *facts, const struct pod *pod,
			   const struct host *host)
{
	const char *handler = pod_handler(facts, pod);

	if (host && pod->node && !text_equal(pod->node, host->node))
		return false;
	return pod_is_for_crun(facts, pod) || (handler && names_crun(facts, handler));
}

static bool anyone_needs_crun(const struct facts *facts, const struct host *host)
{
	for (size_t i = 0; i < facts->pod_count; i++)
		if (pod_needs_crun(facts, &facts->pods[i], host))
			return true;
	return false;
}

static bool has_crun_handler(const struct host *host)
{
	for (size_t i = 0; i < host->containerd.handler_count; i++)
		if (handler_is_crun(host, &host->containerd.handlers[i]))
			return true;
	return false;
}

/* Nothing is set up for WebAssembly and no pod is: K3s takes up any crun it finds, and
 * podman brings one along. */
static bool is_idle(const struct facts *facts, const struct host *host)
{
	const struct source *source = &facts->source[FACT_PODS];

	if (source->state != FACT_KNOWN && source->state != FACT_ABSENT)
		return false;
	for (size_t i = 0; i < host->containerd.handler_count; i++)
		if (handler_is_crun(host, &host->containerd.handlers[i]) &&
		    wants_wasm(&host->containerd.handlers[i]))
			return false;
	return !anyone_needs_crun(facts, host);
}

/* ---- one binary ---- */

static void add_sufferers(struct finding *finding, const struct crun_context *context)
{
	for (size_t i = 0; i < context->facts->pod_count; i++) {
		const struct pod *pod = &context->facts->pods[i];

		if (pod->node && pod_is_for_crun(context->facts, pod) &&
		    text_equal(pod->node, context->host->node) && !pod_is_well(pod))
			finding_witness(finding, pod_subject(pod));
	}
}

static struct finding *find(const struct crun_context *context, const struct guide *guide,
			    const struct runtime_handler *handler, const char *path)
{
	struct finding *finding =
		report_finding(context->report, guide, host_subject(context->host));

	finding_value(finding, "binary", "%s", path ? path : "/usr/bin/crun");
	if (handler && handler->name)
		finding_value(finding, "handler", "%s", handler->name);
	containerd_values(finding, context->facts, context->host->node);
	crun_package_values(finding, context->facts, context->host->node,
			    guide == &WD2104 ? NULL
			    : path && *path  ? path
					     : "/usr/bin/crun");
	return finding;
}

/* A failure of what is needed; a warning while nothing asks for it. */
static struct finding *find_needed(const struct crun_context *context,
				   const struct guide *guide,
				   const struct runtime_handler *handler,
				   const char *path)
{
	struct finding *finding = find(context, guide, handler, path);

	if (is_idle(context->facts, context->host))
		finding_severity(finding, SEVERITY_WARN);
	add_sufferers(finding, context);
	return finding;
}

/* A part of a version as THRESHOLD_CRUN_VERSION counts it. */
static int64_t version_part(int64_t part)
{
	if (part < 0)
		return 0;
	return part > 999 ? 999 : part;
}

static bool is_older(const struct runtime_binary *binary, int64_t floor)
{
	if (binary->major == UNSET || binary->minor == UNSET)
		return false;
	return version_part(binary->major) * 1000000 +
		       version_part(binary->minor) * 1000 + version_part(binary->patch) <
	       floor;
}

static void judge_version(const struct crun_context *context,
			  const struct runtime_handler *handler,
			  const struct runtime_binary *binary)
{
	int64_t floor = report_threshold(context->report, THRESHOLD_CRUN_VERSION);
	struct finding *finding;
	const char *minimum;

	if (!is_older(binary, floor))
		return;
	finding = find(context, &WD2102, handler, binary->path);
	minimum = report_text(
		context->report, "%lld.%lld.%lld", (long long)(floor / 1000000),
		(long long)(floor / 1000 % 1000), (long long)(floor % 1000));
	finding_value(finding, "version", "%s", text_or_empty(binary->version));
	finding_value(finding, "expected", "%s", minimum);
	finding_saw(finding, "crun --version", text_or_empty(binary->version),
		    report_text(context->report, ">= %s", minimum), binary->path);
}

static const char *features_text(struct report *report,
				 const struct runtime_binary *binary)
{
	const char *text = "";

	for (size_t i = 0; i < binary->features.count; i++)
		text = report_text(report, "%s%s%s", text, i ? " " : "",
				   text_or_empty(binary->features.items[i]));
	return text;
}

static void judge_engine(const struct crun_context *context,
			 const struct runtime_handler *handler,
			 const struct runtime_binary *binary)
{
	const char *version = binary->version ? binary->version : "?";
	const char *features = features_text(context->report, binary);
	struct finding *finding;

	if (binary->wasm != ANSWER_NO)
		return;
	finding = find_needed(context, &WD2103, handler, binary->path);
	finding_value(finding, "version", "%s", version);
	if (*features)
		finding_saw(finding, "crun --version", features, "+WASM:wasmedge",
			    binary->path);
	else
		finding_saw(finding, "run.oci.crun.wasm", "false", "true", binary->path);
}

/* The search came to an end: the cache lists a file that is gone, or a file is there that
 * the cache does not list (src/collect/library.c).  ld.so finds neither. */
static bool proves_absence(const char *library_error)
{
	return text_has(library_error, " lists ") || text_has(library_error, " is there");
}

static void judge_library(const struct crun_context *context,
			  const struct runtime_handler *handler,
			  const struct runtime_binary *binary)
{
	struct finding *finding;

	if (binary->wasm != ANSWER_YES || !binary->library || binary->library_path)
		return;
	if (binary->library_error && !proves_absence(binary->library_error)) {
		report_unknown(context->report, &crun_library_unsought,
			       binary->library_error);
		return;
	}
	finding = find_needed(context, &WD2104, handler, binary->path);
	finding_value(finding, "library", "%s", binary->library);
	finding_value(finding, "engine", "%s",
		      binary->engine ? binary->engine : "wasmedge");
	finding_saw(finding, binary->library,
		    binary->library_error ? binary->library_error : "not found",
		    "found by ld.so", "ldconfig -p");
}

/* The file is there and cannot be a program: it is empty, or built for another CPU. */
static bool is_no_program(const struct runtime_binary *binary)
{
	return !binary->version && (text_has(binary->error, "empty") ||
				    text_has(binary->error, "xec format error"));
}

static const char *why_unusable(const struct runtime_binary *binary)
{
	if (!binary || !binary->exists)
		return "no such file";
	if (!binary->executable)
		return "not executable";
	return is_no_program(binary) ? binary->error : NULL;
}

static void judge_handler(const struct crun_context *context,
			  const struct runtime_handler *handler)
{
	const char *path = handler->binary ? handler->binary : handler->binary_name;
	const struct runtime_binary *binary = find_runtime(context->host, path);
	const char *why = why_unusable(binary);
	struct finding *finding;

	/* Found by containerd's own search, yet nobody looked at the file. */
	if (!binary && handler->binary) {
		report_unknown(context->report, &crun_not_asked, handler->binary);
		return;
	}
	if (why) {
		finding = find(context, &WD2101, handler, path);
		add_sufferers(finding, context);
		finding_saw(
			finding, "BinaryName",
			report_text(context->report, "%s: %s", text_or_empty(path), why),
			"an executable crun", handler->file);
		return;
	}
	if (binary->wasm == ANSWER_UNKNOWN && binary->error)
		report_unknown(context->report, &crun_not_asked, binary->error);
	judge_version(context, handler, binary);
	judge_engine(context, handler, binary);
	judge_library(context, handler, binary);
}

/* ---- one host ---- */

static const struct runtime_binary *crun_on_path(const struct host *host)
{
	for (size_t i = 0; i < host->runtime_count; i++)
		if (host->runtimes[i].on_path && host->runtimes[i].exists &&
		    is_crun_name(host->runtimes[i].path))
			return &host->runtimes[i];
	return NULL;
}

static const char *real_path(const struct runtime_binary *binary)
{
	return binary->target ? binary->target : binary->path;
}

/* Two files that are the same version with the same engine mislead nobody. */
static bool differ(const struct runtime_binary *a, const struct runtime_binary *b)
{
	if (text_equal(real_path(a), real_path(b)))
		return false;
	return !text_equal(a->version, b->version) || a->wasm != b->wasm;
}

static void judge_path(const struct crun_context *context,
		       const struct runtime_handler *handler)
{
	const struct runtime_binary *shell = crun_on_path(context->host);
	const struct runtime_binary *used = find_runtime(context->host, handler->binary);
	struct finding *finding;

	if (!shell || !used || !used->exists || !differ(shell, used))
		return;
	finding = find(context, &WD2105, handler, used->path);
	finding_value(finding, "actual", "%s", text_or_empty(shell->path));
	finding_saw(finding, "crun --version",
		    report_text(context->report, "%s: %s", text_or_empty(shell->path),
				text_or_empty(shell->version)),
		    report_text(context->report, "%s: %s", text_or_empty(used->path),
				text_or_empty(used->version)),
		    "PATH");
}

static bool has_any_crun(const struct host *host)
{
	for (size_t i = 0; i < host->runtime_count; i++)
		if (host->runtimes[i].exists &&
		    (text_equal(host->runtimes[i].program, "crun") ||
		     is_crun_name(host->runtimes[i].path)))
			return true;
	return false;
}

/* No crun at all, and a pod of this node wants it. */
static void judge_absence(const struct crun_context *context)
{
	struct finding *finding;

	if (has_any_crun(context->host))
		return;
	for (size_t i = 0; i < context->facts->pod_count; i++) {
		const struct pod *pod = &context->facts->pods[i];

		if (!pod->node || !pod_needs_crun(context->facts, pod, context->host))
			continue;
		finding = find(context, &WD2101, NULL, NULL);
		finding_witness(finding, pod_subject(pod));
		finding_saw(finding, "crun", "not installed", NULL, "PATH");
	}
}

static bool judge_host(const struct crun_context *context)
{
	const struct host *host = context->host;
	bool used = has_crun_handler(host);

	for (size_t i = 0; used && i < host->containerd.handler_count; i++) {
		const struct runtime_handler *handler = &host->containerd.handlers[i];

		if (!handler_is_crun(host, handler))
			continue;
		judge_handler(context, handler);
		judge_path(context, handler);
	}
	if (!used)
		judge_absence(context);
	return used;
}

static bool knows_binaries(struct report *report, const struct host *host)
{
	bool containerd = report_knows_host(report, host, HOST_CONTAINERD);
	bool runtimes = report_knows_host(report, host, HOST_RUNTIMES);

	return containerd && runtimes;
}

static void run(const struct facts *facts, struct report *report)
{
	struct crun_context context = { .facts = facts, .report = report };
	bool pods, classes, events, used, judged = false;

	pods = report_knows(report, FACT_PODS);
	classes = report_knows(report, FACT_RUNTIME_CLASSES);
	events = report_knows(report, FACT_EVENTS);
	used = pods && classes && anyone_needs_crun(facts, NULL);
	for (size_t i = 0; i < facts->host_count; i++) {
		context.host = &facts->hosts[i];
		if (!knows_binaries(report, context.host))
			continue;
		judged = true;
		used |= judge_host(&context);
	}
	context.host = NULL;
	if (pods) {
		used |= crun_hear_pods(&context);
		used |= crun_hear_logs(&context);
	}
	if (events)
		used |= crun_hear_events(&context);
	if (!used)
		report_skip(report, &crun_not_used);
	else if (!judged)
		report_skip(report, &crun_not_on_a_node);
}

const struct check check_crun = {
	.words = &words_crun,
	.needs = NEED(FACT_PODS) | NEED(FACT_RUNTIME_CLASSES) | NEED(FACT_EVENTS) |
		 NEED(FACT_NODES) | NEED(FACT_LOGS),
	.host_needs = NEED(HOST_CONTAINERD) | NEED(HOST_RUNTIMES) | NEED(HOST_K3S) |
		      NEED(HOST_LOGS),
	.run = run,
	.reach = REACH_NODE,
};
