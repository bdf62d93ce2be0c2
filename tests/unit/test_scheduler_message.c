// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include <stdio.h>
#include <wasmdiag/text.h>

#include "scheduler_message.h"

#define BIT(name) OBSTRUCTION_BIT(OBSTRUCTION_##name)

/* Words of real schedulers, 1.20 and later. */
static void messages_name_what_is_in_the_way(void **state)
{
	static const struct {
		const char *message;
		unsigned expected;
	} cases[] = {
		{ "0/1 nodes are available: 1 Insufficient cpu.", BIT(CPU) },
		{ "0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory.",
		  BIT(CPU) | BIT(MEMORY) },
		{ "0/1 nodes are available: 1 Too many pods.", BIT(PODS) },
		{ "0/1 nodes are available: 1 Insufficient nvidia.com/gpu.",
		  BIT(RESOURCE) },
		{ "0/1 nodes are available: 1 node(s) had taint {dedicated: gpu}, that "
		  "the pod didn't tolerate.",
		  BIT(TAINT) },
		{ "0/1 nodes are available: 1 node(s) had untolerated taint {a: b}. "
		  "preemption: 0/1 nodes are available: 1 Insufficient cpu.",
		  BIT(TAINT) },
		{ "0/1 nodes are available: 1 node(s) had untolerated taint(s). no new "
		  "claims to deallocate",
		  BIT(TAINT) },
		{ "0/1 nodes are available: 1 node(s) were unschedulable.", BIT(CORDON) },
		{ "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity.",
		  BIT(SELECTOR) },
		{ "0/1 nodes are available: 1 node(s) didn't match node selector.",
		  BIT(SELECTOR) },
		{ "0/1 nodes are available: 1 node(s) didn't match pod affinity rules, 1 "
		  "node(s) didn't match pod affinity/anti-affinity.",
		  BIT(POD_AFFINITY) },
		{ "0/1 nodes are available: 1 node(s) didn't have free ports for the "
		  "requested pod ports.",
		  BIT(PORTS) },
		{ "0/1 nodes are available: 1 persistentvolumeclaim \"nope\" not found.",
		  BIT(VOLUME) },
		{ "0/1 nodes are available: pod has unbound immediate "
		  "PersistentVolumeClaims.",
		  BIT(VOLUME) },
		{ "no nodes available to schedule pods", BIT(NO_NODES) },
		{ "", 0 },
		{ "preemption: 1 Insufficient cpu", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		if (scheduler_obstructions(cases[i].message) == cases[i].expected)
			continue;
		fail_msg("%s: %x", cases[i].message,
			 scheduler_obstructions(cases[i].message));
	}
}

static void taint_is(const char *message, const char *expected)
{
	char out[64] = "untouched";

	assert_int_equal(scheduler_taint(message, out, sizeof(out)), expected != NULL);
	if (expected)
		assert_string_equal(out, expected);
}

static void taints_are_written_as_kubectl_does(void **state)
{
	(void)state;
	taint_is("1 node(s) had taint {dedicated: gpu}, that the pod", "dedicated=gpu");
	taint_is("{no} untolerated taint {node-role.kubernetes.io/master: }",
		 "node-role.kubernetes.io/master");
	taint_is("untolerated taint {a}", "a");
	taint_is("untolerated taint {a:b}", NULL);
	taint_is("untolerated taint {: }", NULL);
	taint_is("untolerated taint {a: b", NULL);
	taint_is("untolerated taint(s)", NULL);
	taint_is("{a: b}", NULL);
	taint_is("untolerated taint {aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		 "aaaaaaaaaaaaaaaaaa: b}",
		 NULL);
}

static void claims_are_named(void **state)
{
	char out[8];

	(void)state;
	assert_true(scheduler_claim("1 persistentvolumeclaim \"data\" not found", out,
				    sizeof(out)));
	assert_string_equal(out, "data");
	assert_false(scheduler_claim("persistentvolumeclaim \"too-long-a-name\" not", out,
				     sizeof(out)));
	assert_false(scheduler_claim("unbound immediate PersistentVolumeClaims", out,
				     sizeof(out)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_name_what_is_in_the_way),
		cmocka_unit_test(taints_are_written_as_kubectl_does),
		cmocka_unit_test(claims_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
