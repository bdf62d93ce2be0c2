// SPDX-License-Identifier: Apache-2.0
/* The table of thresholds, and reading values for them. */
#pragma once

#include <stddef.h>
#include <wasmdiag/check.h>
#include <wasmdiag/thresholds.h>

#include "error.h"

enum threshold_unit {
	UNIT_MILLISECONDS, /* written 500ms, 5s, 1m */
	UNIT_BYTES, /* written 64Mi, 10M */
	UNIT_PERCENT, /* written 80 or 80% */
	UNIT_VERSION, /* written 1.8.5 */
};

struct threshold_row {
	const char *name;
	enum threshold_unit unit;
	int64_t value; /* the default */
	const char
		*guide; /* what the guide wants, as one would write it; NULL: nothing */
	struct words help;
};

extern const struct threshold_row threshold_rows[THRESHOLD_COUNT];

/* Fill in the defaults. */
void thresholds_default(int64_t values[THRESHOLD_COUNT]) __attribute__((nonnull));

/*
 * Set the threshold of that name.  ERROR_USAGE names what may be written: the thresholds
 * there are, or the unit.
 */
bool threshold_set(int64_t values[THRESHOLD_COUNT], const char *name, const char *value,
		   struct error *error) __attribute__((nonnull(1, 2, 3)));

/* A value as one would write it: "500ms", "64Mi", "80%", "1.8.5". */
void threshold_write(enum threshold_unit unit, int64_t value, char *out, size_t size)
	__attribute__((nonnull));
