// SPDX-License-Identifier: Apache-2.0
/* Which lines of a log mean something: the `match` texts of all guides, as one. */
#pragma once

#include <stdbool.h>

/* Some guide matches this line. */
bool pattern_wants(const char *line) __attribute__((nonnull));

/* This line goes on with what WasmEdge said in the line before: "[error]     ...", which
 * says where (facts C4). */
bool pattern_continues(const char *line) __attribute__((nonnull));
