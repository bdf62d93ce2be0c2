// SPDX-License-Identifier: Apache-2.0
/* What kubelet says of an image it pulled. */
#pragma once

#include <wasmdiag/performance.h>

#include "arena.h"

/*
 * Read the message of an event `Pulled` (kubelet images/image_manager.go; facts F):
 *
 *   Successfully pulled image "x" in 1.234567s
 *   Successfully pulled image "x" in 1.2s (1.5s including waiting)
 *   Successfully pulled image "x" in 1.2s (1.5s including waiting). Image size: 9 bytes.
 *
 * into image, took_ms, waited_ms and size of pull.  False for what is none of them, also
 * for an image that was already there.
 */
bool pull_parse(const char *message, struct pull *pull, struct arena *arena)
	__attribute__((nonnull));

/* A duration as Go prints it, "1m21.28s" or "850.3ms", of length bytes, in
 * milliseconds; UNSET when it is not that, or is more than a year. */
int64_t go_duration_ms(const char *text, size_t length) __attribute__((nonnull));
