// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include <wasmdiag/text.h>

#include "collect/json_scan.h"
#include "collect/json_string.h"
#include "random_json.h"

/* The items, one per line. */
static void keep(void *context, const char *bytes, size_t length)
{
	buffer_append(context, bytes, length, 1 << 26);
	random_put(context, "\x1e");
}

static bool scan_in_chunks(struct json_scan *scan, const char *text, size_t length,
			   size_t chunk, struct buffer *items)
{
	bool ok = true;

	json_scan_start(scan, keep, items);
	for (size_t at = 0; at < length && ok;) {
		size_t size = chunk ? chunk : 1 + (size_t)rand() % 40;
		char *copy;

		if (size > length - at)
			size = length - at;
		copy = malloc(size);
		memcpy(copy, text + at, size);
		ok = json_scan_feed(scan, copy, size);
		free(copy);
		at += size;
	}
	return json_scan_end(scan) && ok;
}

static void check_items(const char *text, const char *expected, size_t bad)
{
	struct json_scan *scan = malloc(sizeof(*scan));

	for (size_t chunk = 1; chunk < 12; chunk++) {
		struct buffer items = { 0 };

		if (!scan_in_chunks(scan, text, strlen(text), chunk, &items))
			fail_msg("%s: %s", text, scan->error.text);
		assert_int_equal(scan->list.bad_items, bad);
		assert_int_equal(items.length, strlen(expected));
		if (items.length)
			assert_memory_equal(items.bytes, expected, items.length);
		buffer_release(&items);
	}
	free(scan);
}

static void test_items(void **state)
{
	(void)state;
	check_items("{\"items\":[{},{\"a\":1} , {\"b\":\"]},{\\\"\"}\n]}",
		    "{}\x1e{\"a\":1}\x1e{\"b\":\"]},{\\\"\"}\x1e", 0);
	check_items("{\"items\":[]}", "", 0);
	check_items("{\"items\":[ ]}", "", 0);
	check_items("{\"items\":null}", "", 0);
	check_items("{\"spec\":{\"items\":[{}]},\"metadata\":{\"items\":[{}]}}", "", 0);
	check_items("{\"x\":[{\"a\":[\"]\"]}],\"\\u0069tems\":[{}]}", "{}\x1e", 0);
	check_items("{\"items\":[1,\"a,b\",null,[2,3],{\"k\":0}]}", "{\"k\":0}\x1e", 4);
}

static void test_head(void **state)
{
	static const char text[] =
		"{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"selfLink\":null,"
		"\"resourceVersion\":\"12\",\"remainingItemCount\":37,\"x\":{\"continue\":\"no\"},"
		"\"continue\":\"ab\\u003d\\/=\"},\"items\":[{\"kind\":\"Pod\",\"metadata\":"
		"{\"continue\":\"no\"}}],\"continue\":\"no\"}";
	struct json_scan *scan = malloc(sizeof(*scan));

	(void)state;
	for (size_t chunk = 0; chunk < sizeof(text); chunk++) {
		struct buffer items = { 0 };

		assert_true(scan_in_chunks(scan, text, strlen(text), chunk, &items));
		assert_string_equal(scan->list.kind, "PodList");
		assert_string_equal(scan->list.resource_version, "12");
		assert_string_equal(scan->list.continue_token, "ab=/=");
		assert_int_equal(scan->list.remaining, 37);
		assert_int_equal(scan->list.items, 1);
		buffer_release(&items);
	}
	free(scan);
}

static void check_malformed(const char *text, size_t chunk)
{
	struct json_scan *scan = malloc(sizeof(*scan));
	struct buffer items = { 0 };

	if (scan_in_chunks(scan, text, strlen(text), chunk, &items))
		fail_msg("'%s' was taken", text);
	assert_int_equal(scan->error.kind, ERROR_FORMAT);
	buffer_release(&items);
	free(scan);
}

static void test_malformed(void **state)
{
	static const char *const bad[] = {
		"",
		" ",
		"[]",
		"<html>",
		"{",
		"{]",
		"{\"a\"}",
		"{\"a\" 1}",
		"{\"a\":1,}",
		"{\"a\":1}x",
		"{\"a\":1}{}",
		"{\"items\":[{}",
		"{\"items\":[{}}",
		"{\"items\":[{}],\"items\":[{}]}",
		"{\"items\":[{}]",
		"{\"a\":}",
		"{\"a\":]}",
		"{\"metadata\":{\"continue\":\"x}",
		"{a:1}",
		"{\"kind\":\"\\",
		"{\"kind\":tru",
		"{\"kind\"::1}",
		"{\"a\":1 2}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		for (size_t chunk = 1; chunk < 20; chunk++)
			check_malformed(bad[i], chunk);
	}
}

