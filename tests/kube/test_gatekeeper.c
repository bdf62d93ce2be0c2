// SPDX-License-Identifier: Apache-2.0
/* Gatekeeper's constraints: which lists are asked for, and what is kept of them. */
#include "kube_test.h"

#include <wasmdiag/check.h>
#include <wasmdiag/gatekeeper.h>

#include "arena.h"
#include "collect/cluster.h"

#define NEEDS                                                                            \
	(NEED(FACT_CONSTRAINT_TEMPLATES) | NEED(FACT_CONSTRAINTS) |                      \
	 NEED(FACT_GATEKEEPER_CONFIGS) | NEED(FACT_EXEMPT_NAMESPACES))

/* What a cluster whose API server is under path has of it. */
static void collect_needs(const char *path, uint64_t needs, struct arena *arena,
			  struct facts *facts, size_t *ret_requests)
{
	struct http_endpoint endpoint = good_endpoint();
	struct kube_client *client;

	endpoint.path = path;
	*facts = (struct facts){ .taken = 0 };
	client = kube_open(&endpoint, 4000, 10000, NULL);
	assert_non_null(client);
	for (size_t i = 0; i < FACT_COUNT; i++)
		if (needs & NEED(i))
			facts->source[i].state = FACT_FAILED;
	cluster_collect(client, &(struct cluster_wish){ .needs = needs }, arena, facts);
	if (ret_requests)
		*ret_requests = kube_totals(client)->requests;
	kube_close(client);
}

static void collect(const char *path, struct arena *arena, struct facts *facts,
		    size_t *ret_requests)
{
	collect_needs(path, NEEDS, arena, facts, ret_requests);
}

static void constraints_follow_from_templates(void **state)
{
	struct arena arena = { 0 };
	struct facts facts;
	const struct constraint *last;
	size_t requests;

	(void)state;
	collect("/gatekeeper", &arena, &facts, &requests);
	assert_int_equal(facts.source[FACT_CONSTRAINTS].state, FACT_KNOWN);
	assert_int_equal(facts.constraint_template_count, 4);
	assert_int_equal(facts.constraint_count, 23);
	/* by kind, whichever answered first, and in the list's order */
	assert_string_equal(facts.constraints[0].object.name, "k8smany-0");
	assert_string_equal(facts.constraints[21].object.name, "k8smany-21");
	last = &facts.constraints[22];
	assert_string_equal(last->object.name, "k8sone-0");
	assert_string_equal(last->resource, "k8sone");
	assert_string_equal(last->kind, "K8SONE");
	assert_string_equal(last->scoped_actions.items[0], "warn");
	assert_string_equal(last->excluded_namespaces.items[0], "x");
	assert_int_equal(last->audited, 1795492321);
	assert_int_equal(last->total_violations, 20);
	assert_int_equal(last->violation_count, 5);
	/* version, readyz, templates twice, many twice, gone, one, config, namespaces: a
	 * template's name that is a path leads nowhere */
	assert_int_equal(requests, 10);
	arena_free(&arena);
}

static void what_pods_say_is_kept(void **state)
{
	struct arena arena = { 0 };
	struct facts facts;
	const struct policy_status *status;

	(void)state;
	collect("/gatekeeper", &arena, &facts, NULL);
	assert_true(facts.constraint_templates[0].accepted);
	assert_string_equal(facts.constraint_templates[0].kind, "K8SMANY");
	assert_int_equal(facts.constraint_templates[0].object.generation, 3);
	assert_int_equal(facts.constraint_templates[0].object.status_count, 1);
	status = &facts.constraint_templates[0].object.statuses[0];
	assert_string_equal(status->pod, "pod-1");
	assert_string_equal(status->uid, "u");
	assert_int_equal(status->generation, 2);
	assert_string_equal(status->errors[0].location, "template:3");
	assert_int_equal(facts.gatekeeper_config_count, 1);
	assert_int_equal(facts.gatekeeper_configs[0].exemptions[0].namespaces.count, 2);
	assert_int_equal(facts.exempt_namespaces.count, 1);
	assert_string_equal(facts.exempt_namespaces.items[0], "free");
	arena_free(&arena);
}

static void one_forbidden_kind_is_not_known(void **state)
{
	struct arena arena = { 0 };
	struct facts facts;

	(void)state;
	collect("/gatekeeper/denied", &arena, &facts, NULL);
	assert_int_equal(facts.source[FACT_CONSTRAINT_TEMPLATES].state, FACT_KNOWN);
	assert_int_equal(facts.source[FACT_CONSTRAINTS].state, FACT_DENIED);
	assert_int_equal(facts.constraint_count, 22);
	assert_int_equal(facts.denial_count, 1);
	assert_string_equal(facts.denials[0].group, "constraints.gatekeeper.sh");
	assert_string_equal(facts.denials[0].resource, "*");
	arena_free(&arena);
}

static void without_gatekeeper_nothing_else_is_asked(void **state)
{
	static const enum fact absent[] = { FACT_CONSTRAINT_TEMPLATES, FACT_CONSTRAINTS,
					    FACT_GATEKEEPER_CONFIGS,
					    FACT_EXEMPT_NAMESPACES };
	struct arena arena = { 0 };
	struct facts facts;
	size_t requests;

	(void)state;
	collect("/bare", &arena, &facts, &requests);
	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
		assert_int_equal(facts.source[absent[i]].state, FACT_ABSENT);
	assert_int_equal(requests, 4);
	arena_free(&arena);
}

static void what_was_refused_is_asked_for_by_name(void **state)
{
	struct arena arena = { 0 };
	struct facts facts;
	size_t requests;

	(void)state;
	collect_needs("/gatekeeper", NEED(FACT_EVENTS) | NEED(FACT_REFUSED_CONTROLLERS),
		      &arena, &facts, &requests);
	assert_int_equal(facts.source[FACT_REFUSED_CONTROLLERS].state, FACT_KNOWN);
	assert_int_equal(facts.event_count, 5);
	assert_int_equal(facts.refused_controller_count, 2);
	assert_string_equal(facts.refused_controllers[0].name, "gone");
	assert_false(facts.refused_controllers[0].exists);
	assert_string_equal(facts.refused_controllers[1].kind, "DaemonSet");
	assert_string_equal(facts.refused_controllers[1].namespace, "shop");
	assert_true(facts.refused_controllers[1].exists);
	assert_int_equal(facts.refused_controllers[1].desired, 3);
	assert_int_equal(facts.refused_controllers[1].current, 1);
	assert_true(facts.refused_controllers[1].completed == UNSET);
	/* version, readyz, events, and each once: no CronJob, no path for a name */
	assert_int_equal(requests, 5);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(constraints_follow_from_templates),
		cmocka_unit_test(what_pods_say_is_kept),
		cmocka_unit_test(one_forbidden_kind_is_not_known),
		cmocka_unit_test(without_gatekeeper_nothing_else_is_asked),
		cmocka_unit_test(what_was_refused_is_asked_for_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
