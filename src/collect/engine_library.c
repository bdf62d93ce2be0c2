// SPDX-License-Identifier: Apache-2.0
#include "collect/engine_library.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include <wasmdiag/text.h>

#include "cleanup.h"
#include "collect/chase.h"

#define SIZE_LIMIT    ((size_t)512 << 20) /* bytes; with LLVM inside it is some 150 MB */
#define CHUNK         ((size_t)64 << 10)
#define LIBRARIES_MAX 8

/* Is it "0.14.1", perhaps with more behind "-", "+" or "~"?  The minor version, else
 * UNSET.  The libraries inside WasmEdge are of other versions than 0.8 to 0.99. */
static int64_t wasmedge_minor(const char *text)
{
	unsigned minor, patch;
	int end = 0;

	if (sscanf(text, "0.%2u.%2u%n", &minor, &patch, &end) != 2 || minor < 8 ||
	    (text[end] && !strchr("-+~", text[end])))
		return UNSET;
	return minor;
}

static void take_string(struct engine_scan *scan)
{
	if (scan->length == 0 || scan->length >= sizeof(scan->text))
		return;
	scan->text[scan->length] = '\0';
	if (text_equal(scan->text, "WasmEdge_ConfigureSetRunMode"))
		scan->has_run_modes = true;
	if (!*scan->version && scan->length < sizeof(scan->version) &&
	    wasmedge_minor(scan->text) != UNSET)
		memcpy(scan->version, scan->text, scan->length + 1);
}

void engine_scan_feed(struct engine_scan *scan, const char *bytes, size_t length)
{
	const char *end = bytes + length;

	while (bytes < end) {
		const char *nul = memchr(bytes, '\0', (size_t)(end - bytes));
		size_t part = (size_t)((nul ? nul : end) - bytes);
		size_t used = scan->length, room = sizeof(scan->text) - used;

		if (part <= room)
			memcpy(scan->text + used, bytes, part);
		scan->length = part < room ? used + part : sizeof(scan->text);
		if (nul) {
			take_string(scan);
			scan->length = 0;
		}
		bytes += part + 1;
	}
}

/* Read it piece by piece: it is large, and we are to stay small. */
static bool scan_file(int fd, struct engine_scan *scan)
{
	char chunk[CHUNK];
	size_t total = 0;
	ssize_t got;

	while ((got = read(fd, chunk, sizeof(chunk))) > 0 && total < SIZE_LIMIT) {
		engine_scan_feed(scan, chunk, (size_t)got);
		total += (size_t)got;
	}
	return got == 0;
}

static void add_library(struct host_context *context, struct host *host, const char *path)
{
	_cleanup_fd_ int fd = host_open(context, path, O_RDONLY, NULL);
	struct engine_scan scan = { .length = 0 };
	struct engine_library *library;

	host->engine_libraries =
		arena_grow(context->arena, host->engine_libraries,
			   host->engine_library_count, sizeof(*host->engine_libraries));
	library = &host->engine_libraries[host->engine_library_count++];
	*library = (struct engine_library){ .path = path, .minor = UNSET };
	if (fd < 0 || !scan_file(fd, &scan)) {
		library->error = arena_format(context->arena, "cannot read %s: %s", path,
					      strerror(errno));
		return;
	}
	library->has_run_modes = scan.has_run_modes;
	if (!*scan.version)
		return;
	library->version = arena_string(context->arena, scan.version);
	library->minor = wasmedge_minor(scan.version);
}

static bool any_compiled(const struct host *host)
{
	for (size_t i = 0; i < host->wasm_container_count; i++)
		if (host->wasm_containers[i].module.aot.present)
			return true;
	return false;
}

void collect_engine_libraries(struct host_context *context, struct host *host)
{
	host_fact_set(context, &host->source[HOST_ENGINE_LIBRARIES], FACT_KNOWN, NULL);
	if (!any_compiled(host))
		return;
	for (size_t i = 0; i < host->runtime_count; i++) {
		const struct runtime_binary *runtime = &host->runtimes[i];

		if (text_equal(runtime->engine, "wasmedge") && runtime->library_path &&
		    !find_engine_library(host, runtime->library_path) &&
		    host->engine_library_count < LIBRARIES_MAX)
			add_library(context, host, runtime->library_path);
	}
}
