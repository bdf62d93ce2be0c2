// SPDX-License-Identifier: Apache-2.0
/* What came, went and stayed between two snapshots. */
#pragma once

#include "options.h"

/*
 * `wasmdiag diff OLD NEW`: both are judged by every check and the findings compared by
 * code and object.  Returns the exit status that the findings which came would give: 0
 * when nothing at or above --fail-on did.
 */
int run_diff(const struct options *options, struct arena *arena) __attribute__((nonnull));
