// SPDX-License-Identifier: Apache-2.0
#include "cluster.h"

#include "cluster.words.h"

#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#include "common.h"
#include "workload.h"

#define RECENT      600 /* seconds */
#define REPEATED    3
#define GROUPS_MAX  10
#define LOOKUPS_MAX 64 /* a lookup walks all pods: events times pods is too much */

struct group {
	const struct event *newest;
	int64_t count;
	bool several; /* objects */
};

struct tally {
	struct group groups[GROUPS_MAX];
	size_t count;
	size_t lookups;
	bool pods; /* FACT_PODS may be relied on */
};

/* Reasons that other checks answer for, whatever the message. */
static bool is_answered_for(const char *reason)
{
	static const char *const reasons[] = {
		"FailedScheduling",
		"BackOff",
		"Failed",
		"FailedCreatePodSandBox",
		"FailedMount",
		"FailedAttachVolume",
		"NodeNotReady",
		"NodePasswordValidationFailed",
		"InvalidDiskCapacity",
		"Evicted",
		"EvictionThresholdMet",
		"FreeDiskSpaceFailed",
		"ImageGCFailed",
		"FailedGetResourceMetric",
		"FailedComputeMetricsReplicas",
		"FailedGetPodsMetric",
		"FailedGetObjectMetric",
		"FailedGetExternalMetric",
		"FailedGetContainerResourceMetric",
		"FailedGetScale",
		"FailedRescale",
	};

	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
		if (text_equal(reason, reasons[i]))
			return true;
	return false;
}

static bool still_ails(const struct facts *facts, struct tally *tally,
		       const struct event *event)
{
	const struct pod *pod;

	if (!text_equal(event->kind, "Pod") || !tally->pods)
		return true;
	if (tally->lookups++ >= LOOKUPS_MAX)
		return false;
	pod = find_pod(facts, event->namespace, event->name);
	return pod && !pod_is_ready(pod) && !pod_is_over(pod);
}

static bool goes_on(const struct event *event, int64_t now)
{
	return text_equal(event->type, "Warning") && event->reason &&
	       seconds_since(event->last, now) < RECENT && event->count >= REPEATED;
}

static void add(struct tally *tally, const struct event *event)
{
	struct group *group;

	for (size_t i = 0; i < tally->count; i++) {
		group = &tally->groups[i];
		if (!text_equal(group->newest->reason, event->reason) ||
		    !text_equal(group->newest->kind, event->kind))
			continue;
		group->several |= !text_equal(group->newest->name, event->name);
		if (group->count < INT64_MAX - event->count)
			group->count += event->count;
		if (event->last > group->newest->last)
			group->newest = event;
		return;
	}
	if (tally->count < GROUPS_MAX)
		tally->groups[tally->count++] =
			(struct group){ event, event->count, false };
}

static void report_group(struct report *report, const struct group *group)
{
	const struct event *event = group->newest;
	struct finding *finding = report_finding(
		report, &WD7107,
		(struct subject){ "Events", NULL,
				  report_text(report, "%s %s", event->reason,
					      text_or_empty(event->kind)) });

	if (text_equal(event->kind, "Node") && event->name && !group->several)
		finding_value(finding, "node", "%s", event->name);
	finding_value(finding, "reason", "%s", event->reason);
	finding_value(finding, "resource", "%s", text_or_empty(event->kind));
	finding_value(finding, "count", "%lld", (long long)group->count);
	finding_value(finding, "message", "%s", text_or_empty(event->message));
	finding_saw(finding, "message", text_or_empty(event->message), NULL,
		    report_text(report, "%s %s/%s", text_or_empty(event->kind),
				text_or_empty(event->namespace),
				text_or_empty(event->name)));
	finding_witness(finding,
			(struct subject){ text_or_empty(event->kind), event->namespace,
					  text_or_empty(event->name) });
}

void judge_warnings(struct report *report, const struct facts *facts)
{
	int64_t now = report_now(report);
	struct tally tally = { .pods = report_knows(report, FACT_PODS) };

	if (!report_knows(report, FACT_EVENTS))
		return;
	judge_refusals(report, facts);
	for (size_t i = 0; i < facts->event_count; i++) {
		const struct event *event = &facts->events[i];

		if (goes_on(event, now) && !is_answered_for(event->reason) &&
		    !is_refusal(event) && !is_explained(event->message, &WD7107) &&
		    still_ails(facts, &tally, event))
			add(&tally, event);
	}
	for (size_t i = 0; i < tally.count; i++)
		report_group(report, &tally.groups[i]);
}
