// SPDX-License-Identifier: Apache-2.0
#include "collect/node_loads.h"

#include <wasmdiag/text.h>

#define FIRST_CAPACITY 16

/* FNV-1a; API servers admit names, and a collision costs a step. */
static size_t hash(const char *name)
{
	uint64_t value = UINT64_C(0xcbf29ce484222325);

	for (; *name; name++)
		value = (value ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
	return (size_t)(value ^ value >> 32);
}

/* The node's slot, or the free one where it belongs; there always is one. */
static struct node_load *find_slot(struct node_load *slots, size_t capacity,
				   const char *node)
{
	size_t at = hash(node) & (capacity - 1);

	while (slots[at].node && !text_equal(slots[at].node, node))
		at = (at + 1) & (capacity - 1);
	return &slots[at];
}

/* Into an arena of its own, so that nothing of the smaller one stays. */
static void grow(struct node_loads *loads)
{
	size_t capacity = loads->capacity ? loads->capacity * 2 : FIRST_CAPACITY;
	struct arena table = { 0 };
	struct node_load *slots = arena_array(&table, capacity, sizeof(*slots));

	for (size_t i = 0; i < loads->capacity; i++)
		if (loads->slots[i].node)
			*find_slot(slots, capacity, loads->slots[i].node) =
				loads->slots[i];
	arena_free(&loads->table);
	loads->table = table;
	loads->slots = slots;
	loads->capacity = capacity;
}

static int64_t add(int64_t sum, int64_t more)
{
	return sum > INT64_MAX - more ? INT64_MAX : sum + more;
}

void node_loads_add(struct node_loads *loads, const struct pod *pod)
{
	struct pod_requests requests;
	struct node_load *load;

	if (!pod->node || !*pod->node || text_equal(pod->phase, "Succeeded") ||
	    text_equal(pod->phase, "Failed"))
		return;
	if (loads->count * 4 >= loads->capacity * 3)
		grow(loads);
	load = find_slot(loads->slots, loads->capacity, pod->node);
	if (!load->node) {
		load->node = arena_string(&loads->names, pod->node);
		loads->count++;
	}
	requests = pod_requests(pod);
	load->cpu = add(load->cpu, requests.cpu);
	load->memory = add(load->memory, requests.memory);
	load->pods = add(load->pods, 1);
}

void node_loads_settle(const struct node_loads *loads, struct facts *facts)
{
	static const struct node_load idle;

	for (size_t i = 0; i < facts->node_count && !loads->incomplete; i++) {
		struct node *node = &facts->nodes[i];
		const struct node_load *load =
			loads->capacity && node->name
				? find_slot(loads->slots, loads->capacity, node->name)
				: &idle;

		node->requested_cpu = load->cpu;
		node->requested_memory = load->memory;
		node->requested_pods = load->pods;
	}
}

void node_loads_clear(struct node_loads *loads)
{
	arena_free(&loads->names);
	arena_free(&loads->table);
	*loads = (struct node_loads){ 0 };
}
