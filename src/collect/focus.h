// SPDX-License-Identifier: Apache-2.0
/*
 * What is learned of one pod that the user asks about, beyond the facts: its Normal
 * events, the end of its logs.  It is shown, and never kept: no snapshot has it.
 */
#pragma once

#include <wasmdiag/facts.h>

#include "arena.h"

#define FOCUS_LINES 20 /* of each log */

struct kube_client;

/* The end of one container instance's log. */
struct focus_log {
	const char *container;
	bool previous; /* the instance before the one that runs or waits */
	bool cut; /* the last line is longer than was asked for */
	struct string_list lines; /* plain, without secrets */
	const char *error; /* why there are none; NULL: it could be read */
};

struct focus {
	const char *namespace; /* NULL: the kubeconfig's; filled in then */
	const char *name;
	const char *own_node; /* whose logs the host reads; NULL: none */
	/* what was learned */
	struct event *events; /* of all types */
	size_t event_count;
	struct source events_source;
	struct focus_log *logs;
	size_t log_count;
	struct source pod_source; /* may the pod be asked for at all? */
};

/*
 * Ask for the pod by name (facts->pods may have dropped a healthy one: it is added then),
 * its events, and of each of its containers the last lines, some KiB at most: of the
 * instance that ended when there was one, and of the one that runs.  What cannot be had
 * costs itself only.
 */
void focus_collect(struct kube_client *client, struct arena *arena, struct facts *facts,
		   struct focus *focus) __attribute__((nonnull));
