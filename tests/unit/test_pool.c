// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include <stdio.h>
#include <wasmdiag/text.h>

#include "facts_rows.h"
#include "pool.h"

struct fixture {
	struct arena arena;
	struct pool pool;
};

static void equal_bytes_are_kept_once(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	const char *first, *other, *again;

	(void)state;
	first = pool_copy(&fixture->pool, &fixture->arena, "node-1", 7);
	other = pool_copy(&fixture->pool, &fixture->arena, "node-2", 7);
	again = pool_copy(&fixture->pool, &fixture->arena, "node-1", 7);
	assert_ptr_equal(first, again);
	assert_ptr_not_equal(first, other);
	assert_string_equal(other, "node-2");
	assert_ptr_not_equal(first,
			     pool_copy(&fixture->pool, &fixture->arena, "node-1x", 6));
	arena_free(&fixture->arena);
	free(fixture);
}

static void what_is_forgotten_is_kept_again(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	const char *kept[4 * POOL_SLOTS];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++) {
		char name[16];
		int length = snprintf(name, sizeof(name), "%zu", i);

		kept[i] = pool_copy(&fixture->pool, &fixture->arena, name,
				    (size_t)length + 1);
	}
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
		assert_int_equal(strtoul(kept[i], NULL, 10), i);
	arena_free(&fixture->arena);
	free(fixture);
}

static const char pod_text[] =
	"{\"metadata\":{\"name\":\"%s\",\"labels\":{\"app\":\"a\"},"
	"\"ownerReferences\":[{\"kind\":\"ReplicaSet\",\"name\":\"a-1\"}]},"
	"\"spec\":{\"volumes\":[{\"persistentVolumeClaim\":{\"claimName\":\"c\"}}],"
	"\"containers\":[{\"name\":\"main\",\"command\":[\"/app.wasm\"],"
	"\"env\":[{\"name\":\"SECRET\"},{\"name\":\"%s\"}]}]},"
	"\"status\":{\"message\":\"said: %s\"}}";

static struct pod decode(struct fixture *fixture, const char *name, const char *variable)
{
	char text[sizeof(pod_text) + 200];
	struct pod pod;
	json_t *json;

	snprintf(text, sizeof(text), pod_text, name, variable, name);
	json = json_loads(text, 0, NULL);
	assert_non_null(json);
	record_decode_shared(&pod_record, json, &pod, &fixture->arena, &fixture->pool);
	json_decref(json);
	return pod;
}

static struct dated_condition decode_condition(struct fixture *fixture, const char *time,
					       const char *message)
{
	json_auto_t *json = json_pack("{ss ss ss ss}", "type", "Ready", "status", "True",
				      "lastTransitionTime", time, "message", message);
	struct dated_condition condition;

	record_decode_shared(&condition_record, json, &condition, &fixture->arena,
			     &fixture->pool);
	return condition;
}

static void conditions_share_all_but_their_time(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	const char *new_year = "1970-01-01T00:00:00Z", *later = "1970-01-01T00:00:07Z";
	struct dated_condition a = decode_condition(fixture, new_year, "well"),
			       b = decode_condition(fixture, later, "well"),
			       c = decode_condition(fixture, later, "hardly");
	json_auto_t *saved = record_save(&condition_record, &b);
	struct dated_condition loaded;
	struct error error;

	(void)state;
	assert_ptr_equal(a.what, b.what);
	assert_int_equal(a.since, 0);
	assert_int_equal(b.since, 7);
	assert_string_equal(c.what->message, "hardly");
	assert_string_equal(b.what->message, "well");
	assert_true(
		record_load(&condition_record, saved, &loaded, &fixture->arena, &error));
	assert_string_equal(loaded.what->type, "Ready");
	assert_string_equal(loaded.what->status, "True");
	assert_string_equal(loaded.what->message, "well");
	assert_null(loaded.what->reason);
	assert_int_equal(loaded.since, 7);
	arena_free(&fixture->arena);
	free(fixture);
}

/* Pods of one Deployment share all but what is theirs; nothing given back is in use. */
static void pods_share_what_is_the_same(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct pod a = decode(fixture, "a", "WASMEDGE_WASI_SOCKET"),
		   b = decode(fixture, "b", "WASMEDGE_WASI_SOCKET"),
		   c = decode(fixture, "c", "OTHER");

	(void)state;
	decode(fixture, "filler", "SECRET");
	assert_ptr_equal(a.containers, b.containers);
	assert_ptr_equal(a.owners, b.owners);
	assert_ptr_equal(a.labels, b.labels);
	assert_ptr_equal(a.claims.items, b.claims.items);
	assert_ptr_not_equal(a.containers, c.containers);
	assert_string_equal(a.name, "a");
	assert_string_equal(b.name, "b");
	assert_string_equal(b.message, "said: b");
	assert_string_equal(b.containers[0].program, "/app.wasm");
	assert_string_equal(c.containers[0].name, "main");
	assert_string_equal(c.claims.items[0], "c");
	assert_int_equal(c.containers[0].variables.count, 0);
	assert_null(c.containers[0].variables.items);
	arena_free(&fixture->arena);
	free(fixture);
}

/* A text in a list's place would not be where a list may lie. */
static void a_list_is_never_a_text(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct arena_mark mark;
	int64_t *list;

	(void)state;
	arena_copy(&fixture->arena, "", 0);
	pool_copy(&fixture->pool, &fixture->arena, "\1\0\0\0\0\0\0\0", 8);
	mark = arena_mark(&fixture->arena);
	list = arena_alloc(&fixture->arena, sizeof(*list));
	*list = 1;
	list = pool_share(&fixture->pool, &fixture->arena, mark, list, sizeof(*list));
	assert_int_equal((uintptr_t)list % _Alignof(int64_t), 0);
	assert_int_equal(*list, 1);
	arena_free(&fixture->arena);
	free(fixture);
}

static void a_long_array_leaves_nothing_behind(void **state)
{
	struct arena arena = { 0 };
	size_t *numbers = NULL;

	(void)state;
	for (size_t i = 0; i < 100000; i++) {
		numbers = arena_regrow(&arena, numbers, i, sizeof(*numbers));
		numbers[i] = i;
		if (i % 1000 == 0)
			arena_copy(&arena, "between", 7);
	}
	for (size_t i = 0; i < 100000; i++)
		assert_int_equal(numbers[i], i);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_bytes_are_kept_once),
		cmocka_unit_test(what_is_forgotten_is_kept_again),
		cmocka_unit_test(conditions_share_all_but_their_time),
		cmocka_unit_test(pods_share_what_is_the_same),
		cmocka_unit_test(a_list_is_never_a_text),
		cmocka_unit_test(a_long_array_leaves_nothing_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
