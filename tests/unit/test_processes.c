// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include "collect/processes.h"

#include <unistd.h>

static void a_fixture_is_listed_by_pid(void **state)
{
	struct arena arena = { 0 };
	struct host_context context = { .arena = &arena, .root = "data/root-kubelet" };
	const struct process_list *list = host_processes(&context);

	(void)state;
	assert_int_equal(list->count, 3);
	assert_int_equal(list->items[0].pid, 1);
	assert_string_equal(list->items[1].name, "kubelet");
	assert_int_equal(list->items[2].pid, 77);
	assert_ptr_equal(list, host_processes(&context));
	arena_free(&arena);
}

static void roots_are_told_apart(void **state)
{
	struct arena arena = { 0 };
	struct host_context context = { .arena = &arena, .root = "data/root-kubelet" };

	(void)state;
	assert_int_equal(process_in_root(&context, 42), ANSWER_YES);
	assert_int_equal(process_in_root(&context, 77), ANSWER_NO);
	assert_int_equal(process_in_root(&context, 4711), ANSWER_UNKNOWN);
	arena_free(&arena);
}

static void arguments_are_split(void **state)
{
	struct arena arena = { 0 };
	struct host_context context = { .arena = &arena, .root = "data/root-kubelet" };
	struct string_list list = process_arguments(&context, 42);

	(void)state;
	assert_int_equal(list.count, 3);
	assert_string_equal(list.items[2], "--hostname-override=Worker-1");
	assert_int_equal(process_arguments(&context, 4711).count, 0);
	arena_free(&arena);
}

static void the_real_table_has_us(void **state)
{
	struct arena arena = { 0 };
	struct host_context context = { .arena = &arena, .root = "" };
	const struct process_list *list = host_processes(&context);
	bool found = false;

	(void)state;
	for (size_t i = 0; i < list->count; i++)
		found |= list->items[i].pid == getpid();
	assert_true(found);
	assert_int_equal(process_in_root(&context, getpid()), ANSWER_YES);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fixture_is_listed_by_pid),
		cmocka_unit_test(roots_are_told_apart),
		cmocka_unit_test(arguments_are_split),
		cmocka_unit_test(the_real_table_has_us),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
