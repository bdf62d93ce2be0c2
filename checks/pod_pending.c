// SPDX-License-Identifier: Apache-2.0
/* Pods that no node takes, and nodes that would not take them. */
#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#include "common.h"
#include "pod_start.h"
#include "pod_start.words.h"
#include "scheduler_message.h"
#include "workload.h"

#define EVICTED_MAX 5 /* shown */
#define LOOKUPS_MAX 64 /* pods whose word is sought among all events */

/* ---- who waits ---- */

/* The event has it when the condition has no message. */
static const char *event_message(const struct facts *facts, const struct pod *pod)
{
	const struct event *newest = NULL;

	for (size_t i = 0; i < facts->event_count; i++) {
		const struct event *event = &facts->events[i];

		if (text_equal(event->reason, "FailedScheduling") &&
		    text_equal(event->name, pod->name) &&
		    text_equal(event->namespace, pod->namespace) &&
		    (!newest || event->last > newest->last))
			newest = event;
	}
	return newest ? newest->message : NULL;
}

static void judge_message(const struct start_context *context, const struct pod *pod,
			  const char *message)
{
	unsigned obstructions = scheduler_obstructions(message);

	if (obstructions & OBSTRUCTION_SHORT)
		start_report_shortage(context, pod, obstructions);
	else
		start_report_hindrance(context, pod, message);
}

void start_judge_pending(const struct start_context *context)
{
	size_t lookups = 0;

	for (size_t i = 0; i < context->facts->pod_count; i++) {
		const struct pod *pod = &context->facts->pods[i];
		const struct condition *scheduled = find_condition(
			pod->conditions, pod->condition_count, "PodScheduled");
		const char *message = scheduled ? scheduled->message : NULL;

		if (pod->node || !text_equal(pod->phase, "Pending") || pod_is_over(pod))
			continue;
		if (!message && lookups++ < LOOKUPS_MAX)
			message = event_message(context->facts, pod);
		/* held back on purpose: schedulingGates */
		if (scheduled && (text_equal(scheduled->reason, "SchedulingGated") ||
				  text_equal(scheduled->status, "True")))
			continue;
		if (message)
			judge_message(context, pod, message);
		else
			start_report_unseen(context, pod);
	}
}

/* ---- 3209: a node under pressure ---- */

static void report_pressure(const struct start_context *context, const struct node *node,
			    const struct condition *condition)
{
	struct finding *finding = report_finding(
		context->report, &WD3209, (struct subject){ "Node", NULL, node->name });
	int64_t since = seconds_since(
		condition_since(node->conditions, node->condition_count, condition->type),
		report_now(context->report));

	finding_value(finding, "reason", "%s", condition->type);
	finding_value(finding, "seconds", "%lld",
		      since == INT64_MAX ? 0LL : (long long)since);
	finding_saw(finding, condition->type,
		    condition->message ? condition->message : "True", "False",
		    condition->reason);
	for (size_t i = 0; i < context->facts->pod_count; i++) {
		const struct pod *pod = &context->facts->pods[i];

		if (!text_equal(pod->reason, "Evicted") ||
		    !text_equal(pod->node, node->name))
			continue;
		finding_witness(finding, pod_subject(pod));
		if (finding_seen(finding) < EVICTED_MAX)
			finding_saw(finding, "evicted", text_or_empty(pod->message), NULL,
				    report_text(context->report, "Pod %s/%s",
						text_or_empty(pod->namespace),
						text_or_empty(pod->name)));
	}
}

/* DiskPressure is the check storage's: WD3307. */
void start_judge_pressure(const struct start_context *context)
{
	static const char *const types[] = { "MemoryPressure", "PIDPressure" };

	for (size_t i = 0; i < context->facts->node_count; i++) {
		const struct node *node = &context->facts->nodes[i];

		for (size_t j = 0; j < ARRAY_SIZE(types); j++) {
			const struct condition *condition = find_condition(
				node->conditions, node->condition_count, types[j]);

			if (node->name && condition &&
			    text_equal(condition->status, "True"))
				report_pressure(context, node, condition);
		}
	}
}
