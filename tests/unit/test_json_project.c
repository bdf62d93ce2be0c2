// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include <jansson.h>

#include <wasmdiag/text.h>

#include "collect/json_project.h"
#include "random_json.h"

/* What the projection of text by one path is, as jansson reads and prints it. */
static void check(const char *text, const char *path, const char *expected)
{
	struct arena arena = { 0 };
	struct json_projector projector = { 0 };
	struct error error = { 0 };
	const struct json_projection *projection =
		json_projection_compile(&arena, &path, 1, &error);
	json_auto_t *got = NULL, *want = json_loads(expected, 0, NULL);

	assert_non_null(projection);
	assert_non_null(want);
	if (!json_project(&projector, projection, text, strlen(text), &error))
		fail_msg("%s: %s", text, error.text);
	got = json_loadb(projector.out.bytes, projector.out.length, JSON_ALLOW_NUL, NULL);
	if (!json_equal(got, want))
		fail_msg("%s of %s: %.*s, not %s", path, text, (int)projector.out.length,
			 projector.out.bytes, expected);
	json_projector_release(&projector);
	arena_free(&arena);
}

static void test_paths(void **state)
{
	(void)state;
	check("{\"a\":{\"b\":1,\"c\":2},\"b\":3}", "a.b", "{\"a\":{\"b\":1}}");
	check("{\"a\":{\"b\":1,\"c\":2}}", "a", "{\"a\":{\"b\":1,\"c\":2}}");
	check("{\"m\":{\"x.y/z\":1,\"x\":{\"y/z\":2}}}", "m[x.y/z]",
	      "{\"m\":{\"x.y/z\":1}}");
	check("{\"m\":{\"a/wasm/b\":1,\"wasm\":2,\"was\":3}}", "m[*wasm*]",
	      "{\"m\":{\"a/wasm/b\":1,\"wasm\":2}}");
	check("{\"m\":{\"ab\":1,\"aXbXc\":2,\"ac\":3}}", "m[a*b*c]",
	      "{\"m\":{\"aXbXc\":2}}");
	check("{\"c\":[{\"n\":1,\"x\":0},{\"n\":2},{}]}", "c[].n",
	      "{\"c\":[{\"n\":1},{\"n\":2},{}]}");
	check("{\"c\":[5,[6],null]}", "c[]", "{\"c\":[5,[6],null]}");
	check("{\"c\":[{\"d\":[1,2,3]},{\"d\":[]}]}", "c[].d[0]",
	      "{\"c\":[{\"d\":[1]},{\"d\":[]}]}");
	check("{\"d\":[1,2,3,4]}", "d[2]", "{\"d\":[null,null,3]}");
	check(" { \"d\" : [ [ 1 , 2 ] , [ 3 ] ] } ", "d[][0]", "{\"d\":[[1],[3]]}");
}

/* Elements that are not wanted leave no trace, and no comma. */
static void test_values(void **state)
{
	static const char *const paths[] = { "c[].e[].n=A", "c[].e[].n=B", "c[].x" };
	static const char *const clash[] = { "e[].n=A", "e[].m" };
	static const char *const late[] = { "e[].m", "e[].n=A" };
	static const char *const wrong[] = { "a=b", "a.b=c", "a[]=b", "a[].b=c.d" };
	static const char text[] =
		"{\"c\":[{\"e\":[{\"n\":\"X\",\"v\":\"s\"},{\"v\":\"s\",\"n\" : \"A\"},7,{},"
		"{\"n\":\"AB\"},{\"n\":[\"A\"]},{\"n\":\"B\"},{\"n\":\"X\"}],\"x\":1},{\"e\":[]},"
		"{\"e\":[{\"n\":null}]}]}";
	struct arena arena = { 0 };
	struct json_projector projector = { 0 };
	const struct json_projection *projection =
		json_projection_compile(&arena, paths, ARRAY_SIZE(paths), NULL);

	(void)state;
	assert_non_null(projection);
	assert_true(json_project(&projector, projection, text, strlen(text), NULL));
	assert_int_equal(
		projector.out.length,
		strlen("{\"c\":[{\"e\":[{\"n\":\"A\"},{\"n\":\"B\"}],\"x\":1},{\"e\":[]},{\"e\":[]}]}"));
	assert_memory_equal(
		projector.out.bytes,
		"{\"c\":[{\"e\":[{\"n\":\"A\"},{\"n\":\"B\"}],\"x\":1},{\"e\":[]},{\"e\":[]}]}",
		projector.out.length);
	assert_null(json_projection_compile(&arena, clash, 2, NULL));
	assert_null(json_projection_compile(&arena, late, 2, NULL));
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_null(json_projection_compile(&arena, &wrong[i], 1, NULL));
	json_projector_release(&projector);
	arena_free(&arena);
}

