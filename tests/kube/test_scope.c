// SPDX-License-Identifier: Apache-2.0
/* How much of a cluster is asked about: all of it, or the node that the run is on. */
#include "kube_test.h"

#include <wasmdiag/check.h>

#include "arena.h"
#include "collect/cluster.h"

#define NODE_NEEDS                                                                       \
	(NEED(FACT_NODES) | NEED(FACT_PODS) | NEED(FACT_EVENTS) | NEED(FACT_PULLS))

/* What the server of fixture.py has at /scope: n1 with a pod, n2 with two, n3. */
static void ask_at(const char *path, struct cluster_wish wish, struct arena *arena,
		   struct facts *facts)
{
	struct http_endpoint endpoint = good_endpoint();
	struct kube_client *client;

	endpoint.path = path;
	if (!wish.needs)
		wish.needs = NODE_NEEDS | NEED(FACT_AUTOSCALERS);
	wish.node_needs = wish.needs & NODE_NEEDS;
	*facts = (struct facts){ .taken = 0 };
	client = kube_open(&endpoint, 4000, 10000, NULL);
	assert_non_null(client);
	cluster_collect(client, &wish, arena, facts);
	kube_close(client);
}

static void ask(struct cluster_wish wish, struct arena *arena, struct facts *facts)
{
	ask_at("/scope", wish, arena, facts);
}

static void expect_whole(const struct facts *facts)
{
	assert_int_equal(facts->only_nodes.count, 0);
	assert_int_equal(facts->source[FACT_PODS].state, FACT_KNOWN);
	assert_int_equal(facts->node_count, 3);
	assert_int_equal(facts->pod_count, 3);
	assert_int_equal(facts->pods_seen, 3);
	assert_int_equal(facts->nodes[1].requested_pods, 2);
	assert_int_equal(facts->event_count, 4);
	/* this server has none: it was asked */
	assert_int_equal(facts->source[FACT_AUTOSCALERS].state, FACT_ABSENT);
}

static void expect_node(const struct facts *facts)
{
	assert_int_equal(facts->only_nodes.count, 1);
	assert_string_equal(facts->only_nodes.items[0], "n2");
	assert_int_equal(facts->node_count, 1);
	assert_string_equal(facts->nodes[0].name, "n2");
	assert_int_equal(facts->nodes[0].requested_pods, 2);
	assert_int_equal(facts->pods_seen, 2);
	assert_int_equal(facts->pod_count, 2);
	assert_string_equal(facts->pods[0].name, "well-on-n2");
	/* the node's own, and that of its pod which is not well */
	assert_int_equal(facts->event_count, 2);
	assert_string_equal(facts->events[0].name, "n2");
	assert_string_equal(facts->events[1].name, "ill-on-n2");
	assert_int_equal(facts->source[FACT_AUTOSCALERS].state, FACT_NOT_SOUGHT);
	/* each of its pods was asked about, though only one is well */
	assert_int_equal(facts->pull_count, 2);
}

static void all_of_a_small_cluster(void **state)
{
	struct arena arena = { 0 };
	struct facts facts;

	(void)state;
	ask((struct cluster_wish){ .own_node = "n2", .large = 4 }, &arena, &facts);
	expect_whole(&facts);
	ask((struct cluster_wish){ .large = 3 }, &arena, &facts);
	expect_whole(&facts);
	arena_free(&arena);
}

static void the_node_of_a_large_cluster(void **state)
{
	struct arena arena = { 0 };
	struct facts facts;

	(void)state;
	ask((struct cluster_wish){ .own_node = "n2", .large = 3 }, &arena, &facts);
	expect_node(&facts);
	arena_free(&arena);
}

static void what_was_asked_for(void **state)
{
	struct arena arena = { 0 };
	struct facts facts;

	(void)state;
	ask((struct cluster_wish){ .own_node = "n2", .scope = SCOPE_NODE, .large = 4 },
	    &arena, &facts);
	expect_node(&facts);
	ask((struct cluster_wish){ .own_node = "n2", .scope = SCOPE_CLUSTER, .large = 3 },
	    &arena, &facts);
	expect_whole(&facts);
	arena_free(&arena);
}

/* Who goes by another name in the cluster finds their pods among all, but not when all
 * were not wanted. */
static void a_node_that_is_none(void **state)
{
	struct arena arena = { 0 };
	struct facts facts;

	(void)state;
	ask((struct cluster_wish){ .own_node = "other", .large = 3 }, &arena, &facts);
	expect_whole(&facts);
	ask((struct cluster_wish){ .own_node = "other", .scope = SCOPE_NODE }, &arena,
	    &facts);
	assert_int_equal(facts.source[FACT_NODES].state, FACT_FAILED);
	assert_int_equal(facts.source[FACT_PODS].state, FACT_FAILED);
	assert_string_equal(facts.source[FACT_PODS].reason,
			    "the cluster has no node called other: --node says which one "
			    "this is");
	arena_free(&arena);
}

/* Who is not known learns so, also where the node was asked about first. */
static void nobody_is_known(void **state)
{
	struct arena arena = { 0 };
	struct facts facts;

	(void)state;
	ask_at("/401", (struct cluster_wish){ .own_node = "n2" }, &arena, &facts);
	assert_int_equal(facts.server.outcome, SERVER_UNAUTHORIZED);
	assert_int_equal(facts.source[FACT_PODS].state, FACT_FAILED);
	assert_int_equal(facts.only_nodes.count, 0);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_a_small_cluster),
		cmocka_unit_test(the_node_of_a_large_cluster),
		cmocka_unit_test(what_was_asked_for),
		cmocka_unit_test(a_node_that_is_none),
		cmocka_unit_test(nobody_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
