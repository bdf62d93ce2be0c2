// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include <wasmdiag/text.h>

/* Measured with Go's path.Match (facts B3). */
static void annotation_patterns_match_as_in_go(void **state)
{
	static const struct {
		const char *pattern, *name;
		bool matches;
	} rows[] = {
		{ "module.wasm.image/*", "module.wasm.image/variant", true },
		{ "*/*", "module.wasm.image/variant", true },
		{ "module.wasm.image/variant", "module.wasm.image/variant", true },
		{ "*", "module.wasm.image/variant", false },
		{ "*.wasm.*", "module.wasm.image/variant", false },
		{ "wasm.*", "module.wasm.image/variant", false },
		{ "*.module.wasm.image", "module.wasm.image/variant", false },
		{ "module.wasm.image/variant.*", "module.wasm.image/variant", false },
		{ "run.oci.*", "run.oci.handler", true },
		{ "*", "run.oci.handler", true },
		{ "run.oci.[a-h]*", "run.oci.handler", true },
		{ "run.oci.[^a-h]*", "run.oci.handler", false },
		{ "run.oci.[", "run.oci.[", false },
		{ "run.oci.\\h*", "run.oci.handler", true },
		{ "run?oci?handler", "run.oci.handler", true },
		{ "module.wasm.image?variant", "module.wasm.image/variant", false },
		{ "", "", true },
		{ "*", "", true },
		{ "a*b*c", "axxbyyc", true },
		{ "a*b*c", "axxbyy", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (text_path_match(rows[i].pattern, rows[i].name) != rows[i].matches)
			fail_msg("%s on %s", rows[i].pattern, rows[i].name);
}

static void hostile_text_comes_out_inert(void **state)
{
	char out[64];
	static const char raw[] = "a\033[2J\xff\xe2\x80\xae"
				  "z\n\xe4\xb8\xad\0b";

	(void)state;
	text_escape(raw, sizeof(raw) - 1, out, sizeof(out));
	assert_string_equal(out, "a\\x1b[2J\\xff\\u{202e}z \xe4\xb8\xad\\x00b");
}

static void long_text_is_cut_at_a_character(void **state)
{
	char out[9];

	(void)state;
	assert_int_equal(text_escape("abcdefgh", 8, out, sizeof(out)), 8);
	assert_string_equal(out, "abcdefgh");
	text_escape("abcd\xe4\xb8\xadgh", 9, out, sizeof(out));
	assert_string_equal(out, "abcd...");
	text_escape("abcdefghi", 9, out, sizeof(out));
	assert_string_equal(out, "abcde...");
}

static void distances(void **state)
{
	(void)state;
	assert_int_equal(text_distance("compat", "compat"), 0);
	assert_int_equal(text_distance("compat", "comapt"), 1);
	assert_int_equal(text_distance("variant", "varient"), 1);
	assert_int_equal(text_distance("", "abc"), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(annotation_patterns_match_as_in_go),
		cmocka_unit_test(hostile_text_comes_out_inert),
		cmocka_unit_test(long_text_is_cut_at_a_character),
		cmocka_unit_test(distances),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
