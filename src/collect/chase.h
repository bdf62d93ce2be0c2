// SPDX-License-Identifier: Apache-2.0
/*
 * Opening paths as they are inside another root directory: a container's, or the host's
 * when we run in a container.  A symbolic link there, absolute or with any number of
 * "..", leads nowhere else.  Walked by hand rather than with openat2(), which kernels
 * before 5.6 lack and which container runtimes' seccomp filters refuse.
 */
#pragma once

#include <limits.h>

#include "bytes.h"
#include "collect/host.h"
#include "error.h"

/*
 * Open path (its leading slash means nothing) below the directory root.  Symbolic links
 * are followed, 40 at most (ELOOP).  Returns a descriptor, or -1 with errno.  flags are
 * open()'s, O_PATH among them; without that only regular files and directories are
 * opened (others: EINVAL).  resolved, if not NULL, gets the path without links, "/..."
 * as seen from root; after a failure, as far as it was found.
 */
int chase(int root, const char *path, int flags, char resolved[PATH_MAX])
	__attribute__((nonnull(2)));

/* chase() below context->root. */
int host_open(struct host_context *context, const char *path, int flags,
	      char resolved[PATH_MAX]) __attribute__((nonnull(1, 2)));

/* Is there something at the path, below context->root? */
bool host_exists(struct host_context *context, const char *path) __attribute__((nonnull));

/*
 * Read the regular file at path below the directory root: limit bytes at most, into the
 * arena.  False with errno: EINVAL for what is no regular file, EFBIG for a larger one.
 */
bool chase_read(int root, const char *path, size_t limit, struct arena *arena,
		struct bytes *ret) __attribute__((nonnull));

/* chase_read() below context->root, with errors that name the path. */
bool host_read(struct host_context *context, const char *path, size_t limit,
	       struct bytes *ret, struct error *error) __attribute__((nonnull(1, 2, 4)));
