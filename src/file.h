// SPDX-License-Identifier: Apache-2.0
/* Reading whole files of bounded size. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "arena.h"
#include "bytes.h"
#include "error.h"

/*
 * Read the regular file at path: at most limit bytes, until its end whatever its stated
 * size (files in /proc say 0).  Symbolic links are followed; directories, FIFOs, sockets
 * and devices are refused without blocking or reading them.
 *
 * Errors name the path and never quote what the file holds: ERROR_ABSENT, ERROR_DENIED,
 * ERROR_LIMIT "is larger than 4 MiB", ERROR_FORMAT for what is not a regular file.
 */
bool file_read(const char *path, size_t limit, struct arena *arena, struct bytes *ret,
	       struct error *error) __attribute__((nonnull(1, 3, 4)));

struct owned_bytes {
	struct bytes bytes;
	uid_t owner; /* of the very file that was read, whatever its name means by now */
};

/* As file_read(), and tell who owns the file. */
bool file_read_owned(const char *path, size_t limit, struct arena *arena,
		     struct owned_bytes *ret, struct error *error)
	__attribute__((nonnull(1, 3, 4)));
