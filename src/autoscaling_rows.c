// SPDX-License-Identifier: Apache-2.0
/* Autoscalers: autoscaling/v2 and v2beta2 write alike, v2beta1 and v1 each in their way.
 */
#include <wasmdiag/text.h>

#include "facts_rows.h"
#include "rows.h"

/* clang-format off */
#define OF autoscaler_metric
static const struct field autoscaler_metric_rows[] = {
	TEXT(type, "type"),
	TEXT(name, "resource.name|containerResource.name|pods.metric.name|object.metric.name|external.metric.name"
		   "|pods.metricName|object.metricName|external.metricName"),
	TEXT(container, "containerResource.container"),
	NUMBER(utilization, "resource.target.averageUtilization|containerResource.target.averageUtilization"
			    "|resource.targetAverageUtilization|containerResource.targetAverageUtilization"),
};
static const struct record autoscaler_metric_record = RECORD(struct autoscaler_metric, autoscaler_metric_rows);
#undef OF

#define OF autoscaler_reading
static const struct field autoscaler_reading_rows[] = {
	TEXT(type, "type"),
	TEXT(name, "resource.name|containerResource.name"),
	TEXT(container, "containerResource.container"),
	NUMBER(utilization, "resource.current.averageUtilization|containerResource.current.averageUtilization"
			    "|resource.currentAverageUtilization|containerResource.currentAverageUtilization"),
	MILLI(value, "resource.current.averageValue|containerResource.current.averageValue"
		     "|resource.currentAverageValue|containerResource.currentAverageValue"),
};
static const struct record autoscaler_reading_record = RECORD(struct autoscaler_reading, autoscaler_reading_rows);
#undef OF

#define OF autoscaler
static const struct field autoscaler_rows[] = {
	TEXT(namespace, "metadata.namespace"),
	TEXT(name, "metadata.name"),
	TEXT(owner_kind, "metadata.ownerReferences[0].kind"),
	TEXT(target_kind, "spec.scaleTargetRef.kind"),
	TEXT(target_name, "spec.scaleTargetRef.name"),
	NUMBER(replicas, "status.currentReplicas"),
	LIST(metrics, metric_count, autoscaler_metric_record, "spec.metrics"),
	LIST(readings, reading_count, autoscaler_reading_record, "status.currentMetrics"),
	NUMBER(cpu_target, "spec.targetCPUUtilizationPercentage"),
	NUMBER(cpu_reading, "status.currentCPUUtilizationPercentage"),
	LIST(conditions, condition_count, condition_record, "status.conditions"),
};
const struct record autoscaler_record = RECORD(struct autoscaler, autoscaler_rows);
#undef OF

#define OF scaler_trigger
static const struct field scaler_trigger_rows[] = {
	TEXT(type, "type"),
	PRESENT(query, "metadata.query"),
	PRESENT(server_address, "metadata.serverAddress"),
	PRESENT(metric_name, "metadata.metricName"),
};
static const struct record scaler_trigger_record = RECORD(struct scaler_trigger, scaler_trigger_rows);
#undef OF

#define OF scaled_object
static const struct field scaled_object_rows[] = {
	TEXT(namespace, "metadata.namespace"),
	TEXT(name, "metadata.name"),
	TIME(created, "metadata.creationTimestamp"),
	TEXT(target_kind, "spec.scaleTargetRef.kind"),
	TEXT(target_name, "spec.scaleTargetRef.name"),
	LIST(triggers, trigger_count, scaler_trigger_record, "spec.triggers"),
	LIST(conditions, condition_count, condition_record, "status.conditions"),
};
const struct record scaled_object_record = RECORD(struct scaled_object, scaled_object_rows);
#undef OF

#define OF misplaced_cgroup
static const struct field misplaced_cgroup_rows[] = {
	TEXT(path, NULL),
	TEXT(pod_uid, NULL),
	TEXT(container_id, NULL),
};
const struct record misplaced_cgroup_record = RECORD(struct misplaced_cgroup, misplaced_cgroup_rows);
#undef OF
/* clang-format on */
