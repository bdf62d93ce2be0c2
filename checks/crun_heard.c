// SPDX-License-Identifier: Apache-2.0
/* What containerd and crun say themselves when they fail, in events, states and logs. */
#include <wasmdiag/text.h>

#include "common.h"
#include "crun.h"
#include "crun.words.h"

/* Where crun began to take every OCI spec 1.x (containers/crun issue 1620). */
#define OCI_1 "1.14.3"

/* What the node's system is: PRETTY_NAME; NULL when unknown. */
static const char *system_of(const struct facts *facts, const char *name)
{
	const struct host *host = find_host(facts, name);
	const struct node *node = find_node(facts, name);

	if (host && host->os)
		return host->os;
	return node ? node->os_image : NULL;
}

/* Debian 13 and Ubuntu 25.04 on have a crun with WasmEdge; Debian 14's had none when it
 * was looked at (facts A2). */
static bool has_deb(const char *system)
{
	return !system || text_has(system, "GNU/Linux 13") ||
	       text_starts(system, "Ubuntu 25.") || text_starts(system, "Ubuntu 26.");
}

void crun_package_values(struct finding *finding, const struct facts *facts,
			 const char *node, const char *binary)
{
	const char *system = system_of(facts, node);

	if (binary && !text_starts(binary, "/usr/bin/crun") &&
	    !text_starts(binary, "/bin/crun"))
		return;
	if (has_deb(system))
		finding_value(finding, "package", "libwasmedge0");
	if (!system || text_starts(system, "Fedora"))
		finding_value(finding, "rpm_package", "wasmedge");
}

static bool was_examined(const struct facts *facts, const char *node)
{
	const struct host *host = find_host(facts, node);

	return host && host->source[HOST_RUNTIMES].state == FACT_KNOWN;
}

struct heard {
	const struct guide *guide;
	const char *text;
	const char *node; /* NULL: unknown */
	struct subject speaker;
	const char *source;
};

static const struct guide *recognize(const char *text)
{
	static const struct guide *const guides[] = { &WD2106, &WD2104, &WD2101 };

	for (size_t i = 0; i < ARRAY_SIZE(guides); i++)
		if (guide_matches(guides[i], text))
			return guides[i];
	return NULL;
}

/* What was said names what is missing: take its name from there. */
static void name_what_is_missing(struct finding *finding, const struct heard *heard)
{
	char name[256];

	if (heard->guide == &WD2104 &&
	    text_between(heard->text, "could not load `", "`", name, sizeof(name)))
		finding_value(finding, "library", "%s", name);
	if (heard->guide == &WD2101 &&
	    text_between(heard->text, "fork/exec ", ": no such file", name, sizeof(name)))
		finding_value(finding, "binary", "%s", name);
	finding_value(finding, "library", "libwasmedge.so.0");
	finding_value(finding, "engine", "wasmedge");
}

/* The version of the crun that the words come from, where we are on that node. */
static void add_version(struct finding *finding, const struct crun_context *context,
			const char *node)
{
	const struct host *host = find_host(context->facts, node);

	for (size_t i = 0; host && i < host->containerd.handler_count; i++) {
		const struct runtime_handler *handler = &host->containerd.handlers[i];
		const struct runtime_binary *binary = find_runtime(host, handler->binary);

		if (!binary || !handler_is_crun(host, handler))
			continue;
		finding_value(finding, "binary", "%s", text_or_empty(binary->path));
		finding_saw(finding, "crun --version", text_or_empty(binary->version),
			    ">= " OCI_1, binary->path);
	}
}

static void hear(const struct crun_context *context, const struct heard *heard)
{
	struct subject subject = heard->node
					 ? (struct subject){ "Node", NULL, heard->node }
					 : heard->speaker;
	struct finding *finding;

	/* A node that was examined says itself what it lacks. */
	if (heard->guide != &WD2106 && was_examined(context->facts, heard->node))
		return;
	finding = report_finding(context->report, heard->guide, subject);
	finding_witness(finding, heard->speaker);
	finding_saw(finding, heard->source, heard->text, NULL, NULL);
	name_what_is_missing(finding, heard);
	if (heard->guide == &WD2106)
		add_version(finding, context, heard->node);
	containerd_values(finding, context->facts, heard->node);
	crun_package_values(finding, context->facts, heard->node, NULL);
}

bool crun_hear_events(const struct crun_context *context)
{
	bool any = false;

	for (size_t i = 0; i < context->facts->event_count; i++) {
		const struct event *event = &context->facts->events[i];
		struct heard heard = {
			.guide = recognize(event->message),
			.text = event->message,
			.speaker = { text_or_empty(event->kind), event->namespace,
				     event->name },
			.source = "event",
		};

		if (!heard.guide || event_is_stale(context->facts, event))
			continue;
		heard.node = event_node(context->facts, event);
		hear(context, &heard);
		any = true;
	}
	return any;
}

static bool hear_pod(const struct crun_context *context, const struct pod *pod)
{
	struct message_cursor cursor = { 0 };
	const char *message;
	bool any = false;

	while ((message = next_message(pod, &cursor))) {
		struct heard heard = { recognize(message), message, pod->node,
				       pod_subject(pod), cursor.what };

		if (!heard.guide)
			continue;
		hear(context, &heard);
		any = true;
	}
	return any;
}

bool crun_hear_pods(const struct crun_context *context)
{
	bool any = false;

	for (size_t i = 0; i < context->facts->pod_count; i++)
		any |= hear_pod(context, &context->facts->pods[i]);
	return any;
}

static bool hear_log(const struct crun_context *context, const struct log_excerpt *log)
{
	bool any = false;

	for (size_t i = 0; i < log->lines.count; i++) {
		const struct pod *pod;
		struct heard heard = { .guide = recognize(log->lines.items[i]),
				       .text = log->lines.items[i],
				       .source = "log" };

		pod = heard.guide ? log_pod(context->facts, log) : NULL;
		if (!pod)
			continue;
		heard.node = pod->node;
		heard.speaker = pod_subject(pod);
		hear(context, &heard);
		any = true;
	}
	return any;
}

bool crun_hear_logs(const struct crun_context *context)
{
	struct log_cursor cursor = { 0 };
	const struct log_excerpt *log;
	bool any = false;

	while ((log = next_log(context->facts, &cursor)))
		any |= hear_log(context, log);
	return any;
}
