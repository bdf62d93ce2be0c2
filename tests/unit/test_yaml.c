// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "collect/yaml.h"

static struct arena arena;
static struct error error;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	error = (struct error){ 0 };
	return 0;
}

static bool parse_bytes(const char *text, size_t size, const struct yaml_node **ret)
{
	/* an exact copy on the heap, so that ASan sees a read past its end */
	char *copy = malloc(size ? size : 1);
	bool result;

	assert_non_null(copy);
	memcpy(copy, text, size);
	result = yaml_parse("f", (struct bytes){ copy, size }, &arena, ret, &error);
	free(copy);
	return result;
}

static const struct yaml_node *parse(const char *text)
{
	const struct yaml_node *root = NULL;

	if (!parse_bytes(text, strlen(text), &root))
		fail_msg("%s", error.text);
	return root;
}

static void refuses(const char *text, enum error_kind kind, const char *sentence)
{
	const struct yaml_node *root;

	assert_false(parse_bytes(text, strlen(text), &root));
	assert_string_equal(error.text, sentence);
	assert_int_equal(error.kind, kind);
}

static void a_tree_is_built(void **state)
{
	const struct yaml_node *root =
		parse("a: 1\nb: [x, 'y']\nc:\n- d: |\n    e\n    f\n");
	const struct yaml_node *list = yaml_get(root, "b");

	(void)state;
	assert_int_equal(root->kind, YAML_MAPPING);
	assert_int_equal(root->count, 3);
	assert_string_equal(yaml_text(yaml_get(root, "a")), "1");
	assert_int_equal(list->count, 2);
	assert_string_equal(list->items[1]->text, "y");
	assert_true(list->items[0]->plain);
	assert_false(list->items[1]->plain);
	assert_int_equal(list->items[1]->line, 2);
	assert_int_equal(list->items[1]->column, 8);
	assert_string_equal(yaml_text(yaml_get(yaml_get(root, "c")->items[0], "d")),
			    "e\nf\n");
	assert_null(yaml_get(root, "missing"));
	assert_null(yaml_get(list, "missing"));
	assert_null(yaml_get(NULL, "missing"));
	assert_int_equal(root->weight, 12);
	assert_int_equal(root->height, 3);
}

static void json_is_yaml(void **state)
{
	const struct yaml_node *root =
		parse("{\"a\": {\"b\": [1, true, null, \"\\u00e9\"]}}\n");
	const struct yaml_node *list = yaml_get(yaml_get(root, "a"), "b");

	(void)state;
	assert_int_equal(list->count, 4);
	assert_true(yaml_is_null(list->items[2]));
	assert_string_equal(yaml_text(list->items[3]), "\303\251");
}

static void nothing_is_no_document(void **state)
{
	(void)state;
	assert_null(parse(""));
	assert_null(parse("# only a comment\n"));
	assert_true(yaml_is_null(parse("---\n")));
}

static void null_is_not_empty_text(void **state)
{
	const struct yaml_node *root =
		parse("[~, null, NULL, '', \"null\", nul, !!str null, !!null '']");

	(void)state;
	assert_int_equal(root->count, 8);
	for (size_t i = 0; i < 3; i++)
		assert_null(yaml_text(root->items[i]));
	assert_string_equal(yaml_text(root->items[3]), "");
	assert_string_equal(yaml_text(root->items[4]), "null");
	assert_string_equal(yaml_text(root->items[5]), "nul");
	assert_string_equal(yaml_text(root->items[6]), "null");
	assert_null(yaml_text(root->items[7]));
	assert_null(yaml_text(root));
	assert_null(yaml_text(NULL));
}

static void booleans_and_integers_are_strict(void **state)
{
	const struct yaml_node *root =
		parse("[true, 'true', Off, yes, maybe, 7, -9223372036854775808,"
		      " 9223372036854775808, 7x, '7', +1, +, [], 0x10, 1e3]");
	bool truth = false;
	int64_t number = 0;

	(void)state;
	assert_true(yaml_bool(root->items[0], &truth) && truth);
	assert_false(yaml_bool(root->items[1], &truth));
	assert_true(yaml_bool(root->items[2], &truth) && !truth);
	assert_true(yaml_bool(root->items[3], &truth) && truth);
	assert_false(yaml_bool(root->items[4], &truth));
	assert_false(yaml_bool(root->items[12], &truth));
	assert_true(yaml_int(root->items[5], &number) && number == 7);
	assert_true(yaml_int(root->items[6], &number) && number == INT64_MIN);
	assert_false(yaml_int(root->items[7], &number));
	assert_false(yaml_int(root->items[8], &number));
	assert_false(yaml_int(root->items[9], &number));
	assert_true(yaml_int(root->items[10], &number) && number == 1);
	for (size_t i = 11; i < 15; i++)
		assert_false(yaml_int(root->items[i], &number));
	assert_false(yaml_int(NULL, &number));
}

static void aliases_point(void **state)
{
	const struct yaml_node *root = parse("a: &x {k: v}\nb: *x\nc: &x other\nd: *x\n");

	(void)state;
	assert_ptr_equal(yaml_get(root, "a"), yaml_get(root, "b"));
	assert_string_equal(yaml_text(yaml_get(root, "d")), "other");
}