static void test_shape_is_kept(void **state)
{
	(void)state;
	check("{\"a\":5}", "a.b", "{\"a\":null}");
	check("{\"a\":[1]}", "a.b", "{\"a\":null}");
	check("{\"a\":{\"b\":1}}", "a[]", "{\"a\":null}");
	check("{\"a\":{}}", "a.b", "{\"a\":{}}");
	check("{\"b\":{}}", "a.b", "{}");
}

static void test_names(void **state)
{
	(void)state;
	check("{\"\\u0061\":1,\"b\":2}", "a", "{\"a\":1}");
	check("{\"a\":1,\"\\u0061\":2}", "a", "{\"a\":2}");
	check("{\"a\":{\"b\":1},\"a\":5}", "a.b", "{\"a\":null}");
	check("{\"\\\"\\\\q\":1}", "[\"\\q]", "{\"\\\"\\\\q\":1}");
	check("{\"\\ud83d\\ude80\":1,\"\\ud83d\":2}", "\xf0\x9f\x9a\x80",
	      "{\"\xf0\x9f\x9a\x80\":1}");
	check("{\"\\u0000\":1,\"a\\u0000\":2,\"a\":3}", "a", "{\"a\":3}");
}

static void test_many_paths(void **state)
{
	static const char *const paths[] = { "m.name",  "m[name]", "m[x]",
					     "m[*y*]",  "m.y.z",   "l[].a.b",
					     "l[].a.c", "e[1]",    "e[3].q" };
	static const char text[] =
		"{\"m\":{\"name\":1,\"x\":2,\"y\":{\"z\":3,\"w\":4},\"k\":5},"
		"\"l\":[{\"a\":{\"b\":1,\"c\":2,\"d\":3}}],\"e\":[1,2,3,{\"q\":4,\"r\":5},6]}";
	static const char expected[] =
		"{\"m\":{\"name\":1,\"x\":2,\"y\":{\"z\":3,\"w\":4}},"
		"\"l\":[{\"a\":{\"b\":1,\"c\":2}}],\"e\":[null,2,null,{\"q\":4}]}";
	struct arena arena = { 0 };
	struct json_projector projector = { 0 };
	const struct json_projection *projection =
		json_projection_compile(&arena, paths, ARRAY_SIZE(paths), NULL);

	(void)state;
	assert_non_null(projection);
	assert_true(json_project(&projector, projection, text, strlen(text), NULL));
	assert_int_equal(projector.out.length, strlen(expected));
	assert_memory_equal(projector.out.bytes, expected, strlen(expected));
	projection = json_projection_compile(&arena, paths, 0, NULL);
	assert_true(json_project(&projector, projection, text, strlen(text), NULL));
	assert_int_equal(projector.out.length, 2);
	json_projector_release(&projector);
	arena_free(&arena);
}

