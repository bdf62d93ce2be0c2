// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <wasmdiag/host.h>
#include <wasmdiag/text.h>

#include "facts_rows.h"
#include "json_text.h"
#include "snapshot.h"

static const char pod_json[] =
	"{\"metadata\":{\"name\":\"hello\",\"namespace\":\"default\","
	"\"creationTimestamp\":\"2026-11-24T03:52:01Z\","
	"\"annotations\":{\"module.wasm.image/varient\":\"compat\","
	"\"kubectl.kubernetes.io/last-applied-configuration\":\"secret\"},"
	"\"labels\":{\"app\":\"x\",\"password\":\"secret\"},"
	"\"ownerReferences\":[{\"kind\":\"ReplicaSet\",\"name\":\"hello-1\"}]},"
	"\"spec\":{\"runtimeClassName\":\"crun-wasm\",\"containers\":[{\"name\":\"app\","
	"\"image\":\"x\",\"command\":[\"/a.wasm\",\"--token=secret\"],"
	"\"env\":[{\"name\":\"A\",\"value\":\"secret\"},{\"name\":\"DNS_SERVER\","
	"\"value\":\"secret\"},{\"name\":7},\"secret\",{\"name\":\"secret\"}],"
	"\"resources\":{\"limits\":{\"memory\":\"64Mi\",\"cpu\":\"250m\"}}}]},"
	"\"status\":{\"phase\":\"Running\",\"containerStatuses\":[{\"name\":\"app\","
	"\"restartCount\":3,\"ready\":true,\"lastState\":{\"terminated\":"
	"{\"exitCode\":137,\"reason\":\"OOMKilled\"}}}]}}";

static void a_pod_is_decoded_by_its_rows(void **state)
{
	json_auto_t *json = json_loads(pod_json, 0, NULL);
	struct arena arena = { 0 };
	struct pod pod;

	(void)state;
	assert_non_null(json);
	record_decode(&pod_record, json, &pod, &arena);
	assert_string_equal(pod.name, "hello");
	assert_int_equal(pod.created, 1795492321);
	assert_true(pod.deleted == UNSET);
	assert_string_equal(pod.runtime_class, "crun-wasm");
	assert_int_equal(pod.annotation_count, 1);
	assert_string_equal(pod.annotations[0].key, "module.wasm.image/varient");
	assert_int_equal(pod.label_count, 1);
	assert_int_equal(pod.container_count, 1);
	assert_string_equal(pod.containers[0].program, "/a.wasm");
	assert_int_equal(pod.containers[0].variables.count, 1);
	assert_string_equal(pod.containers[0].variables.items[0], "DNS_SERVER");
	assert_int_equal(pod.containers[0].memory_limit, 67108864);
	assert_int_equal(pod.containers[0].cpu_limit, 250);
	assert_true(pod.containers[0].memory_request == UNSET);
	assert_int_equal(pod.statuses[0].restarts, 3);
	assert_string_equal(pod.statuses[0].last.reason, "OOMKilled");
	assert_true(pod.statuses[0].now.exit_code == UNSET);
	arena_free(&arena);
}

static void what_has_no_row_reaches_no_snapshot(void **state)
{
	json_auto_t *json = json_loads(pod_json, 0, NULL), *saved = NULL;
	struct arena arena = { 0 };
	struct pod pod;
	char *text;

	(void)state;
	record_decode(&pod_record, json, &pod, &arena);
	saved = record_save(&pod_record, &pod);
	text = json_dumps(saved, 0);
	assert_non_null(text);
	assert_null(strstr(text, "secret"));
	assert_non_null(strstr(text, "OOMKilled"));
	free(text);
	arena_free(&arena);
}

static void wrong_types_from_the_api_are_absent(void **state)
{
	json_auto_t *json = json_loads(
		"{\"metadata\":7,\"spec\":{\"containers\":{\"a\":1},\"nodeName\":[]},"
		"\"status\":{\"conditions\":[1,null,{\"type\":{}}]}}",
		0, NULL);
	struct arena arena = { 0 };
	struct pod pod;

	(void)state;
	record_decode(&pod_record, json, &pod, &arena);
	assert_null(pod.name);
	assert_null(pod.node);
	assert_int_equal(pod.container_count, 0);
	assert_int_equal(pod.condition_count, 3);
	for (size_t i = 0; i < pod.condition_count; i++)
		assert_null(pod.conditions[i].what->type);
	arena_free(&arena);
}

