// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include <wasmdiag/text.h>

#include "collect/wasm.h"
#include "wasm_bytes.h"

static struct wasm_module must_read(const char *bytes, size_t size, struct arena *arena)
{
	struct wasm_module module;
	struct error error = { 0 };

	if (!read_copy(bytes, size, arena, &module, &error))
		fail_msg("%s", error.text);
	return module;
}

#define MUST_READ(literal, arena) must_read(literal, sizeof(literal) - 1, arena)

static void memories_are_read(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		struct wasm_memory memory;
		const char *feature;
		int64_t minimum, maximum; /* bytes */
	} rows[] = {
		{ BYTES(MEMORY_64),
		  { 1, 2, 65536, .memory64 = true },
		  "memory64",
		  65536,
		  131072 },
		{ BYTES(MEMORY_SHARED),
		  { 1, 2, 65536, .shared = true },
		  "threads",
		  65536,
		  131072 },
		{ BYTES(REACTOR),
		  { 1, UNSET, 65536, .imported = false },
		  NULL,
		  65536,
		  INT64_C(4294967296) },
		{ BYTES(HEADER "\x05\x07\x01\x09\x80\x02\x80\x04\x00"),
		  { 256, 512, 1, .imported = false },
		  "custom-page-sizes",
		  256,
		  512 },
		{ BYTES(HEADER "\x05\x03\x01\x04\x01"),
		  { 1, UNSET, 65536, .memory64 = true },
		  "memory64",
		  65536,
		  INT64_MAX },
		{ BYTES(HEADER "\x05\x0d\x01\x0c\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
			       "\x00"),
		  { INT64_MAX, UNSET, 1, .memory64 = true },
		  "custom-page-sizes",
		  INT64_MAX,
		  INT64_MAX },
		{ BYTES(HEADER "\x02\x0c\x01\x03"
			       "env\x03mem\x02\x00\x07"),
		  { 7, UNSET, 65536, .imported = true },
		  NULL,
		  7 * 65536,
		  INT64_C(4294967296) },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct arena arena = { 0 };
		struct wasm_module module =
			must_read(rows[i].bytes, rows[i].size, &arena);
		const struct wasm_memory *memory = module.memories;

		assert_int_equal(module.memory_count, 1);
		assert_int_equal(memory->min, rows[i].memory.min);
		assert_int_equal(memory->max, rows[i].memory.max);
		assert_int_equal(memory->page_size, rows[i].memory.page_size);
		assert_int_equal(memory->memory64, rows[i].memory.memory64);
		assert_int_equal(memory->shared, rows[i].memory.shared);
		assert_int_equal(memory->imported, rows[i].memory.imported);
		assert_false(memory->nested);
		assert_int_equal(wasm_is_unbounded(&module), memory->max == UNSET);
		if (rows[i].feature)
			assert_true(wasm_needs(&module, rows[i].feature));
		else
			assert_int_equal(module.features.count, 0);
		assert_int_equal(wasm_minimum_bytes(&module), rows[i].minimum);
		assert_int_equal(wasm_maximum_bytes(&module), rows[i].maximum);
		arena_free(&arena);
	}
}

static void many_memories_add_up(void **state)
{
	struct arena arena = { 0 };
	struct wasm_module module = MUST_READ(HEADER "\x02\x09\x01\x01"
						     "a\x01"
						     "b\x02\x01\x02\x03"
						     "\x05\x05\x02\x00\x01\x00\x04",
					      &arena);

	(void)state;
	assert_int_equal(module.memory_count, 3);
	assert_true(module.memories[0].imported);
	assert_false(module.memories[1].imported);
	assert_int_equal(wasm_minimum_bytes(&module), 7 * 65536);
	assert_int_equal(wasm_maximum_bytes(&module), 3 * 65536 + (INT64_C(2) << 32));
	assert_string_equal(wasm_refused_feature(&module, 14), "multi-memory");
	assert_null(wasm_refused_feature(&module, 17));
	arena_free(&arena);
}

