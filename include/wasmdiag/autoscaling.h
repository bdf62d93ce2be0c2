// SPDX-License-Identifier: Apache-2.0
/* Who scales what by which figure: HorizontalPodAutoscalers and KEDA's ScaledObjects.
 * The conventions are those of facts.h. */
#pragma once

#include <wasmdiag/facts.h>

/* What an autoscaler goes by. */
struct autoscaler_metric {
	const char *type; /* Resource, ContainerResource, Pods, Object, External */
	const char *name; /* cpu, or the metric's name */
	const char *container; /* of a ContainerResource */
	int64_t utilization; /* the target, percent of the request; UNSET: another kind */
};

/* What it last read of it; a metric that could not be read is left out, or nameless. */
struct autoscaler_reading {
	const char *type;
	const char *name;
	const char *container;
	int64_t utilization; /* percent of the request, rounded down */
	int64_t value; /* average of the pods, thousandths: of a core for cpu */
};

struct autoscaler {
	const char *namespace;
	const char *name;
	const char *owner_kind; /* ScaledObject: KEDA made it */
	const char *target_kind;
	const char *target_name;
	int64_t replicas;
	struct autoscaler_metric *metrics;
	size_t metric_count;
	struct autoscaler_reading *readings;
	size_t reading_count;
	/* autoscaling/v1 knows cpu alone, in percent, and no conditions. */
	int64_t cpu_target;
	int64_t cpu_reading;
	struct dated_condition *conditions;
	size_t condition_count;
};

/* Of a trigger's metadata only what is there, never what it says: addresses and queries
 * may hold credentials. */
struct scaler_trigger {
	const char *type; /* prometheus, cpu, kafka, ... */
	bool query;
	bool server_address;
	bool metric_name; /* gone since KEDA 2.12 */
};

struct scaled_object {
	const char *namespace;
	const char *name;
	int64_t created;
	const char *target_kind; /* NULL: Deployment */
	const char *target_name;
	struct scaler_trigger *triggers;
	size_t trigger_count;
	struct dated_condition *conditions;
	size_t condition_count;
};

/*
 * A cgroup that a runtime made under the name it was given for systemd, as it stood:
 * kubepods-besteffort-pod<uid>.slice:cri-containerd:<id>.  The kubelet looks elsewhere
 * (containerd/runwasi#821).
 */
struct misplaced_cgroup {
	const char *path;
	const char *pod_uid;
	const char *container_id; /* without "containerd://" */
};