/* {"items":[{},{"a":[[[...]]]},{}]} with a string of size bytes at depth. */
static void put_odd_list(struct buffer *text, size_t depth, size_t size)
{
	random_put(text, "{\"items\":[{},{\"a\":");
	for (size_t i = 0; i < depth; i++)
		random_put(text, "[");
	random_put(text, "\"");
	for (size_t i = 0; i < size; i++)
		random_put(text, "x");
	random_put(text, "\"");
	for (size_t i = 0; i < depth; i++)
		random_put(text, "]");
	random_put(text, "},{\"b\":1}]}");
}

static void check_odd_list(size_t depth, size_t size, size_t expected_bad)
{
	static const size_t chunks[] = { 1, 16384, 1 << 24 };
	struct json_scan *scan = malloc(sizeof(*scan));
	struct buffer text = { 0 };

	put_odd_list(&text, depth, size);
	for (size_t i = 0; i < 3; i++) {
		struct buffer items = { 0 };

		assert_true(
			scan_in_chunks(scan, text.bytes, text.length, chunks[i], &items));
		assert_int_equal(scan->list.bad_items, expected_bad);
		assert_int_equal(scan->list.items, 3 - expected_bad);
		buffer_release(&items);
	}
	buffer_release(&text);
	free(scan);
}

static void test_limits(void **state)
{
	(void)state;
	/* {"a":"..."} has 8 bytes beside the string */
	check_odd_list(0, JSON_ITEM_LIMIT - 8, 0);
	check_odd_list(0, JSON_ITEM_LIMIT - 7, 1);
	check_odd_list(JSON_DEPTH_LIMIT - 1, 1, 0);
	check_odd_list(JSON_DEPTH_LIMIT, 1, 1);
}

static void test_long_token(void **state)
{
	struct json_scan *scan = malloc(sizeof(*scan));
	struct buffer text = { 0 }, items = { 0 };

	(void)state;
	random_put(&text, "{\"metadata\":{\"continue\":\"");
	for (int i = 0; i < 8192; i++)
		random_put(&text, "x");
	random_put(&text, "\"}}");
	assert_false(scan_in_chunks(scan, text.bytes, text.length, 1 << 20, &items));
	text.length -= 4;
	random_put(&text, "\"}}");
	assert_true(scan_in_chunks(scan, text.bytes, text.length, 1 << 20, &items));
	assert_int_equal(strlen(scan->list.continue_token), 8191);
	buffer_release(&text);
	buffer_release(&items);
	free(scan);
}

/* A random list; the items are what is expected of it, each followed by a mark. */
static void put_random_list(struct buffer *text, struct buffer *expected)
{
	int count = rand() % 6;

	text->length = expected->length = 0;
	random_put(text, "{\"before\":");
	random_value(text, 3);
	random_put(text, ",\"items\":[");
	for (int i = 0; i < count; i++) {
		size_t start;

		random_put(text, i ? "," : "");
		random_space(text);
		start = text->length;
		random_object(text, 4);
		buffer_append(expected, text->bytes + start, text->length - start,
			      1 << 24);
		random_put(expected, "\x1e");
		random_space(text);
	}
	random_put(text, "],\"metadata\":{\"resourceVersion\":\"7\",\"a\":");
	random_value(text, 3);
	random_put(text, ",\"continue\":\"tok\\u0065n\"}}");
}

static void check_list(const struct buffer *text, const struct buffer *expected,
		       size_t chunk)
{
	struct json_scan *scan = malloc(sizeof(*scan));
	struct buffer items = { 0 };

	if (!scan_in_chunks(scan, text->bytes, text->length, chunk, &items))
		fail_msg("%.*s: %s", (int)text->length, text->bytes, scan->error.text);
	assert_int_equal(items.length, expected->length);
	assert_string_equal(scan->list.continue_token, "token");
	assert_string_equal(scan->list.resource_version, "7");
	if (items.length)
		assert_memory_equal(items.bytes, expected->bytes, items.length);
	buffer_release(&items);
	free(scan);
}

static void test_chunks_do_not_matter(void **state)
{
	struct buffer text = { 0 }, expected = { 0 };

	(void)state;
	srand(7);
	for (int round = 0; round < 6000; round++) {
		put_random_list(&text, &expected);
		for (size_t chunk = 0; chunk < 3; chunk++)
			check_list(&text, &expected, chunk);
		check_list(&text, &expected, 1 << 20);
	}
	buffer_release(&text);
	buffer_release(&expected);
}

static void test_decode(void **state)
{
	static const char raw[] = "a\\n\\u00e9\\ud83d\\ude80\\ud83dx\\q\\u12";
	char out[sizeof(raw)];
	size_t length = json_string_decode(raw, strlen(raw), out);

	(void)state;
	assert_int_equal(length, strlen("a\n\xc3\xa9\xf0\x9f\x9a\x80\\ud83dx\\q\\u12"));
	assert_memory_equal(out, "a\n\xc3\xa9\xf0\x9f\x9a\x80\\ud83dx\\q\\u12", length);
	assert_int_equal(json_string_decode("\\", 1, out), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_items),
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_long_token),
		cmocka_unit_test(test_chunks_do_not_matter),
		cmocka_unit_test(test_decode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
