// SPDX-License-Identifier: Apache-2.0
/* `wasmdiag module FILE.wasm`: what a module needs. */
#pragma once

#include "options.h"

/* Reads the file that the one argument names; text or JSON.  Returns the exit status: 2
 * for a file that cannot be read or is no module. */
int run_module(const struct options *options, struct arena *arena)
	__attribute__((nonnull));
