// SPDX-License-Identifier: Apache-2.0
/* Learning the cluster's facts from the API server. */
#pragma once

#include <stdint.h>
#include <wasmdiag/facts.h>

#include "arena.h"

struct kube_client;

/* How much of the cluster is asked about. */
enum scope {
	SCOPE_AUTO, /* all of it, but from a node of a large one that node alone */
	SCOPE_CLUSTER,
	SCOPE_NODE, /* the node we run on and its pods, or nothing */
};

/* What to ask for, and where from. */
struct cluster_wish {
	uint64_t needs; /* NEED(FACT_...) */
	uint64_t node_needs; /* those of them that are asked for of a node alone */
	const char *own_node; /* the one we run on; NULL: none, and the scope is all */
	enum scope scope;
	size_t large; /* SCOPE_AUTO: a cluster is from so many pods on */
	bool host_has_logs; /* of pods on own_node: they are not asked for */
};

/*
 * Ask for the facts that are wished for, all at once, then for what follows from them:
 * services by name, logs.  Every fact gets a source; one that cannot be had costs itself
 * only.  FACT_SERVER is always learned.  facts->only_nodes says whether it was asked
 * about own_node alone: that is a few dozen small requests whatever the cluster's size.
 */
void cluster_collect(struct kube_client *client, const struct cluster_wish *wish,
		     struct arena *arena, struct facts *facts) __attribute__((nonnull));
