// SPDX-License-Identifier: Apache-2.0
/* What is kept of pulls, and of what containers use. */
#include <wasmdiag/performance.h>
#include <wasmdiag/text.h>

#include "facts_rows.h"
#include "rows.h"

/* clang-format off */
#define OF pull
static const struct field pull_rows[] = {
	TEXT(namespace, NULL),
	TEXT(pod, NULL),
	TEXT(pod_uid, NULL),
	TEXT(image, NULL),
	TEXT(node, NULL),
	NUMBER(took_ms, NULL),
	NUMBER(waited_ms, NULL),
	NUMBER(size, NULL),
	TIME(finished, NULL),
};
const struct record pull_record = RECORD(struct pull, pull_rows);
#undef OF

#define OF container_resources
static const struct field container_resources_rows[] = {
	TEXT(container_id, NULL),
	TIME(sampled, NULL),
	TEXT(cgroup, NULL),
	TEXT(error, NULL),
	NUMBER(memory, NULL),
	NUMBER(memory_reclaimable, NULL),
	NUMBER(memory_peak, NULL),
	NUMBER(memory_limit, NULL),
	NUMBER(oom_kills, NULL),
	NUMBER(resident, NULL),
	NUMBER(cpu_limit, NULL),
	NUMBER(cpu_periods, NULL),
	NUMBER(cpu_throttled_periods, NULL),
	NUMBER(cpu_throttled_ms, NULL),
	NUMBER(created_ms, NULL),
	NUMBER(started_ms, NULL),
};
const struct record container_resources_record = RECORD(struct container_resources, container_resources_rows);
#undef OF

#define OF engine_library
static const struct field engine_library_rows[] = {
	TEXT(path, NULL),
	TEXT(version, NULL),
	NUMBER(minor, NULL),
	BOOLEAN(has_run_modes, NULL),
	TEXT(error, NULL),
};
const struct record engine_library_record = RECORD(struct engine_library, engine_library_rows);
#undef OF
/* clang-format on */