static void test_bad_paths(void **state)
{
	static const char *const bad[] = { "",       ".",     "a.", "a..b", "a[",
					   "a[*].b", "a[64]", ".a", "a[0]b" };
	static const char *const clash[] = { "a[].b", "a[0].c" };
	struct arena arena = { 0 };
	struct error error;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		error = (struct error){ 0 };
		if (json_projection_compile(&arena, &bad[i], 1, &error))
			fail_msg("'%s' was taken", bad[i]);
		assert_int_equal(error.kind, ERROR_USAGE);
	}
	assert_null(json_projection_compile(&arena, clash, 2, &error));
	arena_free(&arena);
}

static void test_malformed(void **state)
{
	static const char *const bad[] = {
		"",
		"[]",
		"5",
		"{",
		"{\"a\"}",
		"{\"a\":}",
		"{\"a\":1",
		"{\"a\":1}}",
		"{\"a\":1} x",
		"{\"b\":[}]}",
		"{\"b\":{]}",
		"{\"b\":\"x}",
		"{\"b\":\"x\\\"}",
		"{\"b\":[1,2}",
		"{\"b\":1 2}",
		"{b:1}",
		"{\"a\":1,}",
		"{\"c\":[{\"n\":1]}",
		"{\"c\":[,]}",
		"{\"b\\",
		"{\"b\":\"\\",
	};
	static const char *const paths[] = { "a", "c[].n" };
	struct arena arena = { 0 };
	struct json_projector projector = { 0 };
	const struct json_projection *projection =
		json_projection_compile(&arena, paths, 2, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct error error = { 0 };
		size_t length = strlen(bad[i]);
		/* exactly as long as the text, so that a sanitizer sees one byte more */
		char *copy = malloc(length ? length : 1);

		memcpy(copy, bad[i], length);
		if (json_project(&projector, projection, copy, length, &error))
			fail_msg("'%s' was taken as %.*s", bad[i],
				 (int)projector.out.length, projector.out.bytes);
		assert_int_equal(error.kind, ERROR_FORMAT);
		free(copy);
	}
	json_projector_release(&projector);
	arena_free(&arena);
}

static bool nested(const char *path, int depth, struct error *error)
{
	struct arena arena = { 0 };
	struct json_projector projector = { 0 };
	struct buffer text = { 0 };
	bool ok;

	for (int i = 0; i < depth; i++)
		random_put(&text, "{\"a\":");
	random_put(&text, "1");
	for (int i = 0; i < depth; i++)
		random_put(&text, "}");
	ok = json_project(&projector, json_projection_compile(&arena, &path, 1, NULL),
			  text.bytes, text.length, error);
	buffer_release(&text);
	json_projector_release(&projector);
	arena_free(&arena);
	return ok;
}

static void test_depth(void **state)
{
	static const char *const paths[] = { "a", "b", "a.a.a" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct error error = { 0 };

		assert_true(nested(paths[i], 64, &error));
		assert_false(nested(paths[i], 65, &error));
		assert_int_equal(error.kind, ERROR_LIMIT);
	}
}

/* What a path's first step is called, and the rest of it; for the oracle below. */
static const char *first_step(const char *path, char *step)
{
	size_t length = *path == '[' ? strcspn(path, "]") + 1 : strcspn(path, ".[");

	memcpy(step, path, length);
	step[length] = '\0';
	path += length;
	return *path == '.' ? path + 1 : path;
}

static bool step_takes(const char *step, const char *name)
{
	if (strcmp(step, "[*wasm*]") == 0)
		return strstr(name, "wasm");
	if (*step == '[')
		return strncmp(step + 1, name, strlen(step) - 2) == 0 &&
		       strlen(name) == strlen(step) - 2;
	return strcmp(step, name) == 0;
}

static bool step_is_element(const char *step, size_t index)
{
	return strcmp(step, "[]") == 0 ||
	       (*step == '[' && step[1] >= '0' && step[1] <= '9' &&
		strtoul(step + 1, NULL, 10) == index);
}

static bool is_element_step(const char *step)
{
	return step[0] == '[' && strspn(step + 1, "0123456789") == strlen(step) - 2;
}

