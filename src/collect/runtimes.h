// SPDX-License-Identifier: Apache-2.0
/* The OCI runtimes of a node, asked what they are. */
#pragma once

#include "collect/host.h"

/*
 * HOST_RUNTIMES: the binary of each of containerd's handlers that runs an OCI runtime,
 * and the crun of root's PATH.  Wants HOST_CONTAINERD first.  A binary is run only when
 * its name is that of a known runtime, and root owns it and no one else may write it.
 */
void collect_runtimes(struct host_context *context, struct host *host)
	__attribute__((nonnull));

/*
 * What `crun --version` printed (facts A1): program, version, features, Wasm engine.
 * length bytes that need not end in NUL.  false when it is no such text.
 */
bool parse_runtime_version(struct arena *arena, const char *output, size_t length,
			   struct runtime_binary *binary) __attribute__((nonnull));

/* What `crun features` printed: whether it has a Wasm engine.  false: it does not say. */
bool parse_runtime_features(const char *output, size_t length,
			    struct runtime_binary *binary) __attribute__((nonnull));

/* The library crun loads for the engine it has (facts A3); NULL: unknown. */
const char *engine_library(const struct runtime_binary *binary) __attribute__((nonnull));
