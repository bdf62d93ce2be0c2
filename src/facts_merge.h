// SPDX-License-Identifier: Apache-2.0
/* Facts of one cluster, learned on several nodes or at several times, put together. */
#pragma once

#include <wasmdiag/facts.h>

#include "arena.h"

/*
 * Merge facts of the same cluster into `into`: hosts are added, and what `into` does not
 * know of the cluster is taken over; where each asked about nodes of its own alone, these
 * add up.  Two snapshots of one host: the newer one stays.
 */
void facts_merge(struct facts *into, const struct facts *other, struct arena *arena)
	__attribute__((nonnull));

/* Give the hosts of newer what their containers used in older, so that WD6203 can tell
 * what grew. */
void facts_remember(struct facts *newer, const struct facts *older)
	__attribute__((nonnull));
