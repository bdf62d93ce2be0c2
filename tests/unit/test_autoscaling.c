// SPDX-License-Identifier: Apache-2.0
/* Autoscalers as each version of the API writes them, through the projector as from a
 * server.  data/autoscaling holds whole objects. */
#include "test.h"

#include <jansson.h>
#include <stdlib.h>
#include <wasmdiag/autoscaling.h>
#include <wasmdiag/text.h>

#include "collect/json_project.h"
#include "facts_rows.h"

/* What the rows keep of a whole object: the projection, decoded. */
static void decode(const struct record *record, const char *name, void *target,
		   struct arena *arena)
{
	const char *path = arena_format(arena, "data/autoscaling/%s.json", name);
	json_auto_t *whole = json_load_file(path, 0, NULL), *part = NULL;
	struct json_projector projector = { 0 };
	struct error error = { 0 };
	size_t count;
	const char **paths = record_paths(record, arena, &count);
	const struct json_projection *projection =
		json_projection_compile(arena, paths, count, &error);
	char *text = json_dumps(whole, 0);

	assert_non_null(text);
	if (!projection)
		fail_msg("%s", error.text);
	assert_true(json_project(&projector, projection, text, strlen(text), &error));
	part = json_loadb(projector.out.bytes, projector.out.length, 0, NULL);
	assert_non_null(part);
	record_decode(record, part, target, arena);
	json_projector_release(&projector);
	free(text);
}

static void version_2(void **state)
{
	struct arena arena = { 0 };
	struct autoscaler it;

	(void)state;
	decode(&autoscaler_record, "v2", &it, &arena);
	assert_string_equal(it.namespace, "shop");
	assert_string_equal(it.target_kind, "Deployment");
	assert_string_equal(it.target_name, "web");
	assert_null(it.owner_kind);
	assert_int_equal(it.replicas, 1);
	assert_int_equal(it.metric_count, 4);
	assert_string_equal(it.metrics[0].name, "cpu");
	assert_int_equal(it.metrics[0].utilization, 70);
	assert_null(it.metrics[0].container);
	assert_string_equal(it.metrics[1].type, "ContainerResource");
	assert_string_equal(it.metrics[1].container, "app");
	assert_int_equal(it.metrics[1].utilization, 60);
	assert_string_equal(it.metrics[2].name, "http_requests_per_second");
	assert_true(it.metrics[2].utilization == UNSET);
	assert_string_equal(it.metrics[3].name, "s0-prometheus");
	assert_int_equal(it.reading_count, 3);
	assert_int_equal(it.readings[0].utilization, 0);
	assert_int_equal(it.readings[0].value, 1);
	assert_string_equal(it.readings[1].name, "cpu");
	assert_string_equal(it.readings[1].container, "app");
	assert_null(it.readings[2].name);
	assert_true(it.readings[2].utilization == UNSET);
	assert_true(it.cpu_target == UNSET);
	assert_string_equal(it.conditions[1].what->reason, "ValidMetricFound");
	arena_free(&arena);
}

static void version_2beta2(void **state)
{
	struct arena arena = { 0 };
	struct autoscaler it;

	(void)state;
	decode(&autoscaler_record, "v2beta2", &it, &arena);
	assert_string_equal(it.owner_kind, "ScaledObject");
	assert_string_equal(it.target_kind, "StatefulSet");
	assert_int_equal(it.metrics[0].utilization, 70);
	assert_int_equal(it.readings[0].utilization, 1);
	assert_int_equal(it.readings[0].value, 5);
	arena_free(&arena);
}

static void version_2beta1(void **state)
{
	struct arena arena = { 0 };
	struct autoscaler it;

	(void)state;
	decode(&autoscaler_record, "v2beta1", &it, &arena);
	assert_int_equal(it.metrics[0].utilization, 70);
	assert_string_equal(it.metrics[1].name, "http_requests_per_second");
	assert_string_equal(it.metrics[2].name, "queue");
	assert_string_equal(it.readings[0].name, "cpu");
	assert_int_equal(it.readings[0].utilization, 0);
	assert_int_equal(it.readings[0].value, 2);
	assert_int_equal(it.condition_count, 0);
	arena_free(&arena);
}

static void version_1(void **state)
{
	struct arena arena = { 0 };
	struct autoscaler it;

	(void)state;
	decode(&autoscaler_record, "v1", &it, &arena);
	assert_int_equal(it.metric_count, 0);
	assert_int_equal(it.cpu_target, 70);
	assert_int_equal(it.cpu_reading, 0);
	arena_free(&arena);
}

static void of_a_trigger_only_presence_is_kept(void **state)
{
	struct arena arena = { 0 };
	struct scaled_object it;
	json_auto_t *saved = NULL;
	char *text;

	(void)state;
	decode(&scaled_object_record, "scaledobject", &it, &arena);
	assert_string_equal(it.name, "wasm-scaledobject");
	assert_null(it.target_kind);
	assert_string_equal(it.target_name, "web");
	assert_int_equal(it.trigger_count, 3);
	assert_false(it.triggers[0].query);
	assert_true(it.triggers[0].server_address);
	assert_true(it.triggers[0].metric_name);
	assert_true(it.triggers[1].query);
	assert_false(it.triggers[1].server_address); /* "" is none to KEDA either */
	assert_string_equal(it.triggers[2].type, "cpu");
	assert_false(it.triggers[2].query);
	assert_string_equal(it.conditions[0].what->reason, "ScaledObjectCheckFailed");
	saved = record_save(&scaled_object_record, &it);
	text = json_dumps(saved, 0);
	assert_non_null(text);
	assert_null(strstr(text, "secret"));
	assert_null(strstr(text, "prometheus:9090"));
	free(text);
	arena_free(&arena);
}

static void presence_comes_back_from_a_snapshot(void **state)
{
	struct arena arena = { 0 };
	struct scaled_object it, again;
	struct error error = { 0 };
	json_auto_t *saved = NULL;

	(void)state;
	decode(&scaled_object_record, "scaledobject", &it, &arena);
	saved = record_save(&scaled_object_record, &it);
	assert_true(record_load(&scaled_object_record, saved, &again, &arena, &error));
	assert_int_equal(again.trigger_count, 3);
	assert_true(again.triggers[0].metric_name);
	assert_false(again.triggers[0].query);
	assert_true(again.triggers[1].query);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(version_2),
		cmocka_unit_test(version_2beta2),
		cmocka_unit_test(version_2beta1),
		cmocka_unit_test(version_1),
		cmocka_unit_test(of_a_trigger_only_presence_is_kept),
		cmocka_unit_test(presence_comes_back_from_a_snapshot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
