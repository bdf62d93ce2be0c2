// SPDX-License-Identifier: Apache-2.0
/* Learning the cluster's facts from the API server. */
#pragma once

#include <stdint.h>
#include <wasmdiag/facts.h>

#include "arena.h"

struct kube_client;

/* What to ask for, and where from. */
struct cluster_wish {
	uint64_t needs; /* NEED(FACT_...) */
	const char *own_node; /* the one we run on; NULL: none */
	bool own_pods; /* of pods only those of own_node, if it has any */
};

/*
 * Ask for the facts that are wished for, all at once, then for what follows from them:
 * older versions, services by name, logs.  Every fact gets a source; one that cannot be
 * had costs itself only.  FACT_SERVER is always learned.  Logs of pods on own_node are
 * left to the host.
 */
void cluster_collect(struct kube_client *client, const struct cluster_wish *wish,
		     struct arena *arena, struct facts *facts) __attribute__((nonnull));
