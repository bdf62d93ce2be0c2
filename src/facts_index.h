// SPDX-License-Identifier: Apache-2.0
/*
 * Pods and nodes by name, for find_pod() and find_node(): checks look one up for every
 * event, log and container there is.  The lists stay in the order they came in.
 */
#pragma once

#include <stdint.h>

#include <wasmdiag/facts.h>

#include "arena.h"

/* A list's elements in the order of namespace and name; equal ones as they came. */
struct name_order {
	const void *items; /* the list as it was then: another, and the order is void */
	size_t count;
	uint32_t *places;
};

struct facts_index {
	struct name_order pods;
	struct name_order nodes;
};

/*
 * Index the facts, once they are complete.  Facts without an index, or whose lists have
 * changed since, are searched from the front: the answer is the same.
 */
void facts_index(struct facts *facts, struct arena *arena) __attribute__((nonnull));