static void entries_and_imports_are_read(void **state)
{
	struct arena arena = { 0 };
	struct wasm_module module = MUST_READ(HELLO, &arena);

	(void)state;
	assert_int_equal(module.kind, WASM_CORE);
	assert_int_equal(module.size, sizeof(HELLO) - 1);
	assert_true(module.command);
	assert_false(module.reactor || module.start_section || module.sockets);
	assert_false(module.aot.present);
	assert_int_equal(module.import_count, 1);
	assert_int_equal(module.import_total, 1);
	assert_string_equal(module.imports[0].module, "wasi_snapshot_preview1");
	assert_string_equal(module.imports[0].name, "fd_write");
	assert_int_equal(module.imports[0].kind, WASM_FUNCTION);
	assert_int_equal(module.export_count, 2);
	assert_string_equal(module.exports[0].name, "memory");
	assert_int_equal(module.exports[0].kind, WASM_MEMORY);
	assert_string_equal(module.exports[1].name, "_start");
	assert_null(wasm_unknown_import(&module));

	module = MUST_READ(WASI_UNSTABLE, &arena);
	assert_string_equal(wasm_unknown_import(&module)->module, "wasi_unstable");
	module = MUST_READ(REACTOR, &arena);
	assert_true(module.reactor && !module.command);
	module = MUST_READ(NO_MEMORY, &arena);
	assert_int_equal(module.memory_count, 0);
	assert_int_equal(wasm_maximum_bytes(&module), 0);
	assert_true(!module.reactor && !module.command);
	module = MUST_READ(HEADER, &arena);
	assert_int_equal(module.kind, WASM_CORE);
	/* a memory that is called _start is not a function */
	module = MUST_READ(HEADER "\x05\x03\x01\x00\x01\x07\x0a\x01\x06_start\x02\x00",
			   &arena);
	assert_false(module.command);
	arena_free(&arena);
}

static void sockets_are_told_apart(void **state)
{
	struct arena arena = { 0 };
	struct wasm_module module = MUST_READ(SOCKETS_CLANG, &arena);

	(void)state;
	assert_true(module.sockets);
	assert_int_equal(module.socket_version, 1);
	assert_null(wasm_unknown_import(&module));
	assert_string_equal(module.toolchain, "Debian clang 14.0.6");
	module = MUST_READ(SOCKETS_V2, &arena);
	assert_true(module.sockets);
	assert_int_equal(module.socket_version, 2);
	/* WASI's own accept opens nothing */
	module = MUST_READ(SOCKETS_WASI, &arena);
	assert_false(module.sockets);
	assert_int_equal(module.socket_version, UNSET);
	/* the same names from elsewhere are something else */
	module = MUST_READ(SOCKETS_ENV, &arena);
	assert_false(module.sockets);
	arena_free(&arena);
}

