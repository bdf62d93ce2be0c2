// SPDX-License-Identifier: Apache-2.0
/* What a snapshot keeps of a WebAssembly module. */
#include <wasmdiag/text.h>
#include <wasmdiag/wasm.h>

#include "facts_rows.h"
#include "rows.h"

/* clang-format off */
#define OF wasm_memory
static const struct field wasm_memory_rows[] = {
	NUMBER(min, NULL),
	NUMBER(max, NULL),
	NUMBER(page_size, NULL),
	BOOLEAN(memory64, NULL),
	BOOLEAN(shared, NULL),
	BOOLEAN(imported, NULL),
	BOOLEAN(nested, NULL),
};
static const struct record wasm_memory_record = RECORD(struct wasm_memory, wasm_memory_rows);
#undef OF

#define OF wasm_import
static const struct field wasm_import_rows[] = {
	TEXT(module, NULL),
	TEXT(name, NULL),
	WORD(kind, wasm_extern_names),
};
static const struct record wasm_import_record = RECORD(struct wasm_import, wasm_import_rows);
#undef OF

#define OF wasm_aot
static const struct field wasm_aot_rows[] = {
	BOOLEAN(present, NULL),
	NUMBER(version, NULL),
	TEXT(os, NULL),
	TEXT(arch, NULL),
};
static const struct record wasm_aot_record = RECORD(struct wasm_aot, wasm_aot_rows);
#undef OF

/* Exports, section names and target features are for `wasmdiag module` only. */
#define OF wasm_module
static const struct field wasm_module_rows[] = {
	WORD(kind, wasm_kind_names),
	NUMBER(size, NULL),
	LIST(memories, memory_count, wasm_memory_record, NULL),
	LIST(imports, import_count, wasm_import_record, NULL),
	NUMBER(import_total, NULL),
	STRINGS(import_modules, NULL),
	STRINGS(features, NULL),
	BOOLEAN(sockets, NULL),
	NUMBER(socket_version, NULL),
	BOOLEAN(command, NULL),
	BOOLEAN(reactor, NULL),
	NESTED(aot, wasm_aot_record, NULL),
	NUMBER(code_bytes, NULL),
	NUMBER(data_bytes, NULL),
	NUMBER(debug_bytes, NULL),
	NUMBER(stack_bytes, NULL),
	TEXT(language, NULL),
	TEXT(toolchain, NULL),
};
const struct record wasm_module_record = RECORD(struct wasm_module, wasm_module_rows);
#undef OF
/* clang-format on */
