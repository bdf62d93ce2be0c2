// SPDX-License-Identifier: Apache-2.0
/* The process table under a root directory: <root>/proc. */
#pragma once

#include "collect/host.h"

struct process {
	int64_t pid;
	const char *name; /* comm: what the kernel keeps of it, 15 bytes */
};

struct process_list {
	struct process *items; /* by pid */
	size_t count;
};

/*
 * All processes, read once per context; at most 65536.  Empty when <root>/proc cannot be
 * read.  What exits meanwhile is left out.
 */
const struct process_list *host_processes(struct host_context *context)
	__attribute__((nonnull, returns_nonnull));

/*
 * The arguments of a process, the first 16 KiB of them; empty for a kernel thread and for
 * a process that is gone.  They may hold secrets: take from them what a fact needs and
 * keep nothing else.
 */
struct string_list process_arguments(struct host_context *context, int64_t pid)
	__attribute__((nonnull));

/*
 * Is context->root the root directory of the process?  ANSWER_UNKNOWN when the kernel
 * does not tell (another user's process, or one that is gone).
 */
enum answer process_in_root(struct host_context *context, int64_t pid)
	__attribute__((nonnull));
