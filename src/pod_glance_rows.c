// SPDX-License-Identifier: Apache-2.0
/*
 * What tells whether a pod is kept (pod_matters()), and what it requests of its node: of
 * a large cluster's pods most are seen no further.
 */
#include "facts_rows.h"

#include <wasmdiag/text.h>

#include "rows.h"

/* clang-format off */
#define OF condition
static const struct field condition_rows[] = {
	TEXT(type, "type"),
	TEXT(status, "status"),
};
static const struct record condition_words = RECORD(struct condition, condition_rows);
#undef OF

#define OF dated_condition
static const struct field dated_condition_rows[] = {
	SHARED(what, condition_words),
};
static const struct record condition_glance = RECORD(struct dated_condition, dated_condition_rows);
#undef OF

#define OF container
static const struct field container_rows[] = {
	TEXT(program, "command[0]"),
	BYTES(memory_request, "resources.requests.memory"),
	MILLI(cpu_request, "resources.requests.cpu"),
	TEXT(restart_policy, "restartPolicy"),
};
static const struct record container_glance = RECORD(struct container, container_rows);
#undef OF

static const char *const labels[] = { "gatekeeper.sh/system", NULL };

#define OF pod
static const struct field pod_rows[] = {
	TEXT(namespace, "metadata.namespace"),
	LABELS(labels, label_count, "metadata.labels", labels),
	LABELS(annotations, annotation_count, "metadata.annotations", kept_annotations),
	TEXT(node, "spec.nodeName"),
	TEXT(runtime_class, "spec.runtimeClassName"),
	LIST(containers, container_count, container_glance, "spec.containers"),
	LIST(init_containers, init_container_count, container_glance, "spec.initContainers"),
	TEXT(phase, "status.phase"),
	TEXT(reason, "status.reason"),
	LIST(conditions, condition_count, condition_glance, "status.conditions"),
	MILLI(cpu_request, "spec.resources.requests.cpu"),
	BYTES(memory_request, "spec.resources.requests.memory"),
	MILLI(cpu_overhead, "spec.overhead.cpu"),
	BYTES(memory_overhead, "spec.overhead.memory"),
};
const struct record pod_glance_record = RECORD(struct pod, pod_rows);
#undef OF
/* clang-format on */