static void mistakes_are_located(void **state)
{
	(void)state;
	refuses("a: 1\nb: 2\na: 3\n", ERROR_FORMAT,
		"f:3:1: duplicate key \"a\", first on line 1");
	refuses("a: [1, 2\nb: 3\n", ERROR_FORMAT,
		"f:2:2: did not find expected ',' or ']'");
	refuses("a:\n\t- b\n", ERROR_FORMAT,
		"f:2:1: found character that cannot start any token");
	refuses("a: &x {b: c}\nd:\n  <<: *x\n", ERROR_FORMAT,
		"f:3:3: the merge key << is not supported");
	refuses("a: 1\n---\nb: 2\n", ERROR_FORMAT, "f:2:1: more than one document");
	refuses("[a]: b\n", ERROR_FORMAT, "f:1:1: a key is not a plain text");
	refuses("&x [a, *x]\n", ERROR_FORMAT, "f:1:8: an alias within its own anchor");
	refuses("a: *x\n", ERROR_FORMAT, "f:1:4: an alias without its anchor");
	refuses("a: \"b\\0c\"\n", ERROR_FORMAT, "f:1:4: a text holds a NUL character");
	refuses("a: \xff\n", ERROR_FORMAT, "f: byte 4: invalid leading UTF-8 octet");
	refuses("a: b\x01\n", ERROR_FORMAT,
		"f: byte 5: control characters are not allowed");
	forget(NULL);
	assert_false(parse_bytes("a: \0b", 5, &(const struct yaml_node *){ NULL }));
	assert_int_equal(error.kind, ERROR_FORMAT);
	forget(NULL);
	assert_string_equal(parse("'<<': x")->pairs[0].value->text, "x");
}

static char *repeat(const char *part, size_t times)
{
	size_t length = strlen(part);
	char *text = arena_alloc(&arena, length * times + 1);

	for (size_t i = 0; i < length * times; i++)
		text[i] = part[i % length];
	return text;
}

static void depth_is_bounded(void **state)
{
	const struct yaml_node *root;

	(void)state;
	root = parse(arena_format(&arena, "%s%s", repeat("[", 64), repeat("]", 64)));
	assert_int_equal(root->height, 63);
	refuses(repeat("[", 65), ERROR_LIMIT, "f:1:65: nested deeper than 64 levels");
	refuses(repeat("[", 200000), ERROR_LIMIT, "f:1:65: nested deeper than 64 levels");
	refuses(repeat("{a: ", 100), ERROR_LIMIT,
		"f:1:254: nested deeper than 64 levels");
}

static void aliases_cannot_nest_deeper(void **state)
{
	char *text = arena_string(&arena, "- &a0 x\n");

	(void)state;
	for (int i = 1; i < 80; i++)
		text = arena_format(&arena, "%s- &a%d [*a%d]\n", text, i, i - 1);
	refuses(text, ERROR_LIMIT, "f:64:9: nested deeper than 64 levels");
}

static void nodes_are_bounded(void **state)
{
	const struct yaml_node *root =
		parse(arena_format(&arena, "[%s]", repeat("a,", 49999)));

	(void)state;
	assert_int_equal(root->weight, YAML_MAX_NODES);
	refuses(arena_format(&arena, "[%s]", repeat("a,", 50000)), ERROR_LIMIT,
		"f:1:100000: more than 50000 nodes");
}

static void aliases_count_as_what_they_stand_for(void **state)
{
	const char *laughs = "- &a [x, x, x, x, x, x, x, x, x, x]\n"
			     "- &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n"
			     "- &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\n"
			     "- &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\n"
			     "- &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]\n";

	(void)state;
	refuses(laughs, ERROR_LIMIT, "f:5:19: more than 50000 nodes");
}

static void anchors_are_bounded(void **state)
{
	(void)state;
	refuses(repeat("- &a x\n", 300), ERROR_LIMIT, "f:257:3: more than 256 anchors");
}

static void many_keys_do_not_take_long(void **state)
{
	char *text = arena_alloc(&arena, 24000 * 10 + 1);

	(void)state;
	for (int i = 0; i < 24000; i++)
		snprintf(text + (size_t)i * 9, 10, "k%05d: \n", i);
	assert_int_equal(parse(text)->count, 24000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_tree_is_built, forget),
		cmocka_unit_test_teardown(json_is_yaml, forget),
		cmocka_unit_test_teardown(nothing_is_no_document, forget),
		cmocka_unit_test_teardown(null_is_not_empty_text, forget),
		cmocka_unit_test_teardown(booleans_and_integers_are_strict, forget),
		cmocka_unit_test_teardown(aliases_point, forget),
		cmocka_unit_test_teardown(mistakes_are_located, forget),
		cmocka_unit_test_teardown(depth_is_bounded, forget),
		cmocka_unit_test_teardown(aliases_cannot_nest_deeper, forget),
		cmocka_unit_test_teardown(nodes_are_bounded, forget),
		cmocka_unit_test_teardown(aliases_count_as_what_they_stand_for, forget),
		cmocka_unit_test_teardown(anchors_are_bounded, forget),
		cmocka_unit_test_teardown(many_keys_do_not_take_long, forget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
