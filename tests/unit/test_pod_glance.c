// SPDX-License-Identifier: Apache-2.0
/* What a glance at a pod decides is what all that is known of it would. */
#include "test.h"

#include <wasmdiag/text.h>

#include "collect/resources.h"
#include "facts_rows.h"

#define READY                                                                            \
	"\"phase\":\"Running\",\"conditions\":[{\"type\":\"PodScheduled\",\"status\":"   \
	"\"True\"},{\"type\":\"Ready\",\"status\":\"True\"}]"

static const struct {
	bool matters;
	const char *json;
} pods[] = {
	{ false,
	  "{\"metadata\":{\"namespace\":\"a\",\"name\":\"well\",\"labels\":{\"app\":\"x\"},"
	  "\"annotations\":{\"other\":\"x\"}},\"spec\":{\"nodeName\":\"n1\"},"
	  "\"status\":{" READY "}}" },
	{ false, "{\"status\":{\"phase\":\"Succeeded\"}}" },
	{ true, "{\"status\":{\"phase\":\"Failed\",\"reason\":\"Evicted\"}}" },
	{ true, "{\"status\":{\"phase\":\"Pending\"}}" },
	{ true, "{\"status\":{\"reason\":\"NodeLost\"," READY "}}" },
	{ true, "{\"status\":{\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\","
		"\"status\":\"False\"}]}}" },
	{ true, "{\"metadata\":{\"namespace\":\"kube-system\"},\"status\":{" READY "}}" },
	{ true, "{\"metadata\":{\"labels\":{\"gatekeeper.sh/system\":\"yes\"}},"
		"\"status\":{" READY "}}" },
	{ true,
	  "{\"metadata\":{\"annotations\":{\"module.wasm.image/variant\":\"compat\"}},"
	  "\"status\":{" READY "}}" },
	{ true, "{\"spec\":{\"runtimeClassName\":\"wasmedge\"},\"status\":{" READY "}}" },
	{ true,
	  "{\"spec\":{\"containers\":[{\"name\":\"a\"},{\"command\":[\"/a.wasm\"]}]},"
	  "\"status\":{" READY "}}" },
	{ false,
	  "{\"spec\":{\"overhead\":{\"cpu\":\"250m\",\"memory\":\"1Ki\"},\"containers\":["
	  "{\"resources\":{\"requests\":{\"cpu\":\"1\",\"memory\":\"1Mi\"}}}],"
	  "\"initContainers\":[{\"restartPolicy\":\"Always\",\"resources\":{\"requests\":"
	  "{\"cpu\":\"2\"}}},{\"resources\":{\"requests\":{\"memory\":\"3Gi\"}}}]},"
	  "\"status\":{" READY "}}" },
	{ false,
	  "{\"spec\":{\"resources\":{\"requests\":{\"cpu\":\"3\",\"memory\":\"5Mi\"}},"
	  "\"containers\":[{\"resources\":{\"requests\":{\"cpu\":\"1\"}}}]},"
	  "\"status\":{" READY "}}" },
};

static void compare(const char *text, bool matters)
{
	struct arena arena = { 0 };
	json_t *json = json_loads(text, 0, NULL);
	struct pod whole, seen;
	struct pod_requests a, b;

	assert_non_null(json);
	assert_int_equal(pod_glance_record.size, pod_record.size);
	record_decode(&pod_record, json, &whole, &arena);
	record_decode(&pod_glance_record, json, &seen, &arena);
	assert_int_equal(pod_matters(&whole), matters);
	assert_int_equal(pod_matters(&seen), matters);
	a = pod_requests(&whole);
	b = pod_requests(&seen);
	assert_int_equal(a.cpu, b.cpu);
	assert_int_equal(a.memory, b.memory);
	assert_true(text_equal(whole.node, seen.node));
	assert_true(text_equal(whole.phase, seen.phase));
	json_decref(json);
	arena_free(&arena);
}

static void a_glance_decides_as_a_look(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(pods); i++)
		compare(pods[i].json, pods[i].matters);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_glance_decides_as_a_look),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
