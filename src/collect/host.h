// SPDX-License-Identifier: Apache-2.0
/*
 * Learning what a node is like.  Each fact of struct host has one collector; a collector
 * cannot fail: it sets the fact's source to FACT_KNOWN, or to another state with one
 * sentence that says why.  One broken thing costs one fact.
 */
#pragma once

#include <wasmdiag/host.h>

#include "arena.h"

struct process_list;

struct host_context {
	struct arena *arena; /* holds everything that is kept */
	/* Prefix of every path: "" or "/host", never with a trailing slash. */
	const char *root;
	/* Which lines of a log to keep; NULL: do not read logs. */
	bool (*wanted_line)(const char *line);
	int timeout_ms; /* of each child process; 0 or less: 2000 */
	struct process_list *processes; /* NULL until host_processes() read them */
};

struct host_collector {
	enum host_fact fact;
	const char *help; /* one line: what is looked at */
	void (*collect)(struct host_context *context, struct host *host);
};

/* One for each fact, in an order in which each finds what it needs of the others. */
extern const struct host_collector host_collectors[];
extern const size_t host_collector_count;

/*
 * Does root hold a Kubernetes node?  Yes when a kubelet or K3s process has it as its root
 * directory (a kubelet in some chroot does not make a node of what is around it), or when
 * K3s's agent, kubelet or kubeadm left their files there.  /var/lib/kubelet/pods counts:
 * nothing else makes it.
 */
bool host_is_node(struct host_context *context) __attribute__((nonnull));

/*
 * The name under which kubelet registers: its --hostname-override, else K3s's node-name
 * option, else the host name in lower case (Kubernetes pkg/util/node GetHostname).
 * In the arena; NULL when even the host name is unknown.
 */
const char *host_node_name(struct host_context *context) __attribute__((nonnull));

/*
 * Read the UDP counters again, at the end of the run, so that a checksum error in
 * between can be told from an old one.  Does nothing unless HOST_UDP is known.
 */
void host_udp_again(struct host_context *context, struct host *host)
	__attribute__((nonnull));

/* "<root><path>", in the arena; path begins with a slash. */
const char *host_path(struct host_context *context, const char *path)
	__attribute__((nonnull, returns_nonnull));

/* Note why a fact is not known; reason is a sentence without a full stop. */
void host_fact_set(struct host_context *context, struct source *source,
		   enum fact_state state, const char *format, ...)
	__attribute__((nonnull(1, 2), format(printf, 4, 5)));
