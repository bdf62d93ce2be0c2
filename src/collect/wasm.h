// SPDX-License-Identifier: Apache-2.0
/* The reader of WebAssembly modules and components. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <wasmdiag/wasm.h>

#include "arena.h"
#include "error.h"

/*
 * Learn from the size bytes what struct wasm_module has room for; its strings and lists
 * are the arena's.  Bytes may be anything: what is not a module gives an error that
 * names the byte, or says what the file is instead (ERROR_FORMAT), or that it exceeds
 * what any engine takes (ERROR_LIMIT).  After an error module is all zero.
 *
 * The structure is checked as strictly as the specification does (sections' order and
 * size, LEB128, UTF-8, indices, counts); code, tables, elements and data are stepped
 * over.
 */
bool wasm_read(const uint8_t *bytes, size_t size, struct arena *arena,
	       struct wasm_module *module, struct error *error)
	__attribute__((nonnull(3, 4)));

/*
 * The same from a regular file, of which only the heads are read: 4 KiB of memory and a
 * few dozen reads whatever its size.  fd stays open, its offset unchanged.  The file may
 * be changed or cut meanwhile.
 */
bool wasm_read_fd(int fd, struct arena *arena, struct wasm_module *module,
		  struct error *error) __attribute__((nonnull(2, 3)));

/* The same by path, which the error then begins with.  Pipes and devices are refused
 * without waiting on them. */
bool wasm_read_file(const char *path, struct arena *arena, struct wasm_module *module,
		    struct error *error) __attribute__((nonnull(1, 2, 3)));
