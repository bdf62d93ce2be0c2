// SPDX-License-Identifier: Apache-2.0
/* Do RuntimeClasses lead to a handler, and does the handler tell crun it is WebAssembly?
 */
#include <wasmdiag/check.h>
#include <wasmdiag/report.h>
#include <wasmdiag/text.h>

#include "common.h"
#include "runtime_class.h"
#include "runtime_class.words.h"

static bool is_over(const struct pod *pod)
{
	return text_equal(pod->phase, "Succeeded") || text_equal(pod->phase, "Failed");
}

/* ---- names ---- */

/* Handlers that K3s declares for binaries other than crun, named as their RuntimeClasses
 * (facts B2). */
static bool is_shim_name(const char *name)
{
	static const char *const names[] = { "lunatic", "nvidia",   "slight",   "spin",
					     "wasmer",  "wasmedge", "wasmtime", "wws" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (text_equal(names[i], name))
			return true;
	return false;
}

/* Does the handler pass on what crun looks for? */
static const char *matching_pattern(const struct runtime_handler *handler,
				    const char *key)
{
	for (size_t i = 0; i < handler->pod_annotations.count; i++) {
		const char *pattern = handler->pod_annotations.items[i];

		if (pattern && text_path_match(pattern, key))
			return pattern;
	}
	return NULL;
}

/* The handler a RuntimeClass of that name should have: its namesake where a node has one,
 * else a node's crun handler, one that passes the annotation before one that does not. */
static const char *handler_for(const struct facts *facts, const char *class)
{
	const char *passing = NULL, *any = NULL;

	if (is_shim_name(class))
		return class;
	for (size_t i = 0; i < facts->host_count; i++) {
		const struct host *host = &facts->hosts[i];

		if (find_handler(host, class))
			return class;
		for (size_t j = 0; j < host->containerd.handler_count; j++) {
			const struct runtime_handler *handler =
				&host->containerd.handlers[j];

			if (!handler->name || !handler_is_crun(host, handler))
				continue;
			any = any ? any : handler->name;
			if (!passing && (is_always_wasm(handler) ||
					 matching_pattern(handler, VARIANT_KEY)))
				passing = handler->name;
		}
	}
	return passing ? passing : any ? any : "crun";
}

/* A handler that a pod was to run with on a node, either of which may be unknown. */
struct use {
	const struct pod *pod;
	const char *node;
	const char *handler;
	bool absent; /* the handler is; else it is there and unfit */
};

/* The program that K3s looks for when it starts, to declare a handler for (facts B2). */
static const char *program_for(const struct class_context *context, const struct use *use)
{
	if (text_equal(use->handler, "spin"))
		return "containerd-shim-spin-v2";
	if (is_shim_name(use->handler))
		return report_text(context->report, "containerd-shim-%s-v1",
				   use->handler);
	if (text_equal(use->handler, "crun") && node_is_k3s(context->facts, use->node))
		return "crun";
	return NULL;
}

/*
 * What to do for this handler to work: install the {package} that K3s makes it of,
 * install the shim {program} and declare it as {value} where K3s does not, or declare
 * {new_handler} and let the RuntimeClass {name} lead to it.  K3s owns its handler crun
 * and its RuntimeClass crun, so those get a neighbour; a handler of another name that is
 * merely absent is declared.
 */
static void use_values(struct finding *finding, const struct class_context *context,
		       const struct use *use)
{
	const char *class = use->pod ? use->pod->runtime_class : NULL;
	const char *program = use->absent ? program_for(context, use) : NULL;

	finding_value(finding, "handler", "%s", use->handler);
	if (class)
		finding_value(finding, "runtime_class", "%s", class);
	if (use->pod)
		owner_values(finding, use->pod, context->report);
	containerd_values(finding, context->facts, use->node);
	if (program && node_is_k3s(context->facts, use->node)) {
		finding_value(finding, "package", "%s", program);
		return;
	}
	if (program) {
		finding_value(finding, "program", "%s", program);
		finding_value(finding, "value", "io.containerd.%s.v%d", use->handler,
			      text_equal(use->handler, "spin") ? 2 : 1);
		return;
	}
	finding_value(finding, "new_handler", "%s",
		      use->absent ? use->handler
				  : free_handler(context->facts, use->node));
	finding_value(finding, "name", "%s",
		      class && !text_equal(class, "crun") ? class : "crun-wasm");
}

/* ---- 3203: there is no such RuntimeClass ---- */

static struct finding *find_missing_class(const struct class_context *context,
					  const char *class, struct subject who)
{
	struct finding *finding =
		report_finding(context->report, &WD3203,
			       (struct subject){ "RuntimeClass", NULL, class });

	finding_value(finding, "handler", "%s", handler_for(context->facts, class));
	finding_witness(finding, who);
	return finding;
}

static void judge_missing_classes(const struct class_context *context)
{
	for (size_t i = 0; i < context->facts->pod_count; i++) {
		const struct pod *pod = &context->facts->pods[i];
		const char *class = pod->runtime_class;

		if (!class || !*class || is_over(pod) ||
		    find_runtime_class(context->facts, class))
			continue;
		finding_saw(find_missing_class(context, class, pod_subject(pod)),
			    "spec.runtimeClassName", class, "a RuntimeClass", "pods");
	}
}

/* admission.go at creation; the kubelet when it was deleted since (facts B5). */
static bool parse_missing_class(const char *message, char *name, size_t size)
{
	return text_between(message, "RuntimeClass \"", "\" not found", name, size) ||
	       text_between(message, "runtimeclass.node.k8s.io \"", "\" not found", name,
			    size);
}

static void hear_missing_class(const struct class_context *context,
			       const struct event *event, const char *class)
{
	struct subject who = { text_or_empty(event->kind), event->namespace,
			       event->name };

	if (find_runtime_class(context->facts, class) ||
	    event_is_stale(context->facts, event))
		return;
	finding_saw(find_missing_class(context, class, who), text_or_empty(event->reason),
		    event->message, NULL, "event");
}

/* ---- 3204, 3211: nobody has the handler ---- */

static struct finding *find_missing_handler(const struct class_context *context,
					    struct subject subject, const struct use *use)
{
	struct finding *finding = report_finding(context->report, &WD3204, subject);

	if (use->pod)
		finding_witness(finding, pod_subject(use->pod));
	use_values(finding, context, use);
	return finding;
}

static const char *handler_names(struct report *report, const struct host *host)
{
	const char *names = "";

	for (size_t i = 0; i < host->containerd.handler_count && i < 20; i++)
		names = report_text(report, "%s%s%s", names, i ? ", " : "",
				    text_or_empty(host->containerd.handlers[i].name));
	return *names ? names : "-";
}

static void judge_handler_of(const struct class_context *context, const struct host *host,
			     const struct pod *pod)
{
	const char *handler = pod_handler(context->facts, pod);
	struct use use = { pod, host->node, handler, true };
	struct finding *finding;

	if (!handler || find_handler(host, handler))
		return;
	finding = find_missing_handler(context, host_subject(host), &use);
	finding_saw(finding, "containerd.runtimes", handler_names(context->report, host),
		    handler, host->containerd.path);
}

static void hear_missing_handler(const struct class_context *context,
				 const struct event *event, const char *handler)
{
	const char *node = event_node(context->facts, event);
	const struct host *host = find_host(context->facts, node);
	struct subject who = { text_or_empty(event->kind), event->namespace,
			       event->name };
	struct use use = { NULL, node, handler, true };
	struct finding *finding;

	if ((host && find_handler(host, handler)) ||
	    event_is_stale(context->facts, event))
		return;
	use.pod = find_pod(context->facts, event->namespace, event->name);
	finding = find_missing_handler(
		context, node ? (struct subject){ "Node", NULL, node } : who, &use);
	finding_witness(finding, who);
	finding_saw(finding, text_or_empty(event->reason), event->message, NULL, "event");
}

static bool node_has(const struct node *node, const char *handler)
{
	for (size_t i = 0; i < node->runtime_handlers.count; i++)
		if (text_equal(node->runtime_handlers.items[i], handler))
			return true;
	return false;
}

/* Every node says what handlers it has (Kubernetes 1.31 with containerd 2; facts B4), and
 * none has this one. */
static bool no_node_has(const struct facts *facts, const char *handler)
{
	for (size_t i = 0; i < facts->node_count; i++)
		if (facts->nodes[i].runtime_handlers.count == 0 ||
		    node_has(&facts->nodes[i], handler))
			return false;
	return handler && knows_all_nodes(facts);
}

static void judge_class(const struct class_context *context,
			const struct runtime_class *class)
{
	for (size_t i = 0; i < context->facts->pod_count; i++) {
		const struct pod *pod = &context->facts->pods[i];
		struct use use = { pod, pod->node, class->handler, true };
		struct finding *finding;

		if (!text_equal(pod->runtime_class, class->name) || is_over(pod))
			continue;
		finding = report_finding(
			context->report, &WD3211,
			(struct subject){ "RuntimeClass", NULL, class->name });
		finding_witness(finding, pod_subject(pod));
		finding_saw(finding, "status.runtimeHandlers",
			    report_text(context->report, "%zu nodes, none has %s",
					context->facts->node_count, class->handler),
			    class->handler, "nodes");
		if (context->facts->node_count == 1)
			finding_value(finding, "node", "%s",
				      text_or_empty(context->facts->nodes[0].name));
		finding_value(finding, "count", "%zu", context->facts->node_count);
		use_values(finding, context, &use);
	}
}

static void judge_classes(const struct class_context *context)
{
	for (size_t i = 0; i < context->facts->runtime_class_count; i++) {
		const struct runtime_class *class = &context->facts->runtime_classes[i];

		if (class->name && no_node_has(context->facts, class->handler))
			judge_class(context, class);
	}
}

/* ---- 3205: containerd keeps the annotation to itself ---- */

static const char *patterns_text(struct report *report,
				 const struct runtime_handler *handler)
{
	const char *text = "[";

	for (size_t i = 0; i < handler->pod_annotations.count && i < 20; i++)
		text = report_text(report, "%s%s\"%s\"", text, i ? ", " : "",
				   text_or_empty(handler->pod_annotations.items[i]));
	return report_text(report, "%s]", text);
}

static void judge_patterns(const struct class_context *context, const struct host *host,
			   const struct pod *pod)
{
	const struct runtime_handler *handler =
		find_handler(host, pod_handler(context->facts, pod));
	struct wasm_request request = wasm_request(pod);
	struct use use = { pod, host->node, handler ? handler->name : NULL, false };
	struct finding *finding;

	if (!handler || !pod_is_wasm(pod) || !handler_is_crun(host, handler) ||
	    is_always_wasm(handler) || matching_pattern(handler, request.right_key))
		return;
	finding = report_finding(context->report, &WD3205, host_subject(host));
	finding_witness(finding, pod_subject(pod));
	finding_value(finding, "key", "%s", request.right_key);
	if (handler->binary)
		finding_value(finding, "binary", "%s", handler->binary);
	use_values(finding, context, &use);
	finding_saw(finding,
		    report_text(context->report, "runtimes.%s.pod_annotations",
				handler->name),
		    patterns_text(context->report, handler),
		    text_equal(request.right_key, VARIANT_KEY)
			    ? "[\"module.wasm.image/*\"]"
			    : "[\"run.oci.handler\"]",
		    handler->file ? handler->file : host->containerd.path);
}

/* ---- 3212: the configuration itself ---- */

static void judge_configuration(const struct class_context *context,
				const struct host *host)
{
	const struct containerd *containerd = &host->containerd;
	struct finding *finding;

	if (!containerd->error && !containerd->foreign_plugin)
		return;
	finding = report_finding(context->report, &WD3212, host_subject(host));
	containerd_values(finding, context->facts, host->node);
	if (containerd->error)
		finding_saw(finding, containerd->path ? containerd->path : "config.toml",
			    containerd->error, NULL, NULL);
	if (containerd->duplicate_table && node_is_k3s(context->facts, host->node)) {
		finding_value(finding, "value", "crun");
		finding_value(finding, "new_handler", "%s",
			      free_handler(context->facts, host->node));
	} else if (containerd->error) {
		finding_value(finding, "message", "%s", containerd->error);
	}
	if (containerd->foreign_plugin)
		finding_value(finding, "actual", "%s", containerd->foreign_plugin);
	if (containerd->foreign_plugin && containerd->version != UNSET)
		finding_saw(finding, "plugins", containerd->foreign_plugin,
			    containerd->version == 3 ? "io.containerd.cri.v1.runtime"
						     : "io.containerd.grpc.v1.cri",
			    report_text(context->report, "%s: version = %lld",
					text_or_empty(containerd->path),
					(long long)containerd->version));
}

/* ---- all of it ---- */

static void judge_host(const struct class_context *context, const struct host *host)
{
	judge_configuration(context, host);
	for (size_t i = 0; host->node && i < context->facts->pod_count; i++) {
		const struct pod *pod = &context->facts->pods[i];

		if (!pod->runtime_class || pod_is_well(pod) || is_over(pod) ||
		    !text_equal(pod->node, host->node))
			continue;
		judge_handler_of(context, host, pod);
		judge_patterns(context, host, pod);
	}
}

static void hear_events(const struct class_context *context)
{
	char name[256];

	for (size_t i = 0; i < context->facts->event_count; i++) {
		const struct event *event = &context->facts->events[i];

		if (parse_missing_class(event->message, name, sizeof(name)))
			hear_missing_class(context, event, name);
		else if (text_between(event->message, "no runtime for \"",
				      "\" is configured", name, sizeof(name)))
			hear_missing_handler(context, event, name);
	}
}

static bool anyone_names_a_class(const struct facts *facts)
{
	for (size_t i = 0; i < facts->pod_count; i++)
		if (facts->pods[i].runtime_class)
			return true;
	return facts->host_count > 0;
}

static void run(const struct facts *facts, struct report *report)
{
	struct class_context context = { facts, report };
	bool pods = report_knows(report, FACT_PODS);
	bool classes = report_knows(report, FACT_RUNTIME_CLASSES);
	bool events = report_knows(report, FACT_EVENTS);

	for (size_t i = 0; i < facts->host_count; i++) {
		const struct host *host = &facts->hosts[i];

		if (report_knows_host(report, host, HOST_CONTAINERD) &&
		    host->source[HOST_CONTAINERD].state == FACT_KNOWN)
			judge_host(&context, host);
	}
	if (events)
		hear_events(&context);
	if (!pods || !classes)
		return;
	judge_missing_classes(&context);
	for (size_t i = 0; i < facts->pod_count; i++)
		class_judge_pod(&context, &facts->pods[i]);
	class_hear_logs(&context);
	if (report_knows(report, FACT_NODES))
		judge_classes(&context);
	if (!anyone_names_a_class(facts))
		report_skip(report, &runtime_class_not_used);
}

const struct check check_runtime_class = {
	.words = &words_runtime_class,
	.needs = NEED(FACT_PODS) | NEED(FACT_RUNTIME_CLASSES) | NEED(FACT_EVENTS) |
		 NEED(FACT_NODES) | NEED(FACT_LOGS),
	.host_needs = NEED(HOST_CONTAINERD) | NEED(HOST_RUNTIMES) | NEED(HOST_K3S) |
		      NEED(HOST_LOGS),
	.run = run,
	.reach = REACH_NODE,
};
