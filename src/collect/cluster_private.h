// SPDX-License-Identifier: Apache-2.0
/* What the files that learn from the API server share. */
#pragma once

#include "collect/cluster.h"
#include "collect/kube.h"
#include "collect/node_loads.h"
#include "collect/resources.h"
#include "pool.h"

struct cluster {
	struct kube_client *client;
	struct arena *arena;
	struct facts *facts;
	uint64_t needs;
	const char *own_node;
	const char *only_node; /* it alone is asked about; NULL: the whole cluster is */
	bool host_has_logs;
	struct arena passing; /* what is looked at and given back */
	struct pool *pool; /* while lists are read */
	struct node_loads loads; /* of all pods, also those that are not kept */
	/* what follows from the lists, asked for together */
	struct kube_request *requests;
	size_t request_count;
};

/*
 * A collector of what follows from the lists.  ask() adds its requests and returns what
 * take() gets, with those requests and their results, once they have ended; NULL: there
 * is nothing to take.
 */
struct follow_up {
	void *(*ask)(struct cluster *cluster);
	void (*take)(struct cluster *cluster, void *context,
		     const struct kube_request *requests);
};

/* Room for one more request, to be filled in before the next is added. */
struct kube_request *add_request(struct cluster *cluster)
	__attribute__((nonnull, returns_nonnull));

/*
 * What an answer makes of a fact: known, absent, denied (and then the missing right is
 * noted), failed.  resource may be NULL.
 */
void settle_source(struct cluster *cluster, struct source *source,
		   const struct resource *resource, const struct kube_request *request);

const struct resource *find_resource(enum fact fact);

/* Settle needs and only_node by what is wished and, for SCOPE_AUTO, by asking the server
 * how many pods there are and whether it knows the node. */
void settle_scope(struct cluster *cluster, const struct cluster_wish *wish);

/* FACT_EVENTS of a node that is asked about alone: those of its pods that are not well.
 * No selector can name a node's pods. */
extern const struct follow_up follow_pod_events;

/* So many of a node's pods are asked about one by one: kubelet's default is 110. */
#define NODE_PODS 128

/*
 * A list of the events about that pod, of those the selector (ends with a comma, or is
 * "") admits: on_item, context and what is kept of one are the caller's to fill in.
 */
struct kube_request ask_pod_events(struct cluster *cluster, const char *selector,
				   const struct pod *pod);

/* The worst of the answers is what the fact is worth; 404 is an answer like any. */
void settle_worst(struct cluster *cluster, enum fact fact,
		  const struct kube_request *requests, size_t count);

/* FACT_SERVER_METRICS: what the API server measured of its webhooks.  Its /metrics is
 * megabytes, so that it is asked for only when there are webhooks. */
extern const struct follow_up follow_admissions;

/* FACT_SERVICES and FACT_ENDPOINTS: those that webhooks and APIServices lead to,
 * and cluster DNS. */
extern const struct follow_up follow_references;

/* FACT_CONSTRAINTS, FACT_GATEKEEPER_CONFIGS and FACT_EXEMPT_NAMESPACES: what follows
 * from Gatekeeper's templates being there. */
extern const struct follow_up follow_gatekeeper;

/* FACT_REFUSED_CONTROLLERS: those that events say Gatekeeper refused pods to. */
extern const struct follow_up follow_controllers;

/* FACT_LOGS: what containers that are not well wrote last. */
extern const struct follow_up follow_api_logs;

/* FACT_PULLS: image pulls of pods that may be Wasm; asked for when there are such. */
extern const struct follow_up follow_pulls;
