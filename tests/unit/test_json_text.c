// SPDX-License-Identifier: Apache-2.0
/* Documents written piece by piece are those written whole. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <wasmdiag/text.h>

#include "json_text.h"

static const char document[] =
	"{\"zebra\":1,\"list\":[{\"b\":[1,{\"c\":[]}],\"a\":\"one\\nline\"},\"\\u001b[31m\",7],"
	"\"short\":[],\"kept\":[1,2],\"object\":{\"y\":{},\"x\":null},\"\\u202ekey\":true}";

/* What is long of the document is asked for item by item. */
static json_t *item_of(const void *context, const char *key, size_t index)
{
	const json_t *whole = context;

	if (!text_equal(key, "list") && !text_equal(key, "short"))
		return NULL;
	return json_incref(json_array_get(json_object_get(whole, key), index));
}

static char *print_whole(const json_t *json, size_t flags)
{
	size_t size;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);

	assert_true(json_print(json, flags, out));
	assert_int_equal(fclose(out), 0);
	return text;
}

static char *print_long(const json_t *whole, size_t flags)
{
	const struct json_lists lists = { item_of, whole };
	json_t *frame = json_copy((json_t *)whole);
	size_t size;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);

	json_object_set_new(frame, "list", json_array());
	assert_true(json_print_long(frame, &lists, flags, out));
	assert_int_equal(fclose(out), 0);
	json_decref(frame);
	return text;
}

static void pieces_make_the_whole(void **state)
{
	static const size_t flags[] = { JSON_INDENT(1) | JSON_SORT_KEYS, JSON_INDENT(2),
					JSON_INDENT(8) | JSON_SORT_KEYS };
	json_t *json = json_loads(document, 0, NULL);

	(void)state;
	assert_non_null(json);
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		char *whole = print_whole(json, flags[i]);
		char *pieces = print_long(json, flags[i]);

		assert_string_equal(pieces, whole);
		assert_null(strchr(pieces, '\033'));
		free(whole);
		free(pieces);
	}
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_make_the_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
