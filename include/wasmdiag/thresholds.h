// SPDX-License-Identifier: Apache-2.0
/*
 * Numbers by which a check judges what has no natural bound.  Each has one row in
 * src/thresholds.c: its name for --threshold and the configuration file, its unit, the
 * default that makes sense, and what the guide says.
 */
#pragma once

#include <stdint.h>

struct report;

enum threshold {
	THRESHOLD_CRUN_VERSION, /* major * 1000000 + minor * 1000 + patch */
	THRESHOLD_PULL, /* ms: one image pull */
	THRESHOLD_START, /* ms: from a container's creation to its start */
	THRESHOLD_MEMORY, /* bytes: what one Wasm container may use */
	THRESHOLD_MEMORY_SHARE, /* percent of its limit */
	THRESHOLD_CLOCK_SKEW, /* ms */
	THRESHOLD_SILENCE, /* ms: how long a module may write nothing */
	THRESHOLD_THROTTLED, /* percent of the periods in which it ran */
	THRESHOLD_MODULE_SIZE, /* bytes */
	THRESHOLD_DEBUG_SIZE, /* bytes: of debug information in a module */
	THRESHOLD_IMAGE_SIZE, /* bytes, compressed */
	THRESHOLD_MEMORY_GROWTH, /* bytes an hour */
	THRESHOLD_AUDIT, /* ms: since Gatekeeper's last audit */
	THRESHOLD_WAL, /* bytes: state.db-wal */
	THRESHOLD_DISK_MARGIN, /* points of percent above what kubelet evicts at */
	THRESHOLD_COUNT,
};

/* The value that holds in this run. */
int64_t report_threshold(const struct report *report, enum threshold threshold)
	__attribute__((nonnull));