static void the_first_alternative_that_is_there_counts(void **state)
{
	json_auto_t *json = json_loads("{\"involvedObject\":{\"kind\":\"Pod\"},"
				       "\"lastTimestamp\":null,\"series\":null,"
				       "\"eventTime\":\"1970-01-01T00:00:07Z\"}",
				       0, NULL);
	struct arena arena = { 0 };
	struct event event;

	(void)state;
	record_decode(&event_record, json, &event, &arena);
	assert_int_equal(event.last, 7);
	assert_int_equal(event.first, 7);
	arena_free(&arena);
}

/* The same event as core/v1 has it and as events.k8s.io/v1 does; a real scheduler's. */
static void both_generations_of_events_are_understood(void **state)
{
	static const char *const texts[] = {
		"{\"involvedObject\":{\"kind\":\"Pod\",\"namespace\":\"default\",\"name\":\"a\"},"
		"\"message\":\"m\",\"reason\":\"FailedScheduling\",\"source\":{},"
		"\"reportingComponent\":\"default-scheduler\",\"firstTimestamp\":null,"
		"\"lastTimestamp\":null,\"eventTime\":\"1970-01-01T00:00:08.672161Z\","
		"\"series\":{\"count\":3,\"lastObservedTime\":\"1970-01-01T00:00:23.3Z\"}}",
		"{\"regarding\":{\"kind\":\"Pod\",\"namespace\":\"default\",\"name\":\"a\"},"
		"\"note\":\"m\",\"reason\":\"FailedScheduling\",\"deprecatedSource\":{},"
		"\"reportingController\":\"default-scheduler\","
		"\"reportingInstance\":\"default-scheduler-vm\","
		"\"deprecatedFirstTimestamp\":null,\"deprecatedLastTimestamp\":null,"
		"\"eventTime\":\"1970-01-01T00:00:08.672161Z\","
		"\"series\":{\"count\":3,\"lastObservedTime\":\"1970-01-01T00:00:23.3Z\"}}",
		"{\"regarding\":{\"kind\":\"Pod\",\"namespace\":\"default\",\"name\":\"a\"},"
		"\"note\":\"m\",\"reason\":\"FailedScheduling\","
		"\"deprecatedSource\":{\"component\":\"default-scheduler\"},"
		"\"deprecatedFirstTimestamp\":\"1970-01-01T00:00:08Z\","
		"\"deprecatedLastTimestamp\":\"1970-01-01T00:00:23Z\",\"deprecatedCount\":3}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		json_auto_t *json = json_loads(texts[i], 0, NULL);
		struct arena arena = { 0 };
		struct event event;

		assert_non_null(json);
		record_decode(&event_record, json, &event, &arena);
		assert_string_equal(event.kind, "Pod");
		assert_string_equal(event.namespace, "default");
		assert_string_equal(event.name, "a");
		assert_string_equal(event.message, "m");
		assert_string_equal(event.component, "default-scheduler");
		assert_null(event.host);
		assert_int_equal(event.count, 3);
		assert_int_equal(event.first, 8);
		assert_int_equal(event.last, 23);
		arena_free(&arena);
	}
}

static void the_paths_of_rows_are_what_the_projector_takes(void **state)
{
	static const char *const expected[] = {
		"metadata.name",
		"metadata.annotations[*wasm*]",
		"metadata.labels[gatekeeper.sh/system]",
		"spec.containers[].command[0]",
		"spec.containers[].resources.limits.memory",
		"status.containerStatuses[].lastState.terminated.exitCode",
	};
	struct arena arena = { 0 };
	size_t count, found = 0;
	const char **paths = record_paths(&pod_record, &arena, &count);

	(void)state;
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < ARRAY_SIZE(expected); j++)
			found += text_equal(paths[i], expected[j]);
	assert_int_equal(found, ARRAY_SIZE(expected));
	arena_free(&arena);
}

