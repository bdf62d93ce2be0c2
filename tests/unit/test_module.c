// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include <wasmdiag/text.h>

#include "collect/wasm.h"
#include "render/module.h"
#include "wasm_bytes.h"

static char *printed(const char *bytes, size_t size, const char *path)
{
	struct arena arena = { 0 };
	struct wasm_module module;
	struct error error = { 0 };
	size_t length;
	char *text = NULL;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	if (!wasm_read((const uint8_t *)bytes, size, &arena, &module, &error))
		fail_msg("%s", error.text);
	if (path)
		render_module_text(&module, path, out);
	else
		assert_true(render_module_json(&module, out));
	fclose(out);
	arena_free(&arena);
	return text;
}

static void assert_text(const char *bytes, size_t size, const char *expected)
{
	char *text = printed(bytes, size, "/m.wasm");

	assert_string_equal(text, expected);
	free(text);
}

static void people_read_it(void **state)
{
	(void)state;
	assert_text(BYTES(HELLO),
		    "/m.wasm: WebAssembly core module, 145 B\n"
		    "\n"
		    "Memory      1 page (64 KiB) at start, at most 4 (256 KiB)\n"
		    "Entry       _start is exported: a command\n"
		    "Sockets     no: it cannot open a connection\n"
		    "Imports     1\n"
		    "            wasi_snapshot_preview1: 1\n"
		    "              fd_write\n"
		    "Exports     2\n"
		    "              memory, _start\n"
		    "AOT         none: it is interpreted\n"
		    "Debug       none\n"
		    "\n"
		    "crun        runs it with WasmEdge\n");
	assert_text(BYTES(COMPONENT_HEADER),
		    "/m.wasm: WebAssembly component, 8 B\n"
		    "\n"
		    "Memory      none\n"
		    "Sockets     no\n"
		    "Imports     none\n"
		    "Exports     none\n"
		    "Debug       none\n"
		    "Needs       component-model\n"
		    "\n"
		    "crun        refuses it: WasmEdge under crun takes no components; "
		    "rebuild it for wasm32-wasip1\n");
}

/* What each module must be told, beside much else. */
static void what_matters_is_said(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		const char *part;
	} rows[] = {
		{ BYTES(REACTOR), "1 page (64 KiB) at start, no maximum but 4 GiB" },
		{ BYTES(REACTOR),
		  "crun        cannot start it: `wasm function not found`" },
		{ BYTES(MEMORY_64),
		  "WasmEdge 0.14 refuses it (memory64); 0.17 takes it" },
		{ BYTES(MEMORY_SHARED), "0.14 takes it; 0.17 refuses it (threads)" },
		{ BYTES(WASI_UNSTABLE),
		  "no function wasi_unstable.fd_write in WasmEdge" },
		{ BYTES(SOCKETS_CLANG), "WasmEdge's socket extension, version 1\n" },
		{ BYTES(SOCKETS_CLANG), "`wasm-strip /m.wasm` removes it\n" },
		{ BYTES(DEBUG_SECTIONS),
		  "28 B of debug data and names, 23 % of the file" },
		{ BYTES(DEBUG_SECTIONS), "Built from  Rust, by rustc 1.84.0\n" },
		{ BYTES(STACK_FIRST), "Stack       1 MiB, fixed when it was linked\n" },
		{ BYTES(COMPONENT), "; in a core module inside\n" },
		{ BYTES(COMPONENT), "wasi:sockets/tcp@0.2.0\n" },
		{ BYTES(HEADER "\x00\x0c\x08wasmedge\x01\x01\x01"),
		  "for linux on x86_64, version 1 (WasmEdge up to 0.14.1)" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *text = printed(rows[i].bytes, rows[i].size, "/m.wasm");

		if (!text_has(text, rows[i].part))
			fail_msg("no \"%s\" in:\n%s", rows[i].part, text);
		free(text);
	}
}

static void names_cannot_move_the_cursor(void **state)
{
	char *text = printed(BYTES(HEADER "\x05\x03\x01\x00\x01"
					  "\x07\x08\x01\x04\x1b[2J\x02\x00"),
			     "a\033[2Jb");

	(void)state;
	assert_null(strchr(text, '\033'));
	assert_true(text_has(text, "a\\x1b[2Jb: WebAssembly"));
	assert_true(text_has(text, "  \\x1b[2J\n"));
	free(text);
	/* nor a path run a command */
	text = printed(BYTES(DEBUG_SECTIONS), "x;reboot");
	assert_true(text_has(text, "`wasm-strip FILE`"));
	free(text);
}

static json_t *parsed(const char *bytes, size_t size)
{
	char *text = printed(bytes, size, NULL);
	json_t *json = json_loads(text, 0, NULL);

	free(text);
	assert_non_null(json);
	return json;
}

static void programs_read_it(void **state)
{
	json_auto_t *hello = parsed(BYTES(HELLO)), *reactor = parsed(BYTES(REACTOR));
	json_auto_t *aot = parsed(BYTES(HEADER "\x00\x0c\x08wasmedge\x01\x01\x02"));
	const char *schema, *kind, *import, *name, *extern_kind, *export, *os, *arch;
	int size, min, max, memory64, shared, imported, sockets, debug_bytes, version;

	(void)state;
	assert_int_equal(
		json_unpack(hello,
			    "{s:s, s:s, s:i, s:[{s:i, s:i, s:b, s:b, s:b}],"
			    " s:[{s:s, s:s, s:s}], s:[{s:s}, {}], s:b, s:n, s:i}",
			    "schema", &schema, "kind", &kind, "size", &size, "memories",
			    "min", &min, "max", &max, "memory64", &memory64, "shared",
			    &shared, "imported", &imported, "imports", "module", &import,
			    "name", &name, "kind", &extern_kind, "exports", "name",
			    &export, "sockets", &sockets, "aot", "debug_bytes",
			    &debug_bytes),
		0);
	assert_string_equal(schema, "wasmdiag.module/1");
	assert_string_equal(kind, "core");
	assert_int_equal(size, sizeof(HELLO) - 1);
	assert_true(min == 1 && max == 4 && !memory64 && !shared && !imported);
	assert_string_equal(import, "wasi_snapshot_preview1");
	assert_string_equal(name, "fd_write");
	assert_string_equal(extern_kind, "function");
	assert_string_equal(export, "memory");
	assert_true(!sockets && debug_bytes == 0);
	assert_int_equal(json_unpack(reactor, "{s:[{s:n}]}", "memories", "max"), 0);
	assert_int_equal(json_unpack(aot, "{s:{s:i, s:s, s:s}}", "aot", "version",
				     &version, "os", &os, "arch", &arch),
			 0);
	assert_int_equal(version, 1);
	assert_string_equal(os, "linux");
	assert_string_equal(arch, "aarch64");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(people_read_it),
		cmocka_unit_test(what_matters_is_said),
		cmocka_unit_test(names_cannot_move_the_cursor),
		cmocka_unit_test(programs_read_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
