// SPDX-License-Identifier: Apache-2.0
/* `wasmdiag match [FILE]`: the findings that a text points to. */
#pragma once

#include "options.h"

/*
 * Reads standard input, or the file that the one argument names, plain or in gzip, as a
 * stream.  Returns the exit status: 3 when something was recognised, else 0; 2 for a file
 * that cannot be read.
 */
int run_match(const struct options *options, struct arena *arena)
	__attribute__((nonnull));
