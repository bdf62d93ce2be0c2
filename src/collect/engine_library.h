// SPDX-License-Identifier: Apache-2.0
/* Which WasmEdge a library is.  Its file name does not tell: 0.11 to 0.17 are all
 * libwasmedge.so.0, and libwasmedge.so.0.1.0 behind that. */
#pragma once

#include <stddef.h>

#include <wasmdiag/performance.h>

#include "collect/host.h"

/*
 * HOST_ENGINE_LIBRARIES: the WasmEdge libraries that the node's runtimes load, looked
 * into only when one of host->wasm_containers runs a module with an AOT section, as
 * nothing else asks.  Needs HOST_RUNTIMES and HOST_WASM_CONTAINERS.
 */
void collect_engine_libraries(struct host_context *context, struct host *host)
	__attribute__((nonnull));

/* Looks for the marks of a version in a library's bytes, handed over in any pieces. */
struct engine_scan {
	char text[64]; /* the string being read, as far as it has come */
	size_t length; /* may be more than fits: then it is none of ours */
	char version[32]; /* the first string that is a version of WasmEdge, or "" */
	bool has_run_modes;
};

/*
 * The next bytes; scan starts as {0}.  WasmEdge_VersionGet() returns a string that
 * stands in the library as it is, and its string table names the function
 * WasmEdge_ConfigureSetRunMode, which came with 0.17.
 */
void engine_scan_feed(struct engine_scan *scan, const char *bytes, size_t length)
	__attribute__((nonnull));
