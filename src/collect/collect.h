// SPDX-License-Identifier: Apache-2.0
/* Learning everything that a run needs: the node and the cluster side by side. */
#pragma once

#include "collect/cluster.h"
#include "collect/focus.h"
#include "options.h"

struct collection {
	uint64_t needs; /* NEED(FACT_...) */
	uint64_t host_needs; /* NEED(HOST_...) */
	uint64_t node_needs; /* those of a node that is asked about alone */
	enum scope scope;
	size_t large; /* SCOPE_AUTO: see struct cluster_wish */
	struct facts *facts; /* what was learned */
	struct focus *focus; /* a pod to learn more of; NULL: none */
};

/*
 * Learn the facts.  What cannot be had is a fact too; an error is only what the user must
 * put right first: options and kubeconfig (ERROR_USAGE).  Without any kubeconfig the node
 * is still looked at, and standard error says where one was looked for.
 */
bool collect_facts(const struct options *options, struct arena *arena,
		   struct collection *collection, struct error *error)
	__attribute__((nonnull));
