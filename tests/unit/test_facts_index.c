// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include <wasmdiag/text.h>

#include "facts_index.h"

static struct pod pods[] = {
	{ .namespace = "b", .name = "x" },  { .namespace = "a", .name = "y" },
	{ .namespace = NULL, .name = "x" }, { .namespace = "b", .name = NULL },
	{ .namespace = "a", .name = "x" },  { .namespace = "b", .name = "x", .uid = "2" },
	{ .namespace = "", .name = "x" },   { .namespace = NULL, .name = NULL },
	{ .namespace = "a", .name = "" },
};
static struct node nodes[] = {
	{ .name = "n3" }, { .name = NULL }, { .name = "n1" },
	{ .name = "n1" }, { .name = "" },
};
static const char *const words[] = {
	NULL, "", "a", "b", "x", "y", "n1", "n2", "n3", "n4"
};

/* Whatever is asked for, facts with an index answer as facts without one. */
static void answers_are_the_same(const struct facts *indexed)
{
	struct facts plain = *indexed;

	plain.index = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		assert_ptr_equal(find_node(indexed, words[i]),
				 find_node(&plain, words[i]));
		for (size_t j = 0; j < ARRAY_SIZE(words); j++)
			assert_ptr_equal(find_pod(indexed, words[i], words[j]),
					 find_pod(&plain, words[i], words[j]));
	}
}

static void an_index_changes_no_answer(void **state)
{
	struct arena arena = { 0 };
	struct facts facts = { .pods = pods, .nodes = nodes };

	(void)state;
	for (size_t count = 0; count <= ARRAY_SIZE(pods); count++) {
		facts.pod_count = count;
		facts.node_count = count < ARRAY_SIZE(nodes) ? count : ARRAY_SIZE(nodes);
		facts_index(&facts, &arena);
		answers_are_the_same(&facts);
	}
	assert_ptr_equal(find_pod(&facts, "b", "x"), &pods[0]);
	assert_ptr_equal(find_node(&facts, "n1"), &nodes[2]);
	arena_free(&arena);
}

static void an_index_of_another_list_is_not_used(void **state)
{
	struct arena arena = { 0 };
	struct facts facts = {
		.pods = pods, .pod_count = 2, .nodes = nodes, .node_count = 1
	};

	(void)state;
	facts_index(&facts, &arena);
	facts.pod_count = ARRAY_SIZE(pods);
	facts.nodes = nodes + 2;
	assert_ptr_equal(find_pod(&facts, "a", "x"), &pods[4]);
	assert_ptr_equal(find_node(&facts, "n1"), &nodes[2]);
	answers_are_the_same(&facts);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_index_changes_no_answer),
		cmocka_unit_test(an_index_of_another_list_is_not_used),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
