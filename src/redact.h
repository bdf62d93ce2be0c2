// SPDX-License-Identifier: Apache-2.0
/* A snapshot that may leave the house. */
#pragma once

#include "options.h"

/*
 * `wasmdiag redact FILE... [-O OUT]`: the snapshots, merged, with names and addresses
 * replaced by tokens: the same name is the same token throughout.  What the checks find
 * must not change by it: if it would, nothing is written.  Returns the exit status.
 */
int run_redact(const struct options *options, struct arena *arena)
	__attribute__((nonnull));
