// SPDX-License-Identifier: Apache-2.0
/* Lines of logs as a person should see them. */
#pragma once

#include <stddef.h>

/*
 * Make length bytes plain, in place: colours and other terminal sequences, NULs (UTF-16)
 * and a final CR go; what JSON and Go's %q escape (\" \\ \n \t \u003c) becomes itself, as
 * often as it was escaped.  Returns the length, which never grows; a NUL is written
 * behind it, so that line must have room for length + 1.
 */
size_t log_text_plain(char *line, size_t length) __attribute__((nonnull));
