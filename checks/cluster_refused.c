// SPDX-License-Identifier: Apache-2.0
/* 7108: the API server refuses a workload's pods, so that there is none to look at. */
#include "cluster.h"

#include "cluster.words.h"

#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#include "common.h"
#include "workload.h"

#define SHOWN        3
#define REFUSALS_MAX 500 /* events looked at */

bool is_refusal(const struct event *event)
{
	return text_equal(event->reason, "FailedCreate") &&
	       (text_has(event->message, " is forbidden: ") ||
		text_has(event->message, " is invalid: "));
}

/* What follows the name of a pod that was never there. */
static const char *refusal_reason(const char *message)
{
	const char *reason = strstr(message, " is forbidden: ");

	if (!reason)
		reason = strstr(message, " is invalid: ");
	return strchr(reason, ':') + 2;
}

/* "must specify limits.cpu,limits.memory for: app": amounts that a small module has
 * enough of. */
static void unspecified_values(struct finding *finding, const char *reason,
			       struct report *report)
{
	const char *list = strstr(reason, "must specify ");
	const char *end, *value = "";

	if (!list)
		return;
	end = strstr(list, " for: ");
	list = report_text(report, "%.*s", end ? (int)(end - list) : (int)strlen(list),
			   list);
	if (text_has(list, "cpu"))
		value = "cpu=100m";
	if (text_has(list, "memory"))
		value = report_text(report, "%s%smemory=64Mi", value, *value ? "," : "");
	if (!*value)
		return;
	finding_value(finding, "key", "%s",
		      text_has(list, "limits.") ? "limits" : "requests");
	finding_value(finding, "value", "%s", value);
}

/* "maximum memory usage per Container is 32Mi, but limit is 64Mi" */
static void range_values(struct finding *finding, const char *reason,
			 struct report *report)
{
	const char *is = " usage per Container is ";
	const char *bound = strstr(reason, is);
	char resource[64];

	if (!bound ||
	    !(text_between(reason, "maximum ", is, resource, sizeof(resource)) ||
	      text_between(reason, "minimum ", is, resource, sizeof(resource))))
		return;
	bound += strlen(is);
	finding_value(finding, "key", "%s",
		      text_has(bound, "but request is") ? "requests" : "limits");
	bound = report_text(report, "%.*s", (int)strcspn(bound, ",] "), bound);
	finding_value(finding, "limit", "%s=%.*s", resource,
		      (int)strlen(bound) - text_ends(bound, "."), bound);
}

static void refusal_values(struct finding *finding, const struct subject *workload,
			   const char *reason, struct report *report)
{
	char name[256];

	finding_value(finding, "message", "%s", reason);
	finding_value(finding, "resource", "%s", workload_resource(workload, report));
	if (text_between(reason, "exceeded quota: ", ",", name, sizeof(name)))
		finding_value(finding, "quota", "%s", name);
	if (text_between(reason, "serviceaccount \"", "\" not found", name, sizeof(name)))
		finding_value(finding, "service_account", "%s", name);
	/* what `kubectl set resources` can change, and try again with */
	if (!workload_restarts(workload))
		return;
	unspecified_values(finding, reason, report);
	range_values(finding, reason, report);
}

static void report_refusal(struct report *report, const struct facts *facts,
			   const struct event *event)
{
	const char *reason = refusal_reason(event->message);
	struct subject workload =
		workload_named(event->kind, event->namespace, event->name, report);
	struct finding *finding = report_finding(report, &WD7108, workload);

	finding_value(finding, "namespace", "%s", text_or_empty(event->namespace));
	refusal_values(finding, &workload, reason, report);
	if (finding_seen(finding) >= SHOWN)
		return;
	if (!finding_seen(finding))
		show_controller(finding, facts, event, report);
	finding_saw(finding, text_or_empty(event->reason), reason, NULL, "event");
}

void judge_refusals(struct report *report, const struct facts *facts)
{
	size_t seen = 0;

	for (size_t i = 0; i < facts->event_count && seen < REFUSALS_MAX; i++) {
		const struct event *event = &facts->events[i];
		const struct controller *controller;

		if (!is_refusal(event) || is_explained(event->message, &WD7108))
			continue;
		seen++;
		controller = find_controller(facts, event);
		if (!event_is_stale(facts, event) &&
		    (!controller || lacks_pods(controller)))
			report_refusal(report, facts, event);
	}
}
