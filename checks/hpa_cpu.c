// SPDX-License-Identifier: Apache-2.0
/* Do autoscalers go by a figure that Wasm workloads move? */
#include "hpa_cpu.h"

#include <stdio.h>
#include <wasmdiag/text.h>

#include "autoscaler.h"
#include "common.h"
#include "hpa_cpu.words.h"
#include "workload.h"

#define KEDA_GROUP "keda.sh"

/* What a request is set to where there is none: small, as a Wasm service is; one far
 * above what it uses reads as 0 % (WD5101). */
#define CPU_ADVICE    "50m"
#define MEMORY_ADVICE "32Mi"

/* ---- the pods of a target ---- */

static void find_namespace(struct scaling *scaling, const char *namespace)
{
	const struct facts *facts = scaling->facts;

	scaling->namespace = namespace;
	scaling->first_pod = scaling->end_of_pods = 0;
	for (size_t i = 0; i < facts->pod_count; i++) {
		if (!text_equal(facts->pods[i].namespace, namespace))
			continue;
		if (scaling->end_of_pods == 0)
			scaling->first_pod = i;
		scaling->end_of_pods = i + 1;
	}
}

const struct pod *next_target_pod(struct scaling *scaling,
				  const struct autoscaler *autoscaler, size_t *index)
{
	if (!autoscaler->namespace)
		return NULL;
	if (!text_equal(scaling->namespace, autoscaler->namespace))
		find_namespace(scaling, autoscaler->namespace);
	if (*index < scaling->first_pod)
		*index = scaling->first_pod;
	while (*index < scaling->end_of_pods) {
		const struct pod *pod = &scaling->facts->pods[(*index)++];

		if (text_equal(pod->namespace, autoscaler->namespace) &&
		    pod_is_of(pod, autoscaler->target_kind, autoscaler->target_name))
			return pod;
	}
	return NULL;
}

/* ---- 5102: no request to reckon with ---- */

/* The pod and container without a request, in the controller's words: "missing request
 * for cpu in container app of Pod web-1"; older ones leave the names out. */
struct missing_request {
	char metric[64];
	char container[256];
	char pod[256];
};

static bool parse_missing_request(const char *message, struct missing_request *missing)
{
	static const char mark[] = "missing request for ";
	const char *rest = message ? strstr(message, mark) : NULL, *pod;

	*missing = (struct missing_request){ 0 };
	if (!rest)
		return false;
	rest += strlen(mark);
	snprintf(missing->metric, sizeof(missing->metric), "%.*s",
		 (int)strcspn(rest, " "), rest);
	text_between(rest, "in container ", " of Pod ", missing->container,
		     sizeof(missing->container));
	pod = strstr(rest, " of Pod ");
	if (pod)
		snprintf(missing->pod, sizeof(missing->pod), "%.*s",
			 (int)strcspn(pod + strlen(" of Pod "), " ,;"),
			 pod + strlen(" of Pod "));
	return true;
}

static bool lacks_request(const struct container *container, const char *metric)
{
	return text_equal(metric, "memory") ? container->memory_request == UNSET
					    : container->cpu_request == UNSET;
}

/* Show which containers of the target have none; the first one's name, or NULL. */
static const char *show_containers(struct scaling *scaling, struct finding *finding,
				   const struct autoscaler *autoscaler,
				   const char *metric)
{
	const char *first = NULL;
	const struct pod *pod;
	size_t index = 0;

	if (!scaling->knows_pods)
		return NULL;
	pod = next_target_pod(scaling, autoscaler, &index);
	for (size_t i = 0; pod && i < pod->container_count; i++) {
		const struct container *container = &pod->containers[i];

		if (!container->name || !lacks_request(container, metric))
			continue;
		finding_saw(finding, report_text(scaling->report, "requests.%s", metric),
			    "none", "set",
			    report_text(scaling->report, "container %s of %s",
					container->name, text_or_empty(pod->name)));
		if (!first)
			first = container->name;
	}
	return first;
}