static void imports_wasmedge_knows(void **state)
{
	static const struct {
		struct wasm_import import;
		bool known;
		const char *plugin;
	} rows[] = {
		{ { "wasi_snapshot_preview1", "fd_write", WASM_FUNCTION }, true, NULL },
		{ { "wasi_snapshot_preview1", "sock_getaddrinfo", WASM_FUNCTION },
		  true,
		  NULL },
		{ { "wasi_snapshot_preview1", "fd_write", WASM_GLOBAL }, false, NULL },
		{ { "wasi_snapshot_preview1", "fd_wrote", WASM_FUNCTION }, false, NULL },
		{ { "wasi_snapshot_preview1", NULL, WASM_FUNCTION }, false, NULL },
		{ { "wasi_unstable", "fd_write", WASM_FUNCTION }, false, NULL },
		{ { "wasi_ephemeral_nn", "load", WASM_FUNCTION }, false, "wasi_nn" },
		{ { "wasi_ephemeral_crypto_kx", "kx_dh", WASM_FUNCTION },
		  false,
		  "wasi_crypto" },
		{ { "env", "memory", WASM_MEMORY }, false, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (wasm_import_known(&rows[i].import) != rows[i].known)
			fail_msg("row %zu", i);
		if (!text_equal(wasm_import_plugin(&rows[i].import), rows[i].plugin))
			fail_msg("row %zu", i);
	}
}

static void custom_sections_are_weighed(void **state)
{
	struct arena arena = { 0 };
	struct wasm_module module = MUST_READ(DEBUG_SECTIONS, &arena);

	(void)state;
	assert_int_equal(module.custom_sections.count, 4);
	assert_string_equal(module.custom_sections.items[0], ".debug_info");
	assert_string_equal(module.custom_sections.items[1], "producers");
	assert_string_equal(module.custom_sections.items[2], "target_features");
	assert_string_equal(module.custom_sections.items[3], "name");
	assert_int_equal(module.debug_bytes, 18 + 10);
	assert_int_equal(module.custom_bytes, sizeof(DEBUG_SECTIONS) - 1 - 8);
	assert_string_equal(module.language, "Rust");
	assert_string_equal(module.toolchain, "rustc 1.84.0");
	assert_int_equal(module.target_features.count, 1);
	assert_string_equal(module.target_features.items[0], "+simd128");
	arena_free(&arena);
}

/* Most modules are linked with a C library, which says so first. */
static void the_language_is_the_programs_own(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		const char *language;
	} rows[] = {
#define LANGUAGES(size, list) HEADER "\x00" size "\x09producers\x01\x08language" list
#define ROW(bytes, language)  { bytes, sizeof(bytes) - 1, language }
		ROW(LANGUAGES("\x20", "\x02\x03"
				      "C11\x00\x04Rust\x00"),
		    "Rust"),
		ROW(LANGUAGES("\x20", "\x02\x04Rust\x00\x03"
				      "C11\x00"),
		    "Rust"),
		ROW(LANGUAGES("\x1f", "\x02\x03"
				      "C11\x00\x03"
				      "C99\x00"),
		    "C11"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct arena arena = { 0 };
		struct wasm_module module =
			must_read(rows[i].bytes, rows[i].size, &arena);

		assert_string_equal(module.language, rows[i].language);
		arena_free(&arena);
	}
}

static void aot_sections_are_read(void **state)
{
	struct arena arena = { 0 };
	struct wasm_module module =
		MUST_READ(HEADER "\x00\x0d\x08wasmedge\x02\x01\x02\xff", &arena);

	(void)state;
	assert_true(module.aot.present);
	assert_int_equal(module.aot.version, 2);
	assert_string_equal(module.aot.os, "linux");
	assert_string_equal(module.aot.arch, "aarch64");
	module = MUST_READ(HEADER "\x00\x0c\x08wasmedge\x01\x09\x00", &arena);
	assert_string_equal(module.aot.os, "unknown (9)");
	assert_string_equal(module.aot.arch, "unknown (0)");
	/* WasmEdge falls back to interpreting: not an error */
	module = MUST_READ(HEADER "\x00\x0b\x08wasmedge\x01\x01", &arena);
	assert_true(module.aot.present);
	assert_int_equal(module.aot.version, UNSET);
	assert_null(module.aot.arch);
	arena_free(&arena);
}

static void stacks_below_the_data_are_known(void **state)
{
	struct arena arena = { 0 };
	struct wasm_module module = MUST_READ(STACK_FIRST, &arena);

	(void)state;
	assert_int_equal(module.stack_bytes, 1048576);
	module = MUST_READ(HELLO, &arena);
	assert_int_equal(module.stack_bytes, UNSET);
	arena_free(&arena);
}

static void components_are_read(void **state)
{
	struct arena arena = { 0 };
	struct wasm_module module = MUST_READ(COMPONENT, &arena);

	(void)state;
	assert_int_equal(module.kind, WASM_COMPONENT);
	assert_true(wasm_needs(&module, "component-model"));
	assert_string_equal(wasm_refused_feature(&module, 17), "component-model");
	assert_true(module.sockets);
	assert_int_equal(module.import_count, 2);
	assert_string_equal(module.imports[0].module, "wasi:sockets/tcp@0.2.0");
	assert_string_equal(module.imports[0].name, "");
	assert_int_equal(module.imports[0].kind, WASM_INSTANCE);
	assert_int_equal(module.imports[1].kind, WASM_TYPE);
	assert_int_equal(module.export_count, 1);
	assert_string_equal(module.exports[0].name, "wasi:cli/run@0.2.0");
	assert_int_equal(module.memory_count, 2);
	assert_true(module.memories[0].nested && module.memories[1].nested);
	assert_int_equal(wasm_minimum_bytes(&module), (1 + 17) * 65536);
	/* what is nested in it does not make it a command */
	assert_false(module.command);
	module = MUST_READ(COMPONENT_HEADER, &arena);
	assert_int_equal(module.kind, WASM_COMPONENT);
	arena_free(&arena);
}

static void gc_types_are_read(void **state)
{
	struct arena arena = { 0 };
	struct wasm_module module = MUST_READ(GC_TYPES, &arena);

	(void)state;
	assert_true(wasm_needs(&module, "gc"));
	assert_string_equal(wasm_refused_feature(&module, 14), "gc");
	assert_null(wasm_refused_feature(&module, 17));
	arena_free(&arena);
}

static void what_is_wrong_is_said(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		const char *text;
	} rows[] = {
#include "wasm_wrong.h"
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct arena arena = { 0 };
		struct wasm_module module;
		struct error error = { 0 };

		if (read_copy(rows[i].bytes, rows[i].size, &arena, &module, &error))
			fail_msg("accepted, should be: %s", rows[i].text);
		assert_string_equal(error.text, rows[i].text);
		assert_int_equal(module.kind, WASM_UNREAD);
		/* and without room for the words */
		assert_false(
			read_copy(rows[i].bytes, rows[i].size, &arena, &module, NULL));
		arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memories_are_read),
		cmocka_unit_test(many_memories_add_up),
		cmocka_unit_test(entries_and_imports_are_read),
		cmocka_unit_test(sockets_are_told_apart),
		cmocka_unit_test(imports_wasmedge_knows),
		cmocka_unit_test(custom_sections_are_weighed),
		cmocka_unit_test(the_language_is_the_programs_own),
		cmocka_unit_test(aot_sections_are_read),
		cmocka_unit_test(stacks_below_the_data_are_known),
		cmocka_unit_test(components_are_read),
		cmocka_unit_test(gc_types_are_read),
		cmocka_unit_test(what_is_wrong_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
