// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include "arena.h"
#include "error.h"

static void allocations_are_zeroed_and_aligned(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t size = 1; size < 40000; size = size * 3 + 1) {
		unsigned char *bytes = arena_alloc(&arena, size);

		assert_int_equal((uintptr_t)bytes % ARENA_ALIGNMENT, 0);
		assert_int_equal(bytes[0], 0);
		assert_int_equal(bytes[size - 1], 0);
		memset(bytes, 0xff, size);
	}
	arena_free(&arena);
	assert_null(arena.newest);
}

static void growing_keeps_what_was_there(void **state)
{
	struct arena arena = { 0 };
	int *numbers = NULL;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		numbers = arena_grow(&arena, numbers, (size_t)i, sizeof(*numbers));
		numbers[i] = i;
	}
	for (int i = 0; i < 1000; i++)
		assert_int_equal(numbers[i], i);
	arena_free(&arena);
}

static void long_arrays_grow_whole(void **state)
{
	struct arena arena = { 0 };
	struct {
		int number;
		char rest[60];
	} *items = NULL;
	const char *before = arena_string(&arena, "before"), *between = NULL;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		items = arena_regrow(&arena, items, (size_t)i, sizeof(*items));
		assert_int_equal(items[i].number, 0);
		assert_int_equal(items[i].rest[59], 0);
		memset(&items[i], 0xff, sizeof(*items));
		items[i].number = i;
		if (i == 5000)
			between = arena_string(&arena, "between");
	}
	for (int i = 0; i < 20000; i++)
		assert_int_equal(items[i].number, i);
	assert_string_equal(before, "before");
	assert_string_equal(between, "between");
	arena_free(&arena);
}

static void rewinding_gives_back_and_zeroes(void **state)
{
	struct arena arena = { 0 }, other = { 0 };
	struct arena_mark mark;
	char *kept, *first;

	(void)state;
	kept = arena_string(&arena, "kept");
	mark = arena_mark(&arena);
	first = arena_alloc(&arena, 100);
	memset(first, 0xff, 100);
	memset(arena_alloc(&arena, 100000), 0xff, 100000);
	arena_rewind(&arena, mark);
	assert_ptr_equal(arena_alloc(&arena, 100), first);
	assert_int_equal(first[99], 0);
	assert_string_equal(kept, "kept");
	arena_rewind(&arena, (struct arena_mark){ 0 });
	first = arena_alloc(&arena, 40000);
	memset(first, 0xff, 40000);
	arena_rewind(&arena, (struct arena_mark){ 0 });
	assert_ptr_equal(arena_alloc(&arena, 40000), first); /* a block is used again */
	assert_int_equal(first[0], 0);
	assert_int_equal(first[39999], 0);
	kept = arena_string(&other, "adopted");
	arena_adopt(&arena, &other);
	assert_null(other.newest);
	assert_string_equal(kept, "adopted");
	arena_free(&arena);
}

static void strings_are_copied(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	assert_string_equal(arena_format(&arena, "%d %s", 7, "pages"), "7 pages");
	assert_string_equal(arena_copy(&arena, "abcdef", 3), "abc");
	assert_null(arena_string(&arena, NULL));
	arena_free(&arena);
}

static void errors_gain_context(void **state)
{
	struct error error = { 0 };

	(void)state;
	assert_false(fail(&error, ERROR_FORMAT, "line %d: \033[31mred", 3));
	assert_false(fail_in(&error, "reading %s", "x"));
	assert_string_equal(error.text, "reading x: line 3: \\x1b[31mred");
	assert_int_equal(error.kind, ERROR_FORMAT);
	assert_false(fail_errno(&error, 2, "opening %s", "y"));
	assert_string_equal(error.text, "opening y: No such file or directory");
	assert_int_equal(error.kind, ERROR_ABSENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(allocations_are_zeroed_and_aligned),
		cmocka_unit_test(growing_keeps_what_was_there),
		cmocka_unit_test(long_arrays_grow_whole),
		cmocka_unit_test(rewinding_gives_back_and_zeroes),
		cmocka_unit_test(strings_are_copied),
		cmocka_unit_test(errors_gain_context),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
