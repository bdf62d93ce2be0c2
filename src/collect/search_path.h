// SPDX-License-Identifier: Apache-2.0
/* Programs as containerd and shells find them. */
#pragma once

#include "collect/host.h"

/*
 * The absolute path of a program as exec.LookPath of Go and execvp() find it: a name with
 * a slash stands for itself; others are sought in the folders of search_path, "a:b".
 * Empty and relative folders are passed over (Go refuses those too).  NULL when no
 * executable regular file is there.  In the arena.
 */
const char *find_program(struct host_context *context, const char *name,
			 const char *search_path) __attribute__((nonnull));

/*
 * The PATH containerd's shims search for an OCI runtime: that of the containerd process,
 * else what its unit gets from systemd; K3s puts its own programs first (k3s
 * cmd/k3s/main.go).  In the arena.
 */
const char *containerd_search_path(struct host_context *context, const struct host *host)
	__attribute__((nonnull, returns_nonnull));

/* The PATH of root's shell on most systems. */
extern const char shell_search_path[];
