// SPDX-License-Identifier: Apache-2.0
/* KEDA's ScaledObjects: can KEDA make an autoscaler of them, and is it the only one? */
#include "hpa_cpu.h"

#include <wasmdiag/text.h>

#include "autoscaler.h"
#include "hpa_cpu.words.h"
#include "workload.h"

/* KEDA looks at a new ScaledObject at once. */
#define YOUNG_S 60

static struct subject object_subject(const struct scaled_object *object)
{
	return (struct subject){ "ScaledObject", object->namespace,
				 text_or_empty(object->name) };
}

static const char *object_kind(const struct scaled_object *object)
{
	return object->target_kind ? object->target_kind : "Deployment";
}

static void show_ready(struct finding *finding, const struct condition *ready)
{
	if (ready)
		finding_saw(finding, ready->reason ? ready->reason : "Ready",
			    text_or_empty(ready->message), NULL, "Ready");
}

/* ---- 5104: a trigger without what it needs ---- */

/* Required of a Prometheus trigger (KEDA pkg/scalers/prometheus_scaler.go). */
static const char *missing_parameter(const struct scaler_trigger *trigger)
{
	if (!text_equal(trigger->type, "prometheus"))
		return NULL;
	if (!trigger->query)
		return "query";
	return trigger->server_address ? NULL : "serverAddress";
}

static bool judge_triggers(const struct scaling *scaling,
			   const struct scaled_object *object,
			   const struct condition *ready)
{
	struct finding *finding = NULL;

	for (size_t i = 0; i < object->trigger_count; i++) {
		const struct scaler_trigger *trigger = &object->triggers[i];
		const char *missing = missing_parameter(trigger);

		if (!missing)
			continue;
		finding =
			report_finding(scaling->report, &WD5104, object_subject(object));
		finding_value(finding, "key", "%s", missing);
		/* each picks its fix */
		if (text_equal(missing, "query"))
			finding_value(finding, "metric", "http_requests_total");
		else
			finding_value(finding, "url",
				      "http://prometheus.monitoring.svc:9090");
		finding_value(finding, "trigger", "%zu", i);
		finding_saw(finding,
			    report_text(scaling->report, "spec.triggers[%zu].metadata.%s",
					i, missing),
			    "missing", "set", "ScaledObject");
		if (trigger->metric_name)
			finding_saw(finding,
				    report_text(scaling->report,
						"spec.triggers[%zu].metadata.metricName",
						i),
				    "set", "removed in KEDA 2.12", "ScaledObject");
	}
	if (finding)
		show_ready(finding, ready);
	return finding != NULL;
}

/* ---- 5107: KEDA says no, or nothing ---- */

static void judge_ready(const struct scaling *scaling, const struct scaled_object *object,
			const struct condition *ready)
{
	struct finding *finding;
	int64_t age = seconds_since(object->created, report_now(scaling->report));

	if (ready ? !text_equal(ready->status, "False") : age < YOUNG_S)
		return;
	finding = report_finding(scaling->report, &WD5107, object_subject(object));
	finding_value(finding, "reason", "%s",
		      ready ? text_or_empty(ready->reason) : "no status");
	if (ready)
		show_ready(finding, ready);
	else
		finding_saw(finding, "status.conditions", "none", "Ready",
			    "ScaledObject");
}

void judge_scaled_object(const struct scaling *scaling,
			 const struct scaled_object *object)
{
	const struct condition *ready =
		find_condition(object->conditions, object->condition_count, "Ready");

	if (!judge_triggers(scaling, object, ready))
		judge_ready(scaling, object, ready);
}

/* ---- 5106: two that scale the same ---- */

static bool scales_the_same(const struct scaled_object *object,
			    const struct autoscaler *autoscaler)
{
	return object->target_name &&
	       text_equal(object->target_name, autoscaler->target_name) &&
	       text_equal(object_kind(object), autoscaler->target_kind) &&
	       text_equal(object->namespace, autoscaler->namespace);
}

static struct finding *report_rivals(const struct scaling *scaling,
				     const struct autoscaler *autoscaler)
{
	struct finding *finding =
		report_finding(scaling->report, &WD5106, autoscaler_subject(autoscaler));

	name_target(finding, autoscaler, scaling->report);
	return finding;
}

void judge_rivals(const struct scaling *scaling, const struct autoscaler *autoscaler)
{
	const struct condition *condition = why_inactive(autoscaler);
	const struct facts *facts = scaling->facts;
	struct finding *finding;

	if (condition && text_equal(condition->reason, "AmbiguousSelector")) {
		finding = report_rivals(scaling, autoscaler);
		finding_saw(finding, "AmbiguousSelector",
			    text_or_empty(condition->message), NULL, "ScalingActive");
		finding_severity(finding, SEVERITY_FAIL);
	}
	if (text_equal(autoscaler->owner_kind, "ScaledObject"))
		return; /* made of it */
	for (size_t i = 0; i < facts->scaled_object_count; i++) {
		const struct scaled_object *object = &facts->scaled_objects[i];

		if (!scales_the_same(object, autoscaler))
			continue;
		finding = report_rivals(scaling, autoscaler);
		finding_value(finding, "scaled_object", "%s",
			      text_or_empty(object->name));
		finding_saw(finding, "scaleTargetRef",
			    report_text(scaling->report, "%s/%s", object_kind(object),
					object->target_name),
			    NULL,
			    report_text(scaling->report, "ScaledObject %s",
					text_or_empty(object->name)));
		finding_witness(finding, object_subject(object));
	}
}
