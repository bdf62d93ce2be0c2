// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include <wasmdiag/facts.h>
#include <wasmdiag/text.h>

#include "collect/toml.h"

static struct arena arena;

static int end_arena(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static const struct toml_node *parse(const char *text)
{
	struct error error = { 0 };
	struct toml toml;

	if (!toml_parse(&arena, text, strlen(text), &toml, &error))
		fail_msg("%s\n%s", text, error.text);
	return toml.root;
}

struct invalid {
	const char *text;
	int64_t line;
	bool duplicate;
};

static void refuses(const struct invalid *invalid)
{
	struct error error = { 0 };
	struct toml toml;

	if (toml_parse(&arena, invalid->text, strlen(invalid->text), &toml, &error))
		fail_msg("taken:\n%s", invalid->text);
	assert_null(toml.root);
	assert_int_equal(error.kind, ERROR_FORMAT);
	if (toml.error_line != invalid->line || toml.duplicate != invalid->duplicate)
		fail_msg("%s\nwas refused: %s", invalid->text, error.text);
}

static void reads_strings(void **state)
{
	static const struct {
		const char *written, *meant;
	} cases[] = {
		{ "\"\"", "" },
		{ "''", "" },
		{ "\"a \\\"b\\\" \\\\ \\t\\n\\b\\f\\r\"", "a \"b\" \\ \t\n\b\f\r" },
		{ "\"\\u00e9 \\u4E2D \\U0001F680\"", "é 中 🚀" },
		{ "'c:\\new'", "c:\\new" },
		{ "\"\"\"\none\ntwo\"\"\"", "one\ntwo" },
		{ "\"\"\"one \\\n   \n  two\"\"\"", "one two" },
		{ "\"\"\"\"\"\"", "" },
		{ "\"\"\"a\"\"\"\"\"", "a\"\"" },
		{ "'''\n'a' \\n'''", "'a' \\n" },
		{ "\"# no comment\" # one", "# no comment" },
		{ "\"\"\"a\r\nb\"\"\"", "a\nb" },
	};
	char text[100];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(text, sizeof(text), "x = %s\ny = 1\n", cases[i].written);
		assert_string_equal(toml_string(toml_get(parse(text), "x")),
				    cases[i].meant);
		assert_int_equal(toml_integer(toml_get(parse(text), "y")), 1);
	}
}

static void reads_integers(void **state)
{
	static const struct {
		const char *written;
		int64_t meant;
	} cases[] = {
		{ "0", 0 },
		{ "+0", 0 },
		{ "-0", 0 },
		{ "42", 42 },
		{ "-17", -17 },
		{ "1_000_000", 1000000 },
		{ "0xDEAD_beef", 0xdeadbeef },
		{ "0o755", 0755 },
		{ "0b1101", 13 },
		{ "9223372036854775807", INT64_MAX },
		{ "0x7fffffffffffffff", INT64_MAX },
	};
	char text[100];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(text, sizeof(text), "x = %s", cases[i].written);
		assert_int_equal(toml_integer(toml_get(parse(text), "x")),
				 cases[i].meant);
	}
}

static void keeps_floats_and_times_as_text(void **state)
{
	static const struct {
		const char *written;
		enum toml_type type;
	} cases[] = {
		{ "3.1415", TOML_FLOAT },
		{ "-0.0", TOML_FLOAT },
		{ "5e+22", TOML_FLOAT },
		{ "6.626e-34", TOML_FLOAT },
		{ "1_0.0_1", TOML_FLOAT },
		{ "inf", TOML_FLOAT },
		{ "-nan", TOML_FLOAT },
		{ "1979-05-27T07:32:00Z", TOML_TIME },
		{ "1979-05-27 07:32:00", TOML_TIME },
		{ "1979-05-27", TOML_TIME },
		{ "07:32:00.5", TOML_TIME },
		{ "1979-05-27t00:32:00.99-07:00", TOML_TIME },
	};
	char text[100];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct toml_node *node;

		snprintf(text, sizeof(text), "x = %s # c", cases[i].written);
		node = toml_get(parse(text), "x");
		assert_int_equal(node->type, cases[i].type);
		assert_string_equal(node->text, cases[i].written);
		assert_null(toml_string(node));
		assert_int_equal(toml_integer(node), UNSET);
	}
}

