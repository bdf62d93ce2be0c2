// SPDX-License-Identifier: Apache-2.0
/*
 * What the pods of each node request, summed up while pods stream by: most are dropped
 * again, and the scheduler's "Insufficient cpu" is about all of them.
 */
#pragma once

#include <stdbool.h>

#include <wasmdiag/facts.h>

#include "arena.h"

struct node_load {
	const char *node; /* NULL: the slot is free */
	int64_t cpu;
	int64_t memory;
	int64_t pods;
};

/* Starts as { 0 }. */
struct node_loads {
	struct arena names; /* its own: what pods leave in the run's is given back */
	struct arena table;
	struct node_load *slots; /* hashed by name, in the table */
	size_t capacity; /* a power of two */
	size_t count;
	bool incomplete; /* pods went by that were not added */
};

/* Add a pod to its node, unless it has none yet or has ended: those take no room. */
void node_loads_add(struct node_loads *loads, const struct pod *pod)
	__attribute__((nonnull));

/* Tell each node of the facts what its pods request; nothing when incomplete. */
void node_loads_settle(const struct node_loads *loads, struct facts *facts)
	__attribute__((nonnull));

/* Forget all, and free it. */
void node_loads_clear(struct node_loads *loads) __attribute__((nonnull));
