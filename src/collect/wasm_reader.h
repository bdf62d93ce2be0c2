// SPDX-License-Identifier: Apache-2.0
/* How the parts of the WebAssembly reader take bytes; for src/collect/wasm*.c only. */
#pragma once

#include <wasmdiag/wasm.h>

#include "arena.h"
#include "error.h"

#define WASM_NESTING_MAX 16 /* components within components */
#define WASM_NAME_SIZE   (WASM_NAME_KEPT + sizeof("..."))

/*
 * A place in the bytes.  Every read below moves `at` on, never past `end`, and says in
 * error, when it returns false, at which byte of which part it failed.
 */
struct wasm_reader {
	struct arena *arena;
	struct wasm_module *module;
	struct error *error; /* NULL while trying a part that may be malformed */
	const char *part; /* for errors: "memory section" */
	uint64_t at; /* of the file, in bytes */
	uint64_t end; /* of the section, nested module or file being read */
	uint64_t size; /* of the file */
	unsigned depth; /* of nesting: 0 is the file's own module or component */
	size_t sections; /* read so far, at any depth */
	int fd; /* -1: window holds everything */
	size_t fetches;
	const uint8_t *window; /* bytes from window_start on */
	uint64_t window_start;
	size_t window_length;
	uint8_t buffer[4096];
};

/* One value from a core module's limits. */
struct wasm_limits {
	uint8_t flags;
	uint64_t min;
	uint64_t max; /* when flags has WASM_HAS_MAX */
	uint32_t page_size_log2; /* 16, or what WASM_HAS_PAGE_SIZE set */
};

#define WASM_HAS_MAX       0x01
#define WASM_IS_SHARED     0x02
#define WASM_IS_64         0x04
#define WASM_HAS_PAGE_SIZE 0x08

/* Fail with ERROR_FORMAT: "byte AT: PART: " and the sentence.  Always false. */
bool wasm_wrong(struct wasm_reader *reader, uint64_t at, const char *format, ...)
	__attribute__((format(printf, 3, 4), nonnull(1)));

bool wasm_read_byte(struct wasm_reader *reader, uint8_t *ret_byte)
	__attribute__((nonnull));

/* LEB128 as the specification wants it: no longer than its type, no stray bits. */
bool wasm_read_u32(struct wasm_reader *reader, uint32_t *ret_value)
	__attribute__((nonnull));
bool wasm_read_u64(struct wasm_reader *reader, uint64_t *ret_value)
	__attribute__((nonnull));
bool wasm_read_signed(struct wasm_reader *reader, unsigned bits, int64_t *ret_value)
	__attribute__((nonnull));

/* The length of a vector: at most 1,000,000 (as in the JavaScript embedding's limits),
 * and no more than the bytes left. */
bool wasm_read_count(struct wasm_reader *reader, uint32_t *ret_count)
	__attribute__((nonnull));

/* A name: UTF-8, at most 100,000 bytes (as above), of which name gets those kept. */
bool wasm_read_name(struct wasm_reader *reader, char name[WASM_NAME_SIZE])
	__attribute__((nonnull));

/* Add a copy of text to list unless it is there or the list holds WASM_NAMES_KEPT. */
void wasm_note(struct arena *arena, struct string_list *list, const char *text)
	__attribute__((nonnull));

/* A value type; a storage type also allows i8 and i16. */
bool wasm_read_value_type(struct wasm_reader *reader, bool storage, uint8_t *ret_type)
	__attribute__((nonnull));

/* One recursive group of the type section: how many types it defines, and the parameters
 * of the last if it is a function (else 0). */
bool wasm_read_type_group(struct wasm_reader *reader, uint32_t *ret_types,
			  uint32_t *ret_parameters) __attribute__((nonnull));

/* The limits of a table or memory; allowed are the flags it may have. */
bool wasm_read_limits(struct wasm_reader *reader, uint8_t allowed,
		      struct wasm_limits *limits) __attribute__((nonnull));

/* What follows the preamble, up to reader->end. */
bool wasm_read_core(struct wasm_reader *reader) __attribute__((nonnull));
bool wasm_read_component(struct wasm_reader *reader) __attribute__((nonnull));

/* The eight bytes every module begins with. */
bool wasm_read_preamble(struct wasm_reader *reader, enum wasm_kind *ret_kind)
	__attribute__((nonnull));

/* The head of the next section: its number, where its payload ends. */
bool wasm_read_section_head(struct wasm_reader *reader, uint8_t *ret_id,
			    uint64_t *ret_end) __attribute__((nonnull));

/* The custom section whose head, from start on, was read; reader->end is its end. */
bool wasm_read_custom(struct wasm_reader *reader, uint64_t start)
	__attribute__((nonnull));

/* Keep a copy of an import or export of the file's own module; not of nested ones. */
void wasm_keep_import(struct wasm_reader *reader, struct wasm_import import)
	__attribute__((nonnull));
void wasm_keep_export(struct wasm_reader *reader, struct wasm_export export)
	__attribute__((nonnull));

/* Remember that a function of that name was imported from wasi_snapshot_preview1, with so
 * many parameters; 0: not known. */
void wasm_note_socket(struct wasm_module *module, const char *name, uint32_t parameters)
	__attribute__((nonnull));
