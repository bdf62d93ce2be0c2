// SPDX-License-Identifier: Apache-2.0
/* Modules that are cut, damaged, huge or meant to harm. */
#include "test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <wasmdiag/text.h>

#include "collect/wasm.h"
#include "wasm_bytes.h"

/* Where the file's own sections end: the only places where it may be cut unnoticed. */
static bool ends_a_section(const uint8_t *bytes, size_t size, size_t cut)
{
	size_t at = 8;

	while (at < size && at < cut) {
		size_t length = bytes[at + 1] & 0x7f;
		size_t head = 2;

		for (unsigned shift = 7; bytes[at + head - 1] & 0x80; shift += 7)
			length |= (size_t)(bytes[at + head++] & 0x7f) << shift;
		at += head + length;
	}
	return at == cut;
}

static void cut_anywhere_is_noticed(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
	} rows[] = {
		{ BYTES(HELLO) },          { BYTES(SOCKETS_CLANG) },
		{ BYTES(MEMORY_64) },      { BYTES(MEMORY_SHARED) },
		{ BYTES(WASI_UNSTABLE) },  { BYTES(REACTOR) },
		{ BYTES(NO_MEMORY) },      { BYTES(COMPONENT) },
		{ BYTES(DEBUG_SECTIONS) }, { BYTES(GC_TYPES) },
		{ BYTES(STACK_FIRST) },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (size_t cut = 0; cut < rows[i].size; cut++) {
			const uint8_t *bytes = (const uint8_t *)rows[i].bytes;
			struct arena arena = { 0 };
			struct wasm_module module;
			struct error error = { 0 };

			if (read_copy(rows[i].bytes, cut, &arena, &module, &error) &&
			    !ends_a_section(bytes, rows[i].size, cut))
				fail_msg("row %zu cut at %zu is accepted", i, cut);
			arena_free(&arena);
		}
}

/* A module that has functions but was cut before their code is not a smaller module. */
static void cut_between_sections_is_noticed(void **state)
{
	struct arena arena = { 0 };
	struct wasm_module module;
	struct error error = { 0 };

	(void)state;
	/* the code section of this one takes the last 6 bytes */
	assert_false(
		read_copy(REACTOR, sizeof(REACTOR) - 1 - 6, &arena, &module, &error));
	assert_string_equal(error.text, "byte 49: module: declares 1 functions and has "
					"code for 0: is the file cut?");
	arena_free(&arena);
}

static void any_byte_may_be_any_other(void **state)
{
	static char bytes[] = COMPONENT;

	(void)state;
	for (size_t at = 0; at < sizeof(bytes) - 1; at++)
		for (unsigned value = 0; value < 256; value++) {
			struct arena arena = { 0 };
			struct wasm_module module;
			char was = bytes[at];

			bytes[at] = (char)value;
			if (!read_copy(bytes, sizeof(bytes) - 1, &arena, &module, NULL))
				assert_int_equal(module.kind, WASM_UNREAD);
			bytes[at] = was;
			arena_free(&arena);
		}
}

