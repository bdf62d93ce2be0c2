// SPDX-License-Identifier: Apache-2.0
/*
 * A cluster of any size that is nowhere but in its numbers: item i of a list is always
 * the same bytes, made when asked for.  What objects look like is in templates/, one file
 * per list: a base, and merge patches (RFC 7386) that make it sick or a Wasm workload.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collect/buffer.h"

enum {
	BUFFER_LIMIT = 1 << 30, /* bytes: what no page comes near */
};

enum cluster_list {
	CLUSTER_NODES,
	CLUSTER_PODS,
	CLUSTER_EVENTS, /* all of them warnings: what is asked for */
	CLUSTER_AUTOSCALERS,
	CLUSTER_NODE_METRICS,
	CLUSTER_CLAIMS,
	CLUSTER_LIST_COUNT,
};

/* What the cluster is like. */
struct cluster_shape {
	size_t nodes, pods, events, autoscalers, claims;
	unsigned sick; /* of 1000 objects; all events are about something wrong */
	unsigned wasm; /* of 1000 workloads */
	uint64_t seed;
	int64_t now; /* Unix seconds: when metrics were sampled */
};

struct cluster_model;

/* Read the templates; on an error it is said and the program ends.  Never freed. */
const struct cluster_model *cluster_open(const char *templates,
					 const struct cluster_shape *shape)
	__attribute__((nonnull, returns_nonnull));

/* How many items list has. */
size_t cluster_size(const struct cluster_model *model, enum cluster_list list)
	__attribute__((nonnull));

/* Append item number index of list, as JSON without white space. */
void cluster_write(const struct cluster_model *model, enum cluster_list list,
		   size_t index, struct buffer *out) __attribute__((nonnull));
