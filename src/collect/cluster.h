// SPDX-License-Identifier: Apache-2.0
/* Learning the cluster's facts from the API server. */
#pragma once

#include <stdint.h>
#include <wasmdiag/facts.h>

#include "arena.h"

struct kube_client;

/*
 * Ask for the facts that needs has bits for (NEED(FACT_...)), all at once, then for what
 * follows from them: older versions, services by name, logs.  Every fact gets a source;
 * one that cannot be had costs itself only.  FACT_SERVER is always learned.  Logs of pods
 * on own_node are left to the host.  wanted tells which log lines to keep.
 */
void cluster_collect(struct kube_client *client, uint64_t needs, const char *own_node,
		     struct arena *arena, struct facts *facts)
	__attribute__((nonnull(1, 4, 5)));