/* Item by item it is the same as in one piece. */
static void expect_printed(const struct facts *facts, const json_t *whole)
{
	char *text[2] = { NULL, NULL };
	size_t size;
	FILE *out = open_memstream(&text[0], &size);

	assert_true(snapshot_print(facts, out));
	fclose(out);
	out = open_memstream(&text[1], &size);
	assert_true(json_print(whole, JSON_INDENT(1) | JSON_SORT_KEYS, out));
	fclose(out);
	assert_string_equal(text[0], text[1]);
	free(text[0]);
	free(text[1]);
}

static void snapshots_come_back_as_they_were(void **state)
{
	static const char text[] =
		"{\"schema\":\"wasmdiag.facts/1\",\"taken\":7,"
		"\"sources\":{\"events\":{\"state\":\"denied\",\"reason\":\"no\"}},"
		"\"server\":{\"outcome\":\"ok\",\"ready\":true},"
		"\"pods\":[{\"name\":\"a\",\"annotations\":{\"k\":\"v\"}}],"
		"\"hosts\":[{\"name\":\"n\",\"runtimes\":[{\"path\":\"/usr/bin/crun\","
		"\"wasm\":\"yes\",\"features\":[\"+YAJL\"]}]}]}";
	json_auto_t *json = json_loads(text, 0, NULL), *first = NULL, *second = NULL;
	struct arena arena = { 0 };
	struct facts facts, again;
	struct error error = { 0 };

	(void)state;
	assert_true(snapshot_parse(json, &facts, &arena, &error));
	assert_int_equal(facts.source[FACT_PODS].state, FACT_KNOWN);
	assert_int_equal(facts.source[FACT_EVENTS].state, FACT_DENIED);
	assert_int_equal(facts.source[FACT_NODES].state, FACT_NOT_SOUGHT);
	assert_int_equal(facts.hosts[0].source[HOST_RUNTIMES].state, FACT_KNOWN);
	assert_int_equal(facts.hosts[0].runtimes[0].wasm, ANSWER_YES);
	first = snapshot_save(&facts);
	assert_true(snapshot_parse(first, &again, &arena, &error));
	second = snapshot_save(&again);
	assert_true(json_equal(first, second));
	expect_printed(&facts, first);
	arena_free(&arena);
}

static void bad_snapshots_are_refused_in_a_sentence(void **state)
{
	static const struct {
		const char *text, *says;
	} rows[] = {
		{ "{}", "it has no schema" },
		{ "{\"schema\":\"wasmdiag.facts/9\"}", "use the version that wrote it" },
		{ "{\"schema\":\"other\"}", "no snapshot" },
		{ "{\"schema\":\"wasmdiag.facts/1\",\"pods\":[{\"name\":7}]}",
		  "pods: element 0: name: should be a string" },
		{ "{\"schema\":\"wasmdiag.facts/1\",\"server\":{\"outcome\":\"fine\"}}",
		  "outcome" },
		{ "{\"schema\":\"wasmdiag.facts/1\",\"hosts\":{}}",
		  "should be an array" },
	};
	struct arena arena = { 0 };
	struct facts facts;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		json_auto_t *json = json_loads(rows[i].text, 0, NULL);
		struct error error = { 0 };

		assert_false(snapshot_parse(json, &facts, &arena, &error));
		if (!strstr(error.text, rows[i].says))
			fail_msg("%s: %s", rows[i].text, error.text);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pod_is_decoded_by_its_rows),
		cmocka_unit_test(what_has_no_row_reaches_no_snapshot),
		cmocka_unit_test(wrong_types_from_the_api_are_absent),
		cmocka_unit_test(the_first_alternative_that_is_there_counts),
		cmocka_unit_test(both_generations_of_events_are_understood),
		cmocka_unit_test(the_paths_of_rows_are_what_the_projector_takes),
		cmocka_unit_test(snapshots_come_back_as_they_were),
		cmocka_unit_test(bad_snapshots_are_refused_in_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
