// SPDX-License-Identifier: Apache-2.0
/* What a run must be allowed to read. */
#pragma once

#include "options.h"

/*
 * `wasmdiag rbac [CHECK|CODE...]`: print the least ClusterRole with which these checks
 * (all by default) learn everything, as YAML for kubectl apply.  Made from the rows of
 * collect/resources.c, so that it cannot differ from what is asked for.
 */
int run_rbac(const struct options *options, struct arena *arena) __attribute__((nonnull));
