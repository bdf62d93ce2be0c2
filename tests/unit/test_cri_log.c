// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include <wasmdiag/text.h>

#include "collect/cri_log.h"

#define AT    "2024-05-03T15:04:15.346227804-04:00 "
#define STAMP "[2026-11-23 22:54:22.992] [error] "

static struct arena arena;

static int end(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static bool wanted(const char *line)
{
	return text_has(line, "failed:") || text_has(line, "panicked");
}

/* The lines found, each ended by a newline. */
static const char *find(const char *log, size_t length)
{
	struct string_list list = cri_log_find(&arena, log, length, wanted);
	const char *text = "";

	for (size_t i = 0; i < list.count; i++)
		text = arena_format(&arena, "%s%s\n", text, list.items[i]);
	return text;
}

static void expect(const char *log, const char *lines)
{
	assert_string_equal(find(log, strlen(log)), lines);
}

static void only_wanted_lines_are_kept(void **state)
{
	(void)state;
	expect(AT "stdout F hello\n" AT "stderr F thread 'main' panicked at a.rs:1\n" AT
		  "stdout F password is hunter2\n",
	       "thread 'main' panicked at a.rs:1\n");
}

static void an_error_keeps_its_details(void **state)
{
	(void)state;
	expect(AT "stdout F " STAMP "    In instruction: before\n" AT "stdout F " STAMP
		  "execution failed: out of bounds memory access, Code: 0x408\n" AT
		  "stderr F something else\n" AT "stdout F " STAMP
		  "    Accessing offset from: 0xfffffff0 to: 0xfffffff3\n" AT
		  "stdout F " STAMP "calling stack:80, 80\n" AT "stdout F " STAMP
		  "    When executing function name: \"_start\"\n" AT
		  "stdout F my secret\n" AT "stdout F " STAMP "    not of it\n",
	       STAMP "execution failed: out of bounds memory access, Code: 0x408\n" STAMP
		     "    Accessing offset from: 0xfffffff0 to: 0xfffffff3\n" STAMP
		     "    When executing function name: \"_start\"\n");
}

static void parts_are_joined_by_stream(void **state)
{
	(void)state;
	expect(AT "stdout P load\n" AT "stderr P x\n" AT "stdout P:tag ing fai\n" AT
		  "stderr F y\n" AT "stdout F led: z\n" AT "stdout F:t failed: w\n",
	       "loading failed: z\nfailed: w\n");
}

static void dockers_json_is_read(void **state)
{
	(void)state;
	expect("{\"log\":\"loading \",\"stream\":\"stdout\",\"time\":\"x\"}\n"
	       "{\"log\":\"other\\n\",\"stream\":\"stderr\"}\n"
	       "{\"log\":\"failed: \\u0000a\\n\",\"stream\":\"stdout\"}\n"
	       "{\"log\":7,\"stream\":\"stdout\"}\n{\"log\":\"failed:\\n\"}\n{\n",
	       "loading failed: ?a\n");
}

static void other_lines_are_passed_over(void **state)
{
	static const char nul[] = AT "stdout F failed: a\0b\n";

	(void)state;
	expect("", "");
	expect("\n\n \n  \nfailed:\nfailed: a b c\n", "");
	expect(AT "stdin F failed:\n" AT "stdout X failed:\n" AT "stdout Fx failed:\n",
	       "");
	expect(AT "stdout F failed: a", ""); /* not ended yet */
	expect(AT "stdout F failed:\n", "failed:\n");
	assert_string_equal(find(nul, sizeof(nul) - 1), "failed: a?b\n");
}

static void the_last_twelve_are_kept(void **state)
{
	char *log = arena_alloc(&arena, 20000);
	struct string_list list;

	(void)state;
	for (int i = 0; i < 100; i++)
		sprintf(log + strlen(log), AT "stdout F failed: %d\n", i);
	list = cri_log_find(&arena, log, strlen(log), wanted);
	assert_int_equal(list.count, CRI_LOG_LINES);
	assert_string_equal(list.items[0], "failed: 88");
	assert_string_equal(list.items[11], "failed: 99");
}

static void lines_are_cut(void **state)
{
	static const char head[] = AT "stdout F failed: ", part[] = AT "stdout P ";
	size_t size = 60000;
	char *log = arena_alloc(&arena, size + 1);
	struct string_list list;

	(void)state;
	memset(log, 'x', size);
	memcpy(log, head, sizeof(head) - 1);
	log[20000] = '\n';
	memcpy(log + 20001, part, sizeof(part) - 1);
	log[size - 1] = '\n';
	list = cri_log_find(&arena, log, size, wanted);
	assert_int_equal(list.count, 1);
	assert_int_equal(strlen(list.items[0]), CRI_LOG_WIDTH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_wanted_lines_are_kept),
		cmocka_unit_test(an_error_keeps_its_details),
		cmocka_unit_test(parts_are_joined_by_stream),
		cmocka_unit_test(dockers_json_is_read),
		cmocka_unit_test(other_lines_are_passed_over),
		cmocka_unit_test(the_last_twelve_are_kept),
		cmocka_unit_test(lines_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, end);
}
