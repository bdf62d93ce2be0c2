// SPDX-License-Identifier: Apache-2.0
/* 3214: containers that cannot be created, for what their pod refers to.  3215: probes
 * and hooks that would run a program where there is only a module. */
#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#include "common.h"
#include "pod_start.h"
#include "pod_start.words.h"
#include "workload.h"

#define RECENT  600 /* seconds: the kubelet tries again within two minutes */
#define SETTLED 30 /* seconds a pod has to find its volumes */
#define SHOWN   3 /* a workload's pods say the same */

/* ---- 3214: cannot be created ---- */

/* What the message names, and the value by which a fix is about it. */
static const struct {
	const char *before, *after, *key;
} missing_words[] = {
	{ "configmap \"", "\" not found", "config_map" },
	{ "secret \"", "\" not found", "secret" },
	{ "hostPath type check failed: ", " is not a directory", "path" },
	{ "couldn't find key ", " in ConfigMap ", "key" },
	{ "couldn't find key ", " in Secret ", "key" },
};

/* "couldn't find key K in Secret shop/login" gives secret/login. */
static void keeper_value(struct finding *finding, const char *message)
{
	static const char *const kinds[][2] = {
		{ " in ConfigMap ", "configmap" },
		{ " in Secret ", "secret" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		const char *place = strstr(message, kinds[i][0]);
		const char *name = place ? strchr(place, '/') : NULL;

		if (name)
			finding_value(finding, "resource", "%s/%.*s", kinds[i][1],
				      (int)strcspn(name + 1, " ,"), name + 1);
	}
}

static void missing_values(struct finding *finding, const char *message)
{
	char name[512];

	for (size_t i = 0; i < ARRAY_SIZE(missing_words); i++)
		if (text_between(message, missing_words[i].before, missing_words[i].after,
				 name, sizeof(name)))
			finding_value(finding, missing_words[i].key, "%s", name);
	keeper_value(finding, message);
	if (text_has(message, "image will run as root"))
		finding_value(finding, "user", "65534");
}

static void report_uncreated(const struct start_context *context, const struct pod *pod,
			     const char *message, const char *what, const char *source)
{
	struct finding *finding = owner_finding(context->report, &WD3214, pod);

	if (finding_seen(finding) >= SHOWN)
		return;
	finding_value(finding, "message", "%s", message);
	missing_values(finding, message);
	finding_saw(finding, what, message, NULL, source);
}

static void judge_waiting(const struct start_context *context, const struct pod *pod,
			  const struct container_status *statuses, size_t count)
{
	static const char *const reasons[] = {
		"CreateContainerConfigError",
		"CreateContainerError",
		"PreCreateHookError",
		"PreStartHookError",
	};

	for (size_t i = 0; i < count; i++) {
		const char *message = statuses[i].waiting_message;

		for (size_t j = 0; message && j < ARRAY_SIZE(reasons); j++)
			if (text_equal(statuses[i].waiting_reason, reasons[j]) &&
			    !is_explained(message, &WD3214))
				report_uncreated(context, pod, message, reasons[j],
						 statuses[i].name);
	}
}

/* Reasons of events about a pod whose containers cannot be created yet. */
static bool is_obstacle(const struct event *event)
{
	static const char *const reasons[] = {
		"FailedMount",
		"FailedAttachVolume",
		"FailedMapVolume",
		"FailedCreatePodSandBox",
		"FailedCreatePodContainer",
	};

	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
		if (text_equal(event->reason, reasons[i]))
			return text_equal(event->kind, "Pod") && event->message;
	return false;
}

/* "timed out waiting": says which volume, and not why. */
static bool is_vague(const char *message)
{
	return text_has(message, "Unable to attach or mount volumes");
}

/* The pod of an event of late, unless it is on its way out, or well. */
static const struct pod *ailing_pod(const struct start_context *context,
				    const struct event *event)
{
	int64_t now = report_now(context->report);
	const struct pod *pod;

	if (seconds_since(event->last, now) >= RECENT)
		return NULL;
	pod = find_pod(context->facts, event->namespace, event->name);
	return pod && !pod_is_over(pod) && event->last >= pod->created ? pod : NULL;
}

static void hear_obstacles(const struct start_context *context, bool vague)
{
	int64_t now = report_now(context->report);

	for (size_t i = 0; i < context->facts->event_count; i++) {
		const struct event *event = &context->facts->events[i];
		const struct pod *pod;

		if (!is_obstacle(event) || is_vague(event->message) != vague)
			continue;
		pod = ailing_pod(context, event);
		if (!pod || !text_equal(pod->phase, "Pending") ||
		    seconds_since(pod->created, now) < SETTLED ||
		    is_explained(event->message, &WD3214))
			continue;
		if (!vague || !finding_seen(owner_finding(context->report, &WD3214, pod)))
			report_uncreated(context, pod, event->message, event->reason,
					 "event");
	}
}

void start_judge_creation(const struct start_context *context)
{
	for (size_t i = 0; i < context->facts->pod_count; i++) {
		const struct pod *pod = &context->facts->pods[i];

		if (pod_is_over(pod))
			continue;
		judge_waiting(context, pod, pod->init_statuses, pod->init_status_count);
		judge_waiting(context, pod, pod->statuses, pod->status_count);
	}
	if (!report_knows(context->report, FACT_EVENTS))
		return;
	hear_obstacles(context, false);
	hear_obstacles(context, true);
}

/* ---- 3215: exec in a Wasm container ---- */

/* The member of a container that has the kubelet run a program in it. */
static const char *exec_member(const char *message)
{
	static const char *const members[][2] = {
		{ "Liveness probe ", "livenessProbe" },
		{ "Readiness probe ", "readinessProbe" },
		{ "Startup probe ", "startupProbe" },
		{ "lifecycle hook", "lifecycle" },
		{ "PostStartHook", "lifecycle" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		if (text_has(message, members[i][0]))
			return members[i][1];
	return NULL;
}

/* Events do not keep which container: the one that suffers, else the first. */
static const char *probed_container(const struct pod *pod)
{
	for (size_t i = 0; i < pod->status_count; i++)
		if (pod->statuses[i].name &&
		    (!pod->statuses[i].ready || pod->statuses[i].restarts > 0))
			return pod->statuses[i].name;
	return pod->container_count ? text_or_empty(pod->containers[0].name) : "";
}

static void report_exec(const struct start_context *context, const struct pod *pod,
			const struct event *event, const char *member)
{
	struct finding *finding = owner_finding(context->report, &WD3215, pod);

	finding_value(finding, "key", "%s", member);
	finding_value(finding, "container", "%s", probed_container(pod));
	if (finding_seen(finding) < SHOWN)
		finding_saw(finding, text_or_empty(event->reason), event->message, NULL,
			    "event");
}

void start_hear_probes(const struct start_context *context)
{
	for (size_t i = 0; i < context->facts->event_count; i++) {
		const struct event *event = &context->facts->events[i];
		const char *member;
		const struct pod *pod;

		if (!text_equal(event->kind, "Pod") ||
		    !guide_matches(&WD3215, event->message))
			continue;
		member = exec_member(event->message);
		pod = member ? ailing_pod(context, event) : NULL;
		if (pod)
			report_exec(context, pod, event, member);
	}
}