/* The slow way: walk jansson's tree by the paths' text. */
static json_t *walk(const json_t *value, const char *const *paths, size_t count);

static json_t *walk_object(json_t *value, const char *const *paths, size_t count)
{
	json_t *out = json_object(), *member;
	const char *name, *rest[16];
	char step[64];

	json_object_foreach(value, name, member)
	{
		size_t taken = 0;

		for (size_t i = 0; i < count; i++) {
			const char *after = first_step(paths[i], step);

			if (!is_element_step(step) && step_takes(step, name))
				rest[taken++] = after;
		}
		if (taken)
			json_object_set_new(out, name, walk(member, rest, taken));
	}
	return out;
}

static json_t *walk_array(const json_t *value, const char *const *paths, size_t count)
{
	json_t *out = json_array();
	const char *rest[16];
	char step[64];

	for (size_t index = 0; index < json_array_size(value); index++) {
		size_t taken = 0, later = 0;

		for (size_t i = 0; i < count; i++) {
			const char *after = first_step(paths[i], step);

			if (!is_element_step(step))
				continue;
			if (step_is_element(step, index))
				rest[taken++] = after;
			later += step[1] != ']' && strtoul(step + 1, NULL, 10) > index;
		}
		if (taken)
			json_array_append_new(
				out, walk(json_array_get(value, index), rest, taken));
		else if (later)
			json_array_append_new(out, json_null());
	}
	return out;
}

static json_t *walk(const json_t *value, const char *const *paths, size_t count)
{
	bool members = false, elements = false;
	char step[64];

	for (size_t i = 0; i < count; i++) {
		if (!*paths[i])
			return json_deep_copy(value);
		first_step(paths[i], step);
		elements |= is_element_step(step);
		members |= !is_element_step(step);
	}
	if (json_is_object(value) && members)
		return walk_object((json_t *)value, paths, count);
	if (json_is_array(value) && elements)
		return walk_array(value, paths, count);
	return json_null();
}

static void test_equals_tree_walk(void **state)
{
	static const char *const sets[][5] = {
		{ "a", "b.c", "c[].a", "[*wasm*]", "[x.y/z].a" },
		{ "a.a", "a[].b", "b[0]", "b[2].c", "c[x.y/z]" },
		{ "a[].a[].a", "a.b.c", "c[1][0]", "c.a", "b[*wasm*]" },
		{ "a.wasm", "a[*wasm*]", "b[][]", "c[].b[0]", "wasm.a" },
	};
	struct arena arena = { 0 };
	struct json_projector projector = { 0 };
	struct buffer text = { 0 };
	size_t nonempty = 0;

	(void)state;
	srand(11);
	for (int round = 0; round < 40000; round++) {
		const char *const *paths = sets[round % 4];
		size_t count = 5;
		json_auto_t *whole, *got, *want;
		struct error error = { 0 };

		text.length = 0;
		random_object(&text, 5);
		whole = json_loadb(text.bytes, text.length, JSON_ALLOW_NUL, NULL);
		assert_non_null(whole);
		if (!json_project(&projector,
				  json_projection_compile(&arena, paths, count, NULL),
				  text.bytes, text.length, &error))
			fail_msg("%.*s: %s", (int)text.length, text.bytes, error.text);
		got = json_loadb(projector.out.bytes, projector.out.length,
				 JSON_ALLOW_NUL, NULL);
		want = walk(whole, paths, count);
		if (!json_equal(got, want))
			fail_msg("set %d of %.*s: %.*s, not %s", round % 4,
				 (int)text.length, text.bytes, (int)projector.out.length,
				 projector.out.bytes, json_dumps(want, 0));
		nonempty += json_object_size(got) > 0;
		arena_free(&arena);
	}
	assert_true(nonempty > 10000);
	buffer_release(&text);
	json_projector_release(&projector);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_shape_is_kept),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_many_paths),
		cmocka_unit_test(test_bad_paths),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_equals_tree_walk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
