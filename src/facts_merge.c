// SPDX-License-Identifier: Apache-2.0
#include "facts_merge.h"

#include <string.h>

#include <wasmdiag/host.h>
#include <wasmdiag/text.h>

/* It asked the cluster, and was answered. */
static bool knows_cluster(const struct facts *facts)
{
	return facts->source[FACT_SERVER].state == FACT_KNOWN &&
	       facts->server.outcome == SERVER_OK;
}

static struct host *same_host(struct host *hosts, size_t count, const struct host *host)
{
	for (size_t i = 0; i < count; i++)
		if (text_equal(hosts[i].name, host->name))
			return &hosts[i];
	return NULL;
}

/* What grows is compared. */
static void remember(struct host *newer, const struct host *older)
{
	newer->previous_resources = older->container_resources;
	newer->previous_resources_count = older->container_resources_count;
}

void facts_remember(struct facts *newer, const struct facts *older)
{
	for (size_t i = 0; i < older->host_count; i++) {
		struct host *host =
			same_host(newer->hosts, newer->host_count, &older->hosts[i]);

		if (host)
			remember(host, &older->hosts[i]);
	}
}

/* Of two snapshots of one host the newer holds. */
static void add_older(struct host *hosts, size_t *count, const struct host *older)
{
	struct host *newer = same_host(hosts, *count, older);

	if (newer)
		remember(newer, older);
	else
		hosts[(*count)++] = *older;
}

struct slice {
	const void *items;
	size_t count;
	size_t size; /* of one */
};

/* Whose objects are the merged one's: the newer's, unless the older knows more. */
static const struct facts *cluster_of(const struct facts *newer,
				      const struct facts *older)
{
	if (!knows_cluster(older))
		return newer;
	if (!knows_cluster(newer) ||
	    (newer->only_nodes.count > 0 && older->only_nodes.count == 0))
		return older;
	return newer;
}

static bool share_a_node(const struct string_list *a, const struct string_list *b)
{
	for (size_t i = 0; i < a->count; i++)
		for (size_t j = 0; j < b->count; j++)
			if (text_equal(a->items[i], b->items[j]))
				return true;
	return false;
}

/* The first array with the second behind it. */
static void *joined(struct arena *arena, const void *first, size_t *count,
		    struct slice second)
{
	char *all = arena_array(arena, *count + second.count, second.size);

	if (*count)
		memcpy(all, first, *count * second.size);
	if (second.count)
		memcpy(all + *count * second.size, second.items,
		       second.count * second.size);
	*count += second.count;
	return all;
}

#define JOIN(list, number)                                                               \
	into->list = joined(                                                             \
		arena, into->list, &into->number,                                        \
		(struct slice){ older->list, older->number, sizeof(*older->list) })

/* Snapshots of single nodes add up: each has its own node's objects. */
static void add_nodes_of(struct facts *into, const struct facts *older,
			 struct arena *arena)
{
	if (into->only_nodes.count == 0 || older->only_nodes.count == 0 ||
	    !knows_cluster(older) || share_a_node(&into->only_nodes, &older->only_nodes))
		return;
	JOIN(only_nodes.items, only_nodes.count);
	JOIN(nodes, node_count);
	JOIN(pods, pod_count);
	JOIN(events, event_count);
	JOIN(pulls, pull_count);
	into->pods_seen += older->pods_seen;
}

void facts_merge(struct facts *into, const struct facts *other, struct arena *arena)
{
	struct facts merged;
	const struct facts *newer = other->taken > into->taken ? other : into;
	const struct facts *older = newer == into ? other : into;
	struct host *hosts =
		arena_array(arena, into->host_count + other->host_count, sizeof(*hosts));
	size_t count = newer->host_count;

	merged = *cluster_of(newer, older);
	add_nodes_of(&merged, older, arena);
	merged.taken = newer->taken;
	if (count)
		memcpy(hosts, newer->hosts, count * sizeof(*hosts));
	for (size_t i = 0; i < older->host_count; i++)
		add_older(hosts, &count, &older->hosts[i]);
	merged.hosts = hosts;
	merged.host_count = count;
	*into = merged;
}
