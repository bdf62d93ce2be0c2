// SPDX-License-Identifier: Apache-2.0
/* "os error 85": what a WebAssembly guest means by it. */
#pragma once

#include <wasmdiag/check.h>

/*
 * What the number of the last "os error N" in the line says in WASI preview 1 and, from
 * 77 on, in WasmEdge's sockets (facts C3; WasmEdge thirdparty/wasi/api.hpp); NULL when
 * there is none, or one that Rust puts into words itself.
 */
const struct words *wasi_error_in(const char *line) __attribute__((nonnull));