/* Every pod that the target's selector matches counts, also one that is another's: a job
 * of the same labels, say (kubernetes#79365). */
static bool is_foreign(const struct scaling *scaling, const struct autoscaler *autoscaler,
		       const char *name)
{
	const char *target = text_or_empty(autoscaler->target_name);
	const struct pod *pod;

	if (!*name || !*target)
		return false;
	if (!text_starts(name, target) || name[strlen(target)] != '-')
		return true;
	pod = scaling->knows_pods ? find_pod(scaling->facts, autoscaler->namespace, name)
				  : NULL;
	return pod && !pod_is_of(pod, autoscaler->target_kind, target);
}

static void judge_request(struct scaling *scaling, const struct autoscaler *autoscaler)
{
	const struct condition *condition = why_inactive(autoscaler);
	struct missing_request missing;
	struct finding *finding;
	const char *container;

	if (!condition || !parse_missing_request(condition->message, &missing))
		return;
	finding =
		report_finding(scaling->report, &WD5102, autoscaler_subject(autoscaler));
	finding_value(finding, "metric", "%s", missing.metric);
	name_target(finding, autoscaler, scaling->report);
	finding_saw(finding, text_or_empty(condition->reason), condition->message, NULL,
		    "ScalingActive");
	if (is_foreign(scaling, autoscaler, missing.pod)) {
		finding_value(finding, "peer", "%s", missing.pod);
		return;
	}
	container = show_containers(scaling, finding, autoscaler, missing.metric);
	if (*missing.container)
		container = missing.container;
	finding_value(finding, "container", "%s", container ? container : "*");
	finding_value(finding, "advice", "%s",
		      text_equal(missing.metric, "memory") ? MEMORY_ADVICE : CPU_ADVICE);
}

/* ---- all of it ---- */

/* A CRD's group has an APIService too: without it there are no ScaledObjects, also where
 * we may not ask for them. */
static bool knows_scaled_objects(const struct facts *facts, struct report *report)
{
	if (facts->source[FACT_API_SERVICES].state == FACT_KNOWN &&
	    !find_api_group(facts, KEDA_GROUP))
		return true;
	return report_knows(report, FACT_SCALED_OBJECTS);
}

static void run(const struct facts *facts, struct report *report)
{
	struct scaling scaling = { .facts = facts, .report = report };
	bool knows = report_knows(report, FACT_AUTOSCALERS);

	judge_cgroups(&scaling);
	knows = knows_scaled_objects(facts, report) && knows;
	if (knows && facts->autoscaler_count + facts->scaled_object_count == 0) {
		report_skip(report, &hpa_cpu_not_used);
		return;
	}
	if (facts->autoscaler_count > 0) {
		scaling.knows_apis = report_knows(report, FACT_API_SERVICES);
		scaling.knows_pods = report_knows(report, FACT_PODS);
	}
	for (size_t i = 0; i < facts->autoscaler_count; i++) {
		judge_idle(&scaling, &facts->autoscalers[i]);
		judge_request(&scaling, &facts->autoscalers[i]);
		judge_custom(&scaling, &facts->autoscalers[i]);
		judge_rivals(&scaling, &facts->autoscalers[i]);
	}
	for (size_t i = 0; i < facts->scaled_object_count; i++)
		judge_scaled_object(&scaling, &facts->scaled_objects[i]);
}

const struct check check_hpa_cpu = {
	.words = &words_hpa_cpu,
	.needs = NEED(FACT_AUTOSCALERS) | NEED(FACT_API_SERVICES) | NEED(FACT_PODS) |
		 NEED(FACT_RUNTIME_CLASSES) | NEED(FACT_SCALED_OBJECTS),
	.host_needs = NEED(HOST_MISPLACED_CGROUPS) | NEED(HOST_CONTAINERD),
	.run = run,
};
