// SPDX-License-Identifier: Apache-2.0
#include "facts_index.h"

#include <stdlib.h>

#include <wasmdiag/text.h>

/* What an element is ordered by. */
struct name_key {
	const char *namespace;
	const char *name;
};

/* How to find the key of an element. */
typedef struct name_key key_of(const void *items, size_t place);

static struct name_key pod_key(const void *items, size_t place)
{
	const struct pod *pod = (const struct pod *)items + place;

	return (struct name_key){ pod->namespace, pod->name };
}

static struct name_key node_key(const void *items, size_t place)
{
	return (struct name_key){ NULL, ((const struct node *)items + place)->name };
}

/* A text that is missing comes before all others, and is no empty one. */
static int compare_text(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static int compare_keys(const struct name_key *a, const struct name_key *b)
{
	int order = compare_text(a->namespace, b->namespace);

	return order ? order : compare_text(a->name, b->name);
}

struct sorting {
	const void *items;
	key_of *key;
};

static int compare_places(const void *left, const void *right, void *context)
{
	const struct sorting *sorting = context;
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
	struct name_key key_a = sorting->key(sorting->items, a),
			key_b = sorting->key(sorting->items, b);
	int order = compare_keys(&key_a, &key_b);

	return order ? order : (a > b) - (a < b);
}

static struct name_order order_names(const void *items, size_t count, key_of *key,
				     struct arena *arena)
{
	struct name_order order = { .items = items, .count = count };
	struct sorting sorting = { items, key };

	if (count == 0 || count > UINT32_MAX)
		return (struct name_order){ 0 };
	order.places = arena_array(arena, count, sizeof(*order.places));
	for (size_t i = 0; i < count; i++)
		order.places[i] = (uint32_t)i;
	qsort_r(order.places, count, sizeof(*order.places), compare_places, &sorting);
	return order;
}

void facts_index(struct facts *facts, struct arena *arena)
{
	struct facts_index *index = arena_alloc(arena, sizeof(*index));

	index->pods = order_names(facts->pods, facts->pod_count, pod_key, arena);
	index->nodes = order_names(facts->nodes, facts->node_count, node_key, arena);
	facts->index = index;
}

static bool is_valid(const struct name_order *order, const void *items, size_t count)
{
	return order->places && order->items == items && order->count == count;
}

/* The first element of that key; NULL when there is none. */
static const uint32_t *find_place(const struct name_order *order, key_of *key,
				  struct name_key wanted)
{
	size_t low = 0, high = order->count;
	struct name_key found;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		found = key(order->items, order->places[middle]);
		if (compare_keys(&found, &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == order->count)
		return NULL;
	found = key(order->items, order->places[low]);
	return compare_keys(&found, &wanted) == 0 ? &order->places[low] : NULL;
}

const struct node *find_node(const struct facts *facts, const char *name)
{
	const struct facts_index *index = facts->index;

	if (index && name && is_valid(&index->nodes, facts->nodes, facts->node_count)) {
		const uint32_t *place = find_place(&index->nodes, node_key,
						   (struct name_key){ NULL, name });

		return place ? &facts->nodes[*place] : NULL;
	}
	for (size_t i = 0; name && i < facts->node_count; i++)
		if (text_equal(facts->nodes[i].name, name))
			return &facts->nodes[i];
	return NULL;
}

const struct pod *find_pod(const struct facts *facts, const char *namespace,
			   const char *name)
{
	const struct facts_index *index = facts->index;

	if (index && name && is_valid(&index->pods, facts->pods, facts->pod_count)) {
		const uint32_t *place = find_place(&index->pods, pod_key,
						   (struct name_key){ namespace, name });

		return place ? &facts->pods[*place] : NULL;
	}
	for (size_t i = 0; name && i < facts->pod_count; i++)
		if (text_equal(facts->pods[i].name, name) &&
		    text_equal(facts->pods[i].namespace, namespace))
			return &facts->pods[i];
	return NULL;
}