static char *write_temporary(const void *bytes, size_t size)
{
	static char path[32];
	int fd;

	strcpy(path, "/tmp/wasmdiag-test-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), size);
	close(fd);
	return path;
}

static void files_are_read(void **state)
{
	struct arena arena = { 0 };
	struct wasm_module module;
	struct error error = { 0 };
	char *path = write_temporary(SOCKETS_CLANG, sizeof(SOCKETS_CLANG) - 1);

	(void)state;
	assert_true(wasm_read_file(path, &arena, &module, &error));
	assert_true(module.sockets);
	assert_int_equal(module.size, sizeof(SOCKETS_CLANG) - 1);
	assert_int_equal(truncate(path, 100), 0);
	assert_false(wasm_read_file(path, &arena, &module, &error));
	assert_true(text_starts(error.text, path));
	assert_true(text_has(error.text, "is the file cut?"));
	unlink(path);
	assert_false(wasm_read_file(path, &arena, &module, &error));
	assert_int_equal(error.kind, ERROR_ABSENT);
	assert_false(wasm_read_file("/", &arena, &module, &error));
	assert_true(text_ends(error.text, "this is a directory, not a file"));
	assert_false(wasm_read_file("/dev/zero", &arena, &module, &error));
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_false(wasm_read_file(path, &arena, &module, &error));
	assert_int_equal(error.kind, ERROR_FORMAT);
	unlink(path);
	arena_free(&arena);
}

/* 3 GiB of code take no more memory than none, nor time. */
static void large_files_are_stepped_over(void **state)
{
	struct arena arena = { 0 };
	struct wasm_module module;
	struct error error = { 0 };
	char *path = write_temporary(BYTES(HEADER "\x01\x04\x01\x60\x00\x00"
						  "\x03\x02\x01\x00"
						  "\x0a\x80\x80\x80\x80\x0c\x01"));
	const off_t code = (off_t)3 << 30;
	int fd;

	(void)state;
	assert_int_equal(truncate(path, 8 + 6 + 4 + 6 + code), 0);
	assert_true(wasm_read_file(path, &arena, &module, &error));
	assert_int_equal(module.code_bytes, code);
	assert_true(arena_mark(&arena).used < 1024);
	fd = open(path, O_RDWR);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, "\x05\x03\x01\x00\x07", 5, 8 + 6 + 4 + 6 + code), 5);
	/* a section after it, though out of order, is found */
	assert_false(wasm_read_fd(fd, &arena, &module, &error));
	assert_string_equal(error.text,
			    "byte 3221225496: memory section: comes too late");
	close(fd);
	unlink(path);
	arena_free(&arena);
}

static void lists_are_bounded(void **state)
{
	enum { COUNT = 2000 };
	static uint8_t bytes[8 + 6 + 8 + COUNT * 6];
	static const char head[] = HEADER "\x01\x04\x01\x60\x00\x00"
					  "\x02\xe2\xdd\x80\x00\xd0\x0f";
	struct arena arena = { 0 };
	struct wasm_module module;
	struct error error = { 0 };
	size_t size = sizeof(head) - 1;

	(void)state;
	memcpy(bytes, head, size);
	for (size_t i = 0; i < COUNT; i++, size += 6)
		memcpy(bytes + size, "\x01m\x01n\x00", 6);
	if (!wasm_read(bytes, size, &arena, &module, &error))
		fail_msg("%s", error.text);
	assert_int_equal(module.import_total, COUNT);
	assert_int_equal(module.import_count, WASM_IMPORTS_KEPT);
	assert_int_equal(module.import_modules.count, 1);
	arena_free(&arena);
}

static void long_names_are_cut_and_zeros_replaced(void **state)
{
	static uint8_t bytes[8 + 6 + 2000];
	static const char head[] = HEADER "\x00\xd2\x0f\xd0\x0f";
	struct arena arena = { 0 };
	struct wasm_module module;
	struct error error = { 0 };

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	memcpy(bytes, head, sizeof(head) - 1);
	bytes[sizeof(head) - 1] = '\0';
	if (!wasm_read(bytes, sizeof(head) - 1 + 2000, &arena, &module, &error))
		fail_msg("%s", error.text);
	assert_int_equal(strlen(module.custom_sections.items[0]), WASM_NAME_KEPT + 3);
	assert_true(text_starts(module.custom_sections.items[0], "\xef\xbf\xbdxx"));
	assert_true(text_ends(module.custom_sections.items[0], "x..."));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_anywhere_is_noticed),
		cmocka_unit_test(cut_between_sections_is_noticed),
		cmocka_unit_test(any_byte_may_be_any_other),
		cmocka_unit_test(files_are_read),
		cmocka_unit_test(large_files_are_stepped_over),
		cmocka_unit_test(lists_are_bounded),
		cmocka_unit_test(long_names_are_cut_and_zeros_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
