// SPDX-License-Identifier: Apache-2.0
/* `wasmdiag pod [NS/]NAME`: the five steps of 11.7 for one pod, then every check. */
#pragma once

#include "options.h"

/*
 * The exit status is that of a run, by the findings about this pod.  2: there is no such
 * pod and no event of it; 5: it could not be asked for.
 */
int run_pod(const struct options *options, struct arena *arena) __attribute__((nonnull));
