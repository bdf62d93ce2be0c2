// SPDX-License-Identifier: Apache-2.0
/* What follows from the lists is asked for together, whatever it is about. */
#include "kube_test.h"

#include <wasmdiag/check.h>
#include <wasmdiag/performance.h>

#include "arena.h"
#include "collect/cluster.h"

static void collect(struct arena *arena, struct facts *facts)
{
	const struct cluster_wish wish = { .needs = NEED(FACT_PODS) | NEED(FACT_EVENTS) |
						    NEED(FACT_VALIDATING_WEBHOOKS) |
						    NEED(FACT_SERVER_METRICS) |
						    NEED(FACT_SERVICES) |
						    NEED(FACT_ENDPOINTS) |
						    NEED(FACT_LOGS) | NEED(FACT_PULLS) };
	struct http_endpoint endpoint = good_endpoint();
	struct kube_client *client;

	endpoint.path = "/together";
	*facts = (struct facts){ .taken = 0 };
	client = kube_open(&endpoint, 10000, 20000, NULL);
	assert_non_null(client);
	cluster_collect(client, &wish, arena, facts);
	kube_close(client);
}

/* The server answers none of four before it has been asked for all of them. */
static void all_leave_together(void **state)
{
	static const enum fact known[] = { FACT_SERVER_METRICS, FACT_SERVICES,
					   FACT_ENDPOINTS, FACT_LOGS, FACT_PULLS };
	struct arena arena = { 0 };
	struct facts facts;
	size_t exist = 0;

	(void)state;
	collect(&arena, &facts);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		assert_int_equal(facts.source[known[i]].state, FACT_KNOWN);
	/* the webhooks' two, and cluster DNS */
	assert_int_equal(facts.service_count, 3);
	for (size_t i = 0; i < facts.service_count; i++)
		exist += facts.services[i].exists;
	assert_int_equal(exist, 1);
	/* from an older version */
	assert_int_equal(facts.endpoint_count, 1);
	assert_string_equal(facts.endpoints[0].service, "hook");
	assert_string_equal(facts.endpoints[0].address, "10.0.0.9");
	assert_int_equal(facts.endpoints[0].port, 8443);
	assert_int_equal(facts.pull_count, 1);
	assert_int_equal(facts.pulls[0].took_ms, 1500);
	assert_int_equal(facts.log_count, 1);
	assert_string_equal(facts.logs[0].lines.items[0],
			    "exec /hello.wasm: exec format error");
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_leave_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
