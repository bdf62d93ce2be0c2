// SPDX-License-Identifier: Apache-2.0
/* How much of the cluster is asked about: all of it, or one node, which reads little
 * whatever the cluster's size. */
#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#include "collect/cluster_private.h"
#include "facts_rows.h"

#define EVENTS_KEPT 50 /* of each pod */

struct census {
	bool has_node;
	size_t pods; /* 0: not known */
};

static void see_node(void *context, json_t *node)
{
	struct census *census = context;

	(void)node;
	census->has_node = true;
}

/* The page has one; servers say how many are left since 1.15. */
static void count_pods(void *context, json_t *page)
{
	const json_t *metadata = json_object_get(page, "metadata");
	json_int_t left =
		json_integer_value(json_object_get(metadata, "remainingItemCount"));
	struct census *census = context;

	if (left > 0)
		census->pods = (size_t)left + 1;
}

static struct census take_census(struct cluster *cluster, const char *node)
{
	static const char *const node_paths[] = { "metadata.name" };
	static const char *const page_paths[] = { "metadata.remainingItemCount" };
	struct census census = { .pods = 0 };
	struct kube_request requests[] = {
		{
			.kind = KUBE_LIST, /* the right to get one may be missing */
			.path = "/api/v1/nodes",
			.query = arena_format(cluster->arena,
					      "fieldSelector=metadata.name=%s", node),
			.first_page = 1,
			.paths = node_paths,
			.path_count = ARRAY_SIZE(node_paths),
			.on_item = see_node,
			.context = &census,
		},
		{
			.kind = KUBE_OBJECT,
			.path = "/api/v1/pods",
			.query = "limit=1",
			.paths = page_paths,
			.path_count = ARRAY_SIZE(page_paths),
			.on_item = count_pods,
			.context = &census,
		},
	};

	kube_run(cluster->client, requests, ARRAY_SIZE(requests));
	return census;
}

static bool is_narrow(struct cluster *cluster, const struct cluster_wish *wish)
{
	struct census census;

	if (!wish->own_node || wish->scope != SCOPE_AUTO)
		return wish->own_node && wish->scope == SCOPE_NODE;
	if (!wish->node_needs)
		return false;
	census = take_census(cluster, wish->own_node);
	return census.has_node && census.pods >= wish->large;
}

void settle_scope(struct cluster *cluster, const struct cluster_wish *wish)
{
	struct string_list *only = &cluster->facts->only_nodes;

	cluster->needs = wish->needs;
	if (!is_narrow(cluster, wish))
		return;
	cluster->needs = wish->node_needs;
	cluster->only_node = wish->own_node;
	only->items = arena_array(cluster->arena, 1, sizeof(*only->items));
	only->items[only->count++] = wish->own_node;
}

/* ---- events ---- */

/* Those of one pod. */
struct pod_events {
	struct cluster *cluster;
	struct event *items;
	size_t count;
};

struct kube_request ask_pod_events(struct cluster *cluster, const char *selector,
				   const struct pod *pod)
{
	return (struct kube_request){
		.kind = KUBE_LIST,
		.path = arena_format(cluster->arena, "/api/v1/namespaces/%s/events",
				     text_or_empty(pod->namespace)),
		.query = arena_format(
			cluster->arena,
			"fieldSelector=%sinvolvedObject.kind=Pod,involvedObject.name=%s",
			selector, text_or_empty(pod->name)),
		.first_page = EVENTS_PAGE,
	};
}

static void keep_event(void *context, json_t *item)
{
	struct pod_events *events = context;
	struct arena *arena = events->cluster->arena;

	if (events->count == EVENTS_KEPT)
		return;
	events->items =
		arena_grow(arena, events->items, events->count, sizeof(*events->items));
	record_decode(&event_record, item, &events->items[events->count++], arena);
}

static void forget_events(void *context)
{
	struct pod_events *events = context;

	events->count = 0;
}

struct all_pod_events {
	struct pod_events of[NODE_PODS];
	size_t count;
};

static void *ask(struct cluster *cluster)
{
	const struct facts *facts = cluster->facts;
	struct all_pod_events *all;

	if (!cluster->only_node || facts->source[FACT_EVENTS].state != FACT_KNOWN)
		return NULL;
	all = arena_alloc(cluster->arena, sizeof(*all));
	for (size_t i = 0; i < facts->pod_count && all->count < NODE_PODS; i++) {
		struct pod_events *events = &all->of[all->count];
		struct kube_request request;

		if (pod_looks_well(&facts->pods[i]))
			continue;
		events->cluster = cluster;
		request = ask_pod_events(cluster, "type!=Normal,", &facts->pods[i]);
		request.paths =
			record_paths(&event_record, cluster->arena, &request.path_count);
		request.on_item = keep_event;
		request.on_restart = forget_events;
		request.context = events;
		*add_request(cluster) = request;
		all->count++;
	}
	return all;
}

static void add_events(struct facts *facts, struct arena *arena,
		       const struct pod_events *events)
{
	for (size_t i = 0; i < events->count; i++) {
		facts->events = arena_grow(arena, facts->events, facts->event_count,
					   sizeof(*facts->events));
		facts->events[facts->event_count++] = events->items[i];
	}
}

static void take(struct cluster *cluster, void *context,
		 const struct kube_request *requests)
{
	const struct all_pod_events *all = context;

	settle_worst(cluster, FACT_EVENTS, requests, all->count);
	for (size_t i = 0; i < all->count; i++)
		add_events(cluster->facts, cluster->arena, &all->of[i]);
}

const struct follow_up follow_pod_events = { ask, take };
