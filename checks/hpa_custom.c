// SPDX-License-Identifier: Apache-2.0
/* Metrics of one's own: is there an adapter that serves them? */
#include "hpa_cpu.h"

#include <wasmdiag/text.h>

#include "autoscaler.h"
#include "hpa_cpu.words.h"

/* Which API serves a type of metric, and what the controller says when it cannot read it
 * (Kubernetes pkg/controller/podautoscaler/horizontal.go). */
static const struct kind {
	const char *type;
	const char *group;
	const char *api; /* its name where it is missing */
	const char *failure; /* the reason of ScalingActive */
} kinds[] = {
	{ "Pods", "custom.metrics.k8s.io", "v1beta1.custom.metrics.k8s.io",
	  "FailedGetPodsMetric" },
	{ "Object", "custom.metrics.k8s.io", "v1beta1.custom.metrics.k8s.io",
	  "FailedGetObjectMetric" },
	{ "External", "external.metrics.k8s.io", "v1beta1.external.metrics.k8s.io",
	  "FailedGetExternalMetric" },
};

static const struct kind *find_kind(const char *type)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (text_equal(kinds[i].type, type))
			return &kinds[i];
	return NULL;
}

/* Nothing serves the API: by its APIService, else by what the controller was told. */
static bool is_unserved(const struct scaling *scaling, const struct api_service *api,
			const struct condition *condition)
{
	if (scaling->knows_apis)
		return !api || !api_service_available(api);
	return condition &&
	       (text_has(condition->message, "no custom metrics API") ||
		text_has(condition->message, "could not find the requested resource"));
}

/* Each way it can be unserved has a fix of its own, picked by the value only it gives:
 * KEDA serves external metrics, prometheus-adapter the others. */
static void show_missing(struct finding *finding, const struct kind *kind)
{
	finding_saw(finding, kind->api, "missing", "registered",
		    "kubectl get apiservice");
	if (text_equal(kind->type, "External"))
		finding_value(finding, "plugin", "keda");
	else
		finding_value(finding, "package", "prometheus-adapter");
}

static void show_unavailable(struct finding *finding, const struct api_service *api)
{
	const struct condition *available =
		find_condition(api->conditions, api->condition_count, "Available");

	if (available)
		finding_saw(finding, text_or_empty(available->reason),
			    text_or_empty(available->message), NULL, "Available");
	if (api->service_name && api->service_namespace) {
		finding_value(finding, "service", "%s", api->service_name);
		finding_value(finding, "namespace", "%s", api->service_namespace);
	}
}

static void report_adapter(const struct scaling *scaling,
			   const struct autoscaler *autoscaler,
			   const struct autoscaler_metric *metric,
			   const struct api_service *api)
{
	const struct kind *kind = find_kind(metric->type);
	struct finding *finding = report_finding(
		scaling->report, &WD5103,
		(struct subject){ "APIService", NULL, api ? api->name : kind->api });

	finding_value(finding, "group", "%s", kind->group);
	finding_value(finding, "metric", "%s", text_or_empty(metric->name));
	if (api)
		show_unavailable(finding, api);
	else
		show_missing(finding, kind);
	finding_witness(finding, autoscaler_subject(autoscaler));
}

/* The API is served and does not have the metric. */
static void report_unread(const struct scaling *scaling,
			  const struct autoscaler *autoscaler,
			  const struct autoscaler_metric *metric,
			  const struct api_service *api)
{
	const struct condition *condition = why_inactive(autoscaler);
	struct finding *finding =
		report_finding(scaling->report, &WD5105, autoscaler_subject(autoscaler));

	name_target(finding, autoscaler, scaling->report);
	finding_value(finding, "metric", "%s", text_or_empty(metric->name));
	finding_value(finding, "reason", "%s", text_or_empty(condition->reason));
	finding_saw(finding, text_or_empty(condition->reason),
		    text_or_empty(condition->message), NULL, "ScalingActive");
	if (!api || !api->name)
		return;
	/* v1beta1.custom.metrics.k8s.io, in a URL */
	finding_value(finding, "url", "/apis/%s/%.*s", strchr(api->name, '.') + 1,
		      (int)strcspn(api->name, "."), api->name);
	if (api->service_name && api->service_namespace) {
		finding_value(finding, "service", "%s", api->service_name);
		finding_value(finding, "group", "%s", api->service_namespace);
	}
}

void judge_custom(const struct scaling *scaling, const struct autoscaler *autoscaler)
{
	const struct condition *condition = why_inactive(autoscaler);

	for (size_t i = 0; i < autoscaler->metric_count; i++) {
		const struct autoscaler_metric *metric = &autoscaler->metrics[i];
		const struct kind *kind = find_kind(metric->type);
		const struct api_service *api;

		if (!kind)
			continue;
		api = find_api_group(scaling->facts, kind->group);
		if (is_unserved(scaling, api, condition))
			report_adapter(scaling, autoscaler, metric, api);
		else if (condition && text_equal(condition->reason, kind->failure))
			report_unread(scaling, autoscaler, metric, api);
	}
}