static void reads_booleans_and_arrays(void **state)
{
	const struct toml_node *root = parse(
		"on = true\noff = false\n"
		"list = [ # why\n  \"a\", 'b' # c\n  , [1, 2,], {},\n]\nnone = []\n");
	const struct toml_node *list = toml_get(root, "list");

	(void)state;
	assert_true(toml_get(root, "on")->boolean);
	assert_false(toml_get(root, "off")->boolean);
	assert_int_equal(list->type, TOML_ARRAY);
	assert_string_equal(list->first->text, "a");
	assert_string_equal(list->first->next->text, "b");
	assert_int_equal(list->first->next->next->last->integer, 2);
	assert_int_equal(list->last->type, TOML_TABLE);
	assert_null(toml_get(root, "none")->first);
}

static void finds_by_path(void **state)
{
	const struct toml_node *root = parse(
		"version = 2\n"
		"[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.'crun-wasm']\n"
		"  runtime_type = \"io.containerd.runc.v2\"\n"
		"  [plugins . \"io.containerd.grpc.v1.cri\".containerd.runtimes.crun-wasm.options]\n"
		"    BinaryName = \"/usr/bin/crun\"\n"
		"    SystemdCgroup = true\n");
	const struct toml_node *crun =
		toml_find(root, "plugins", "io.containerd.grpc.v1.cri", "containerd",
			  "runtimes", "crun-wasm", NULL);

	(void)state;
	assert_int_equal(crun->line, 2);
	assert_string_equal(toml_string(toml_find(crun, "options", "BinaryName", NULL)),
			    "/usr/bin/crun");
	assert_int_equal(toml_get(crun, "runtime_type")->line, 3);
	assert_null(toml_find(crun, "options", "BinaryName", "x", NULL));
	assert_null(toml_find(crun, "nothing", "BinaryName", NULL));
	assert_ptr_equal(toml_find(root, NULL), root);
}

static void allows_what_the_standard_allows(void **state)
{
	static const char *const valid[] = {
		"",
		"# only a comment",
		"\n\r\n\t \n",
		"a.b = 1\na.c = 2",
		"a.b.x = 1\n[a.c]\ny = 2",
		"[a.b.c]\n[a]\n",
		"[a]\nb.c = 1\n[a.d]\n",
		"[fruit]\napple.taste.sweet = true\n[fruit.apple.texture]\nsmooth = true",
		"[[a]]\n[a.b]\n[[a]]\n[a.b]\n",
		"[[a]]\n[[a.b]]\n[[a.b]]\n[[a]]\n[[a.b]]",
		"1234 = 1\n3.14 = 2",
		"a = { b.c = 1, b.d = 2 }",
		"a = [ [[]], ]",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(valid); i++)
		parse(valid[i]);
}

