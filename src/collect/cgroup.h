// SPDX-License-Identifier: Apache-2.0
/*
 * A container's cgroup: its place is read from the kernel (/proc/PID/cgroup), never built
 * from names, as drivers and versions build it differently (facts E).
 */
#pragma once

#include <limits.h>

#include <wasmdiag/performance.h>

#include "collect/host.h"

/* Paths of one process's cgroups below their mounts; "" when there is none. */
struct cgroup_places {
	char memory[PATH_MAX]; /* of v1's memory controller */
	char cpu[PATH_MAX]; /* of v1's cpu controller, */
	char cpu_mount[64]; /* whose mount has this name: "cpu,cpuacct" */
	char unified[PATH_MAX]; /* of v2; in hybrid mode without controllers */
};

/*
 * Parse /proc/PID/cgroup (cgroups(7)).  A path is cut behind the part that holds
 * container_id: crun puts the process into .../container below the container's own, and
 * limits are above it.  A path that leads out of our view ("/../..", seen from within
 * another cgroup namespace) is left out.
 */
void cgroup_parse(const char *text, const char *container_id, struct cgroup_places *ret)
	__attribute__((nonnull));

/* The number in a file of one; "max", and what v1 writes for no limit, are UNSET, and so
 * is what is no number. */
int64_t cgroup_number(const char *text) __attribute__((nonnull));

/* The number behind a key in a file of "key number" lines; UNSET: not there. */
int64_t cgroup_value(const char *text, const char *key) __attribute__((nonnull));

/* Fill in what the cgroup tells, or resources->error. */
void cgroup_read(struct host_context *context, const struct cgroup_places *places,
		 struct container_resources *resources) __attribute__((nonnull));
