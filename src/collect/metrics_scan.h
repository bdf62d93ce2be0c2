// SPDX-License-Identifier: Apache-2.0
/*
 * Reads the wanted samples out of a Prometheus text exposition as its bytes arrive: an
 * API server's /metrics is megabytes, of which a few lines matter.
 * Format: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "collect/buffer.h"

enum {
	METRICS_LINE_LIMIT = 64 << 10, /* bytes; a longer line is dropped */
	METRICS_LABEL_LIMIT = 32, /* labels; a sample with more is dropped */
};

struct metrics_label {
	const char *name, *value; /* value unescaped */
};

/* One line; all of it is gone after the call. */
struct metrics_sample {
	const char *name;
	const struct metrics_label *labels;
	size_t label_count;
	double value; /* may be a NaN or infinite */
};

/* The value of the label called name, or NULL. */
const char *metrics_label(const struct metrics_sample *sample, const char *name)
	__attribute__((nonnull));

typedef void metrics_function(void *context, const struct metrics_sample *sample);

/* For metrics_scan.c, but for bad_lines; begun by metrics_scan_start(). */
struct metrics_scan {
	const char *const *wanted;
	size_t wanted_count;
	metrics_function *on_sample;
	void *context;
	size_t bad_lines; /* wanted, but malformed or over a limit */
	struct buffer line; /* the line being read, as far as it has come */
	struct buffer last; /* the metric of the line before, and whether it is wanted */
	bool last_wanted, is_long;
};

/*
 * Begin.  wanted lists metric names; one ending in '*' stands for all names that begin
 * so.  It must outlive the scan.  on_sample is called with context from within feed and
 * end.
 */
void metrics_scan_start(struct metrics_scan *scan, const char *const *wanted,
			size_t count, metrics_function *on_sample, void *context)
	__attribute__((nonnull(1, 2, 4)));

/* The next length bytes. */
void metrics_scan_feed(struct metrics_scan *scan, const char *bytes, size_t length)
	__attribute__((nonnull));

/* The text is over: its last line needs no newline.  Releases what was held. */
void metrics_scan_end(struct metrics_scan *scan) __attribute__((nonnull));
