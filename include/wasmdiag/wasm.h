// SPDX-License-Identifier: Apache-2.0
/*
 * What a WebAssembly module says about itself, and what follows from it for crun with
 * WasmEdge (facts C3, C5, D).  Helpers here are pure.
 *
 * Text is as it stands in the module: valid UTF-8, U+0000 replaced by U+FFFD, what is
 * longer than WASM_NAME_KEPT bytes cut and ended by "...".  It is not harmless to a
 * terminal: printers use text_escape().
 */
#pragma once

#include <wasmdiag/facts.h>

#define WASM_PAGE_SIZE 65536 /* bytes, unless the module says otherwise */

/* A hostile module does not make us keep more than this of each. */
#define WASM_IMPORTS_KEPT 512
#define WASM_EXPORTS_KEPT 512
#define WASM_NAMES_KEPT   64
#define WASM_NAME_KEPT    1024
#define WASM_MEMORIES_MAX 512 /* more is an error, so that sums hold */

enum wasm_kind {
	WASM_UNREAD, /* a struct all zero: nothing was read */
	WASM_CORE,
	WASM_COMPONENT, /* WASI 0.2 and later: crun with WasmEdge refuses it */
	WASM_KIND_COUNT,
};

/* The first five are core's numbers; the others are imported by components only. */
enum wasm_extern {
	WASM_FUNCTION,
	WASM_TABLE,
	WASM_MEMORY,
	WASM_GLOBAL,
	WASM_TAG,
	WASM_CORE_MODULE,
	WASM_VALUE,
	WASM_TYPE,
	WASM_NESTED_COMPONENT,
	WASM_INSTANCE,
	WASM_EXTERN_COUNT,
};

struct wasm_memory {
	int64_t min; /* pages; above INT64_MAX: that */
	int64_t max; /* pages, likewise; UNSET = none, so as far as addresses reach */
	int64_t page_size; /* bytes: 65536, or what the custom-page-sizes proposal set */
	bool memory64;
	bool shared;
	bool imported;
	bool nested; /* belongs to a core module inside the component */
};

/* A component imports whole interfaces: module is their name and name is "". */
struct wasm_import {
	const char *module;
	const char *name;
	enum wasm_extern kind;
};

struct wasm_export {
	const char *name;
	enum wasm_extern kind;
};

/* The custom section `wasmedge` that `wasmedge compile` appends (facts C5). */
struct wasm_aot {
	bool present;
	int64_t version; /* 1: WasmEdge up to 0.14.1, 2: 0.15 on; UNSET: not readable */
	const char *os; /* "linux", "macos", "windows", or "unknown (9)" */
	const char *arch; /* "x86_64", "aarch64", "riscv64", "armv7", "s390x", likewise */
};

struct wasm_module {
	enum wasm_kind kind;
	int64_t size; /* bytes */
	struct wasm_memory *memories;
	size_t memory_count;
	struct wasm_import *imports; /* the first WASM_IMPORTS_KEPT */
	size_t import_count;
	int64_t import_total;
	struct wasm_export *exports; /* the first WASM_EXPORTS_KEPT */
	size_t export_count;
	int64_t export_total;
	struct string_list import_modules; /* each once; the first WASM_NAMES_KEPT */
	struct string_list custom_sections; /* in order; the first WASM_NAMES_KEPT */
	/*
	 * What it uses that an engine may lack, by the proposal's name: "memory64",
	 * "threads", "multi-memory", "custom-page-sizes", "gc", "exception-handling",
	 * "component-model".  Instructions are not read, so "simd" is never among them.
	 */
	struct string_list features;
	/* What the toolchain says it compiled for, such as "+simd128": may be unused. */
	struct string_list target_features;
	/*
	 * A core module that imports a function of WasmEdge's socket extension, or a
	 * component that imports wasi:sockets.  Without, it cannot open a socket at all.
	 */
	bool sockets;
	int64_t socket_version; /* 1 or 2 of the extension; UNSET: not told apart */
	bool command; /* exports the function _start: what crun with WasmEdge calls */
	bool reactor; /* exports the function _initialize */
	bool start_section;
	struct wasm_aot aot;
	int64_t code_bytes; /* sections' payload, nested core modules included */
	int64_t data_bytes;
	int64_t custom_bytes; /* whole custom sections, these and the next with header */
	int64_t debug_bytes; /* .debug_*, name, source maps: what nothing needs to run */
	int64_t stack_bytes; /* LLVM's stack when linked below the data, else UNSET */
	const char *language; /* of the producers section: "Rust", "C11", "Go"; the first
				 that is not C, as a C library is in most */
	const char *toolchain; /* likewise: "rustc 1.84.0", "clang 14.0.6" */
};

/* "core", "component"; "unread" for the rest. */
const char *wasm_kind_name(enum wasm_kind kind);

/* "function", "table", "memory", ...; "unknown" for the rest. */
const char *wasm_extern_name(enum wasm_extern kind);

/* The memory a module asks for at its start, in bytes, over all its memories; as far as
 * it may grow.  Without a maximum that is 4 GiB, INT64_MAX for memory64.  Sums stop at
 * INT64_MAX. */
int64_t wasm_minimum_bytes(const struct wasm_module *module) __attribute__((nonnull));
int64_t wasm_maximum_bytes(const struct wasm_module *module) __attribute__((nonnull));

/* A memory has no maximum of its own. */
bool wasm_is_unbounded(const struct wasm_module *module) __attribute__((nonnull));

/* The module uses the feature of that name. */
bool wasm_needs(const struct wasm_module *module, const char *feature)
	__attribute__((nonnull));

/*
 * The first feature the module uses that libwasmedge 0.minor, as crun configures it,
 * refuses; NULL when there is none.  Measured with 0.14.1 and 0.17.1 (facts A6, D): the
 * WebAssembly 3.0 set came in between, taken here as 0.16; threads went off with it.
 */
const char *wasm_refused_feature(const struct wasm_module *module, int64_t minor)
	__attribute__((nonnull));

/* crun with WasmEdge has something to link here: a function of wasi_snapshot_preview1 as
 * WasmEdge 0.12 on registers it (lib/host/wasi/wasimodule.cpp). */
bool wasm_import_known(const struct wasm_import *import) __attribute__((nonnull));

/* The WasmEdge plugin that serves the import's module, NULL when none does.  From 0.14
 * on the module links without it and fails at the call (facts C2). */
const char *wasm_import_plugin(const struct wasm_import *import) __attribute__((nonnull));

/* The first import that crun with WasmEdge cannot link, `unknown import`; NULL when all
 * can.  Imports that a plugin serves are not meant.  Of the imports kept. */
const struct wasm_import *wasm_unknown_import(const struct wasm_module *module)
	__attribute__((nonnull));