static void refuses_what_stands_twice(void **state)
{
	static const struct invalid cases[] = {
		{ "a = 1\na = 2", 2, true },
		{ "[a]\n[b]\n[a]", 3, true },
		{ "[a]\n[ a ]", 2, true },
		{ "[a]\nb = 1\n[a.b]", 3, true },
		{ "[a]\nb = 1\n[a.b.c]", 3, true },
		{ "a.b = 1\n[a]", 2, true },
		{ "a = {}\n[a.b]", 2, true },
		{ "a = {}\na.b = 1", 2, true },
		{ "a = []\n[[a]]", 2, true },
		{ "[[a]]\n[a]", 2, true },
		{ "[a]\n[[a]]", 2, true },
		{ "[a.b.c]\nz=9\n[a]\nb.c.t = 1", 4, true },
		{ "[a.b]\n[a]\nb.c = 1", 3, true },
		{ "a = { b = 1, b = 2 }", 1, true },
		{ "\"a\" = 1\n'a' = 2", 2, true },
		{ "[runtimes.runc]\n[runtimes.\"runc\"]", 2, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		refuses(&cases[i]);
}

static void refuses_what_is_not_toml(void **state)
{
	static const struct invalid cases[] = {
		{ "{{ template \"base\" . }}", 1, false },
		{ "a", 1, false },
		{ "a =", 1, false },
		{ "= 1", 1, false },
		{ "a = 1 b = 2", 1, false },
		{ "\n\n[a", 3, false },
		{ "[a]]", 1, false },
		{ "[[a]\n", 1, false },
		{ "[]", 1, false },
		{ "[a.]", 1, false },
		{ "a. = 1", 1, false },
		{ "a b = 1", 1, false },
		{ "é = 1", 1, false },
		{ "a = \"x", 1, false },
		{ "a = \"x\n\"", 1, false },
		{ "a = 'x", 1, false },
		{ "a = \"\"\"\n\nx\"\"", 3, false },
		{ "a = \"\\x41\"", 1, false },
		{ "a = \"\\u12g4\"", 1, false },
		{ "a = \"\\ud800\"", 1, false },
		{ "a = \"\\u0000\"", 1, false },
		{ "a = \"\"\"x \\ y\"\"\"", 1, false },
		{ "\"\"\"a\"\"\" = 1", 1, false },
		{ "a = 01", 1, false },
		{ "a = 1_", 1, false },
		{ "a = 1__0", 1, false },
		{ "a = 0x", 1, false },
		{ "a = +0x1", 1, false },
		{ "a = 0b2", 1, false },
		{ "a = 9223372036854775808", 1, false },
		{ "a = 1.", 1, false },
		{ "a = .5", 1, false },
		{ "a = 1e", 1, false },
		{ "a = True", 1, false },
		{ "a = 1979-05-27T", 1, false },
		{ "a = 07:32:00Z", 1, false },
		{ "a = crun", 1, false },
		{ "a = [1 2]", 1, false },
		{ "a = [1,\n2", 2, false },
		{ "a = [,]", 1, false },
		{ "a = { b = 1, }", 1, false },
		{ "a = {\nb = 1 }", 1, false },
		{ "a = 1 # \x01", 1, false },
		{ "a = 1\rb = 2", 1, false },
		{ "\n\na = \"\xff\"", 3, false },
		{ "a = \"\xc0\xaf\"", 1, false },
		{ "a = \"\xed\xa0\x80\"", 1, false },
		{ "a = \"\xe2\x82", 1, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		refuses(&cases[i]);
}

static void bounds_depth_count_and_size(void **state)
{
	static const char opening[] = "a = [";
	char *text = arena_alloc(&arena, TOML_SIZE_MAX + 2);
	struct error error = { 0 };
	struct toml toml;

	(void)state;
	memset(text, '[', 100000);
	memcpy(text, opening, sizeof(opening) - 1);
	assert_false(toml_parse(&arena, text, 100000, &toml, &error));
	assert_non_null(strstr(error.text, "nested deeper"));
	memset(text, '1', 100000);
	memcpy(text, opening, sizeof(opening) - 1);
	for (size_t i = 6; i < 100000; i += 2)
		text[i] = ',';
	assert_false(toml_parse(&arena, text, 100000, &toml, &error));
	assert_non_null(strstr(error.text, "more than 10000"));
	memset(text, ' ', TOML_SIZE_MAX + 1);
	assert_true(toml_parse(&arena, text, TOML_SIZE_MAX, &toml, &error));
	assert_false(toml_parse(&arena, text, TOML_SIZE_MAX + 1, &toml, &error));
	assert_int_equal(error.kind, ERROR_LIMIT);
	assert_int_equal(toml.error_line, UNSET);
}

static void says_where_the_first_one_stands(void **state)
{
	static const char text[] = "[runtimes.runc]\n\n[runtimes.runc]\n";
	struct error error = { 0 };
	struct toml toml;

	(void)state;
	assert_false(toml_parse(&arena, text, strlen(text), &toml, &error));
	assert_string_equal(error.text,
			    "line 3: runtimes.runc stands twice, first in line 1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_strings),
		cmocka_unit_test(reads_integers),
		cmocka_unit_test(keeps_floats_and_times_as_text),
		cmocka_unit_test(reads_booleans_and_arrays),
		cmocka_unit_test(finds_by_path),
		cmocka_unit_test(allows_what_the_standard_allows),
		cmocka_unit_test(refuses_what_stands_twice),
		cmocka_unit_test(refuses_what_is_not_toml),
		cmocka_unit_test(bounds_depth_count_and_size),
		cmocka_unit_test(says_where_the_first_one_stands),
	};

	return cmocka_run_group_tests(tests, NULL, end_arena);
}
