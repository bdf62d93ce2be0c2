// SPDX-License-Identifier: Apache-2.0
/* Container logs as the CRI and Docker write them. */
#pragma once

#include "arena.h"

#include <wasmdiag/facts.h>

#define CRI_LOG_LINES 12 /* kept of one log */
#define CRI_LOG_WIDTH 512 /* bytes kept of a line */

/*
 * The last CRI_LOG_LINES lines of a log that wanted() says yes to, in their order, and
 * with an error of WasmEdge those that explain it ("[error]     Accessing offset ...",
 * facts C4).  A log is lines "TIME STREAM F|P TEXT" (containerd
 * internal/cri/io/logger.go), or Docker's JSON; parts (P) are joined.  What is neither
 * is passed over.  A NUL in a text becomes a question mark.
 */
struct string_list cri_log_find(struct arena *arena, const char *bytes, size_t length,
				bool (*wanted)(const char *line))
	__attribute__((nonnull));
