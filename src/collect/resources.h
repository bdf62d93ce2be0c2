// SPDX-License-Identifier: Apache-2.0
/*
 * One row says everything about an API resource: where it is, in which versions, what may
 * be left out of it, and which fact it feeds.  Requests come from these rows, and so does
 * the ClusterRole that `wasmdiag rbac` prints.
 */
#pragma once

#include <wasmdiag/facts.h>

#include "record.h"

/* So many events are surely under KUBE_SMALL bytes: kube.h. */
#define EVENTS_PAGE 200

struct resource {
	enum fact fact;
	const char *group; /* "" is core */
	const char *name; /* plural, as RBAC has it; NULL for a non-resource URL */
	const char *verbs; /* "list", "get", "get list" */
	/* The newest first; the next is tried on 404.  Ends with NULL. */
	const char *const *paths;
	const char *query; /* a field selector, say; NULL: none */
	/* The same when one node is asked about alone: its name goes behind.  "": it is
	 * not asked for then; NULL: there is no difference. */
	const char *of_node;
	/* Lists land here in struct facts; NULL record: not a list. */
	const struct record *record;
	size_t offset;
	size_t count_offset;
	/* Which items to keep; NULL: all. */
	bool (*keep)(const void *item);
	size_t keep_limit; /* at most so many */
	int first_page; /* so many are surely under KUBE_SMALL bytes: kube.h */
	/* What keep() and node_loads_add() read, into the same struct; NULL: record. */
	const struct record *glance;
};

extern const struct resource resources[];
extern const size_t resource_count;

/* Does a check have anything to say about this pod?  Wasm by a sign, not well, or part
 * of the system. */
bool pod_matters(const void *pod) __attribute__((nonnull));

/* It is over and ended well, or runs and is ready. */
bool pod_looks_well(const struct pod *pod) __attribute__((nonnull));

/* A Wasm annotation, or a module for its program. */
bool pod_asks_for_wasm(const struct pod *pod) __attribute__((nonnull));
