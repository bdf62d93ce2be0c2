// SPDX-License-Identifier: Apache-2.0
/* What the checks are and what they know: `list` and `explain`. */
#pragma once

#include "options.h"

/* `wasmdiag list`: the table of checks, their codes, sections, and what each needs. */
int run_list(const struct options *options, struct arena *arena) __attribute__((nonnull));

/* `wasmdiag explain CODE|CHECK|11.x.y...`: symptom, cause, fix, and where the
 * troubleshooting guide is wrong.  Returns the exit status. */
int run_explain(const struct options *options, struct arena *arena)
	__attribute__((nonnull));
