// SPDX-License-Identifier: Apache-2.0
/* The inside of a JSON string, for those who read JSON without building a tree. */
#pragma once

#include <stddef.h>

/*
 * From at, which lies inside a string, to its closing quote or next backslash; end when
 * neither comes before it.
 */
const char *json_string_stop(const char *at, const char *end) __attribute__((nonnull));

/*
 * Decode the escapes of a string's raw bytes (without its quotes) into out, which has
 * room for length bytes: never more comes out than went in.  Returns the bytes written.
 * A malformed escape or lone surrogate is copied as it stands, so it equals no clean
 * name.
 */
size_t json_string_decode(const char *raw, size_t length, char *out)
	__attribute__((nonnull));
