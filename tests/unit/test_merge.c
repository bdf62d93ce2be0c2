// SPDX-License-Identifier: Apache-2.0
/* Snapshots of one cluster put together. */
#include "test.h"

#include "arena.h"
#include "facts_merge.h"

static const char *const first_name[] = { "n1" }, *const second_name[] = { "n2" };

/* A run that asked about one node alone, or, without a name, about the whole cluster. */
static struct facts facts_of(const char *const *name, int64_t taken, struct node *nodes,
			     struct pod *pods, size_t count)
{
	struct facts facts = {
		.taken = taken,
		.only_nodes = { (const char **)name, name ? 1 : 0 },
		.server = { .outcome = SERVER_OK },
		.nodes = nodes,
		.node_count = count,
		.pods = pods,
		.pod_count = count,
		.pods_seen = (int64_t)count,
	};

	facts.source[FACT_SERVER].state = FACT_KNOWN;
	return facts;
}

static void nodes_add_up(void **state)
{
	struct node n1 = { .name = "n1" }, n2 = { .name = "n2" };
	struct pod p1 = { .name = "p1" }, p2 = { .name = "p2" };

	(void)state;
	for (int turn = 0; turn < 2; turn++) {
		struct arena arena = { 0 };
		struct facts old = facts_of(first_name, 1000, &n1, &p1, 1);
		struct facts new = facts_of(second_name, 1600, &n2, &p2, 1);
		struct facts *into = turn ? &old : &new;

		facts_merge(into, turn ? &new : &old, &arena);
		assert_int_equal(into->only_nodes.count, 2);
		assert_string_equal(into->only_nodes.items[0], "n2");
		assert_string_equal(into->only_nodes.items[1], "n1");
		assert_int_equal(into->node_count, 2);
		assert_string_equal(into->nodes[1].name, "n1");
		assert_int_equal(into->pod_count, 2);
		assert_string_equal(into->pods[0].name, "p2");
		assert_int_equal(into->pods_seen, 2);
		assert_int_equal(into->taken, 1600);
		arena_free(&arena);
	}
}

/* Of one node the newer holds, and the whole cluster is more than any node. */
static void the_newer_or_the_whole(void **state)
{
	struct arena arena = { 0 };
	struct node old = { .name = "n1", .kubelet = "old" };
	struct node new[] = { { .name = "n1", .kubelet = "new" }, { .name = "n2" } };
	struct pod pods[] = { { .name = "p1" }, { .name = "p2" } };
	struct facts into = facts_of(first_name, 1000, &old, pods, 1);
	struct facts newer = facts_of(first_name, 1600, new, pods, 1);
	struct facts whole = facts_of(NULL, 500, new, pods, 2);

	(void)state;
	facts_merge(&into, &newer, &arena);
	assert_int_equal(into.only_nodes.count, 1);
	assert_int_equal(into.node_count, 1);
	assert_string_equal(into.nodes[0].kubelet, "new");
	facts_merge(&into, &whole, &arena);
	assert_int_equal(into.only_nodes.count, 0);
	assert_int_equal(into.node_count, 2);
	assert_int_equal(into.pod_count, 2);
	assert_int_equal(into.taken, 1600);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nodes_add_up),
		cmocka_unit_test(the_newer_or_the_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
