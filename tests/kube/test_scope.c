// SPDX-License-Identifier: Apache-2.0
/* Whose pods are asked for: all, or those of the node that the run is on. */
#include "kube_test.h"

#include <wasmdiag/check.h>

#include "arena.h"
#include "collect/cluster.h"

static void ask(struct cluster_wish wish, struct arena *arena, struct facts *facts)
{
	struct http_endpoint endpoint = good_endpoint();
	struct kube_client *client;

	endpoint.path = "/scope";
	wish.needs = NEED(FACT_NODES) | NEED(FACT_PODS);
	*facts = (struct facts){ .taken = 0 };
	client = kube_open(&endpoint, 4000, 10000, NULL);
	assert_non_null(client);
	cluster_collect(client, &wish, arena, facts);
	kube_close(client);
	assert_int_equal(facts->source[FACT_PODS].state, FACT_KNOWN);
	assert_int_equal(facts->node_count, 3);
}

static void all_pods_unless_told(void **state)
{
	struct arena arena = { 0 };
	struct facts facts;

	(void)state;
	ask((struct cluster_wish){ .own_node = "n2" }, &arena, &facts);
	assert_int_equal(facts.pod_count, 3);
	assert_int_equal(facts.nodes[1].requested_pods, 2);
	arena_free(&arena);
}

static void pods_of_the_node_alone(void **state)
{
	struct arena arena = { 0 };
	struct facts facts;

	(void)state;
	ask((struct cluster_wish){ .own_node = "n2", .own_pods = true }, &arena, &facts);
	assert_int_equal(facts.pod_count, 2);
	assert_int_equal(facts.pods_seen, 2);
	assert_string_equal(facts.pods[0].name, "on-n2");
	/* of the other nodes nobody can say what is requested */
	assert_true(facts.nodes[0].requested_pods == UNSET);
	arena_free(&arena);
}

static void all_pods_when_the_node_has_none(void **state)
{
	struct arena arena = { 0 };
	struct facts facts;

	(void)state;
	ask((struct cluster_wish){ .own_node = "other-name", .own_pods = true }, &arena,
	    &facts);
	assert_int_equal(facts.pod_count, 3);
	assert_int_equal(facts.pods_seen, 3);
	assert_int_equal(facts.nodes[1].requested_pods, 2);
	ask((struct cluster_wish){ .own_pods = true }, &arena, &facts);
	assert_int_equal(facts.pod_count, 3);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_pods_unless_told),
		cmocka_unit_test(pods_of_the_node_alone),
		cmocka_unit_test(all_pods_when_the_node_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
