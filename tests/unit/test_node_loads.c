// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include <stdio.h>
#include <wasmdiag/text.h>

#include "collect/node_loads.h"

static struct pod pod_on(const char *node, struct container *container)
{
	return (struct pod){
		.node = node,
		.phase = "Running",
		.containers = container,
		.container_count = 1,
		.cpu_request = UNSET,
		.memory_request = UNSET,
		.cpu_overhead = UNSET,
		.memory_overhead = UNSET,
	};
}

static struct container asks(int64_t cpu, int64_t memory)
{
	return (struct container){ .cpu_request = cpu, .memory_request = memory };
}

static void containers_add_up(void **state)
{
	struct container containers[] = { asks(100, 10), asks(UNSET, UNSET),
					  asks(50, -5) };
	struct pod pod = pod_on("n1", containers);

	(void)state;
	pod.container_count = 3;
	assert_int_equal(pod_requests(&pod).cpu, 150);
	assert_int_equal(pod_requests(&pod).memory, 10);
	pod.cpu_overhead = 25;
	pod.memory_overhead = 7;
	assert_int_equal(pod_requests(&pod).cpu, 175);
	assert_int_equal(pod_requests(&pod).memory, 17);
}

static void the_largest_init_container_counts_if_larger(void **state)
{
	struct container containers[] = { asks(100, 100) };
	struct container init[] = { asks(300, 1), asks(200, 2) };
	struct pod pod = pod_on("n1", containers);

	(void)state;
	pod.init_containers = init;
	pod.init_container_count = 2;
	assert_int_equal(pod_requests(&pod).cpu, 300);
	assert_int_equal(pod_requests(&pod).memory, 100);
}

static void sidecars_stay_beside_all_that_follows(void **state)
{
	struct container containers[] = { asks(100, 0) };
	struct container init[] = { asks(50, 0), asks(40, 0), asks(200, 0) };
	struct pod pod = pod_on("n1", containers);

	(void)state;
	init[1].restart_policy = "Always";
	pod.init_containers = init;
	pod.init_container_count = 3;
	/* the last init container runs beside the sidecar: 240 is more than 140 */
	assert_int_equal(pod_requests(&pod).cpu, 240);
	init[2].cpu_request = 60;
	assert_int_equal(pod_requests(&pod).cpu, 140);
}

static void a_request_of_the_whole_pod_counts_instead(void **state)
{
	struct container containers[] = { asks(100, 100) };
	struct pod pod = pod_on("n1", containers);

	(void)state;
	pod.cpu_request = 70;
	assert_int_equal(pod_requests(&pod).cpu, 70);
	assert_int_equal(pod_requests(&pod).memory, 100);
}

static void sums_end_at_the_largest_number(void **state)
{
	struct container containers[] = { asks(INT64_MAX, 1), asks(INT64_MAX, 1) };
	struct pod pod = pod_on("n1", containers);

	(void)state;
	pod.container_count = 2;
	pod.cpu_overhead = INT64_MAX;
	assert_true(pod_requests(&pod).cpu == INT64_MAX);
}

static void pods_without_a_node_or_an_end_take_no_room(void **state)
{
	struct container container = asks(100, 1000);
	struct pod pods[] = { pod_on("n1", &container), pod_on("n1", &container),
			      pod_on(NULL, &container), pod_on("", &container),
			      pod_on("n1", &container), pod_on("n1", &container) };
	struct node nodes[] = { { .name = "n1" }, { .name = "n2" }, { .name = NULL } };
	struct facts facts = { .nodes = nodes, .node_count = 3 };
	struct node_loads loads = { 0 };

	(void)state;
	pods[4].phase = "Succeeded";
	pods[5].phase = "Failed";
	for (size_t i = 0; i < ARRAY_SIZE(pods); i++)
		node_loads_add(&loads, &pods[i]);
	node_loads_settle(&loads, &facts);
	assert_int_equal(nodes[0].requested_cpu, 200);
	assert_int_equal(nodes[0].requested_memory, 2000);
	assert_int_equal(nodes[0].requested_pods, 2);
	assert_int_equal(nodes[1].requested_cpu, 0);
	assert_int_equal(nodes[1].requested_pods, 0);
	assert_int_equal(nodes[2].requested_pods, 0);
	node_loads_clear(&loads);
}

static void many_nodes_are_told_apart(void **state)
{
	enum { MANY = 3000 };
	static struct node nodes[MANY];
	static char names[MANY][16];
	struct facts facts = { .nodes = nodes, .node_count = MANY };
	struct node_loads loads = { 0 };

	(void)state;
	for (size_t round = 0; round < 3; round++) {
		for (size_t i = 0; i < MANY; i++) {
			struct container container = asks((int64_t)i, 1);
			struct pod pod = pod_on(names[i], &container);

			snprintf(names[i], sizeof(names[i]), "node-%zu", i);
			nodes[i].name = names[i];
			node_loads_add(&loads, &pod);
		}
	}
	node_loads_settle(&loads, &facts);
	for (size_t i = 0; i < MANY; i++) {
		assert_int_equal(nodes[i].requested_cpu, 3 * i);
		assert_int_equal(nodes[i].requested_pods, 3);
	}
	node_loads_clear(&loads);
}

static void what_is_cleared_or_incomplete_is_not_told(void **state)
{
	struct container container = asks(100, 1000);
	struct pod pod = pod_on("n1", &container);
	struct node node = { .name = "n1", .requested_cpu = UNSET };
	struct facts facts = { .nodes = &node, .node_count = 1 };
	struct node_loads loads = { 0 };

	(void)state;
	node_loads_add(&loads, &pod);
	loads.incomplete = true;
	node_loads_settle(&loads, &facts);
	assert_true(node.requested_cpu == UNSET);
	node_loads_clear(&loads);
	node_loads_settle(&loads, &facts);
	assert_int_equal(node.requested_cpu, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(containers_add_up),
		cmocka_unit_test(the_largest_init_container_counts_if_larger),
		cmocka_unit_test(sidecars_stay_beside_all_that_follows),
		cmocka_unit_test(a_request_of_the_whole_pod_counts_instead),
		cmocka_unit_test(sums_end_at_the_largest_number),
		cmocka_unit_test(pods_without_a_node_or_an_end_take_no_room),
		cmocka_unit_test(many_nodes_are_told_apart),
		cmocka_unit_test(what_is_cleared_or_incomplete_is_not_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
