// SPDX-License-Identifier: Apache-2.0
/* `wasmdiag completion bash|zsh|fish`: made from the tables of options, commands and
 * checks, so that it never lags behind. */
#pragma once

#include "options.h"

/* Prints the script for the shell that the one argument names; returns the exit
 * status. */
int run_completion(const struct options *options, struct arena *arena)
	__attribute__((nonnull));
