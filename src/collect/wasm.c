// SPDX-License-Identifier: Apache-2.0
#include "wasm.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include <wasmdiag/text.h>

#include "cleanup.h"
#include "wasm_reader.h"

void wasm_keep_import(struct wasm_reader *reader, struct wasm_import import)
{
	struct wasm_module *module = reader->module;

	if (reader->depth > 0)
		return;
	module->import_total++;
	wasm_note(reader->arena, &module->import_modules, import.module);
	if (module->import_count >= WASM_IMPORTS_KEPT)
		return;
	module->imports = arena_grow(reader->arena, module->imports, module->import_count,
				     sizeof(*module->imports));
	module->imports[module->import_count++] = (struct wasm_import){
		.module = arena_string(reader->arena, import.module),
		.name = arena_string(reader->arena, import.name),
		.kind = import.kind,
	};
}

void wasm_keep_export(struct wasm_reader *reader, struct wasm_export export)
{
	struct wasm_module *module = reader->module;

	if (reader->depth > 0)
		return;
	module->export_total++;
	if (module->kind == WASM_CORE && export.kind == WASM_FUNCTION) {
		module->command |= text_equal(export.name, "_start");
		module->reactor |= text_equal(export.name, "_initialize");
	}
	if (module->export_count >= WASM_EXPORTS_KEPT)
		return;
	module->exports = arena_grow(reader->arena, module->exports, module->export_count,
				     sizeof(*module->exports));
	module->exports[module->export_count++] = (struct wasm_export){
		.name = arena_string(reader->arena, export.name),
		.kind = export.kind,
	};
}

/*
 * WasmEdge's first socket interface and its second (that of WASI where WASI has one)
 * differ in the number of parameters (lib/host/wasi/wasifunc.h; facts C3).
 */
void wasm_note_socket(struct wasm_module *module, const char *name, uint32_t parameters)
{
	static const struct {
		const char *name;
		uint32_t v1, v2; /* parameters that tell; 0: none do */
		bool extension; /* WasmEdge's alone, not of WASI */
	} rows[] = {
		{ "sock_open", 0, 0, true },        { "sock_bind", 0, 0, true },
		{ "sock_connect", 0, 0, true },     { "sock_listen", 0, 0, true },
		{ "sock_getaddrinfo", 0, 0, true }, { "sock_getsockopt", 0, 0, true },
		{ "sock_setsockopt", 0, 0, true },  { "sock_getlocaladdr", 4, 3, true },
		{ "sock_getpeeraddr", 4, 3, true }, { "sock_recv_from", 7, 8, true },
		{ "sock_send_to", 0, 0, true },     { "sock_accept", 2, 3, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!text_equal(name, rows[i].name))
			continue;
		module->sockets |= rows[i].extension;
		if (parameters && parameters == rows[i].v1)
			module->socket_version = 1;
		else if (parameters && parameters == rows[i].v2)
			module->socket_version = 2;
	}
}

/* The first bytes of the file, at most size; how many there were. */
static size_t peek(struct wasm_reader *reader, uint8_t *bytes, size_t size)
{
	struct error *error = reader->error;
	size_t count = 0;

	reader->error = NULL;
	while (count < size && reader->at < reader->end &&
	       wasm_read_byte(reader, &bytes[count]))
		count++;
	reader->error = error;
	reader->at = 0;
	return count;
}

/* Spaces and comments at the start of WebAssembly text. */
static size_t skip_blank(const char *text, size_t length)
{
	size_t at = 0;

	while (at < length) {
		if (strchr(" \t\r\n", text[at]) && text[at]) {
			at++;
		} else if (at + 1 < length && text[at] == ';' && text[at + 1] == ';') {
			while (at < length && text[at] != '\n')
				at++;
		} else {
			break;
		}
	}
	return at;
}

static bool is_wat(const char *text, size_t length)
{
	size_t at = skip_blank(text, length);

	return at < length &&
	       (text_starts(text + at, "(module") ||
		text_starts(text + at, "(component") || text_starts(text + at, "(;"));
}

/* What people hand to a reader of modules by mistake; NULL: none of it. */
static const char *what_else(const char *text, size_t length)
{
	static const struct {
		const char *magic, *sentence;
		size_t length;
	} rows[] = {
		{ "\x7f"
		  "ELF",
		  "this is an ELF file (a program or a shared library), not a WebAssembly "
		  "module; if `wasmedge compile` made it, give the .wasm it was made from",
		  4 },
		{ "\x1f\x8b", "this is compressed with gzip; unpack it with gunzip first",
		  2 },
		{ "\x28\xb5\x2f\xfd", "this is compressed with zstd; unpack it first",
		  4 },
		{ "PK\x03\x04", "this is a zip archive; unpack it first", 4 },
		{ "!<arch>\n",
		  "this is a static library; link it to a module with clang or wasm-ld",
		  8 },
		{ "#!", "this is a script, not a WebAssembly module", 2 },
		{ "BC\xc0\xde",
		  "this is LLVM bitcode; compile and link it with clang --target=wasm32-wasi",
		  4 },
		{ "version https://git-lfs",
		  "this is a Git LFS pointer; fetch the module with git lfs pull", 23 },
		{ "<", "this is HTML or XML, perhaps the error page of a download", 1 },
		{ "{", "this is JSON, not a WebAssembly module", 1 },
	};

	if (is_wat(text, length))
		return "this is WebAssembly text; compile it with wat2wasm";
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (length >= rows[i].length &&
		    memcmp(text, rows[i].magic, rows[i].length) == 0)
			return rows[i].sentence;
	return NULL;
}

/* Say plainly what a file that does not begin as a module is.  False after an error. */
static bool recognise(struct wasm_reader *reader)
{
	char text[513] = "";
	size_t length = peek(reader, (uint8_t *)text, sizeof(text) - 1);
	const char *sentence = what_else(text, length);

	if (reader->size == 0)
		return fail(reader->error, ERROR_FORMAT, "the file is empty");
	if (sentence)
		return fail(reader->error, ERROR_FORMAT, "%s", sentence);
	return true;
}

static bool version_wrong(struct wasm_reader *reader, uint64_t start, uint32_t version)
{
	uint32_t layer = version >> 16;

	version &= 0xffff;
	if (layer == 1)
		return wasm_wrong(reader, start + 4,
				  "a component of draft version %" PRIu32
				  ", only 13 is known: rebuild it with newer tools",
				  version);
	return wasm_wrong(
		reader, start + 4,
		"version %" PRIu32 " layer %" PRIu32
		" is not known, only 1 layer 0 (core) and 13 layer 1 (component)",
		version, layer);
}

bool wasm_read_preamble(struct wasm_reader *reader, enum wasm_kind *ret_kind)
{
	static const uint8_t magic[] = { '\0', 'a', 's', 'm' };
	uint64_t start = reader->at;
	uint32_t version = 0;
	uint8_t byte;

	reader->part = "preamble";
	for (size_t i = 0; i < sizeof(magic); i++) {
		if (!wasm_read_byte(reader, &byte))
			return false;
		if (byte != magic[i])
			return wasm_wrong(
				reader, reader->at - 1,
				"not WebAssembly: modules begin with \"\\0asm\", here is "
				"0x%02x",
				byte);
	}
	for (unsigned shift = 0; shift < 32; shift += 8) {
		if (!wasm_read_byte(reader, &byte))
			return false;
		version |= (uint32_t)byte << shift;
	}
	if (version != 0x1 && version != 0x1000d)
		return version_wrong(reader, start, version);
	*ret_kind = version == 1 ? WASM_CORE : WASM_COMPONENT;
	return true;
}

static bool read_all(struct wasm_reader *reader)
{
	struct wasm_module *module = reader->module;

	*module = (struct wasm_module){ .size = (int64_t)reader->size,
					.aot = { .version = UNSET },
					.socket_version = UNSET,
					.stack_bytes = UNSET };
	reader->end = reader->size;
	reader->part = "preamble";
	if (!recognise(reader) || !wasm_read_preamble(reader, &module->kind))
		return false;
	if (!(module->kind == WASM_CORE ? wasm_read_core(reader)
					: wasm_read_component(reader)))
		return false;
	/* sock_accept alone is WASI's own */
	if (!module->sockets)
		module->socket_version = UNSET;
	return true;
}

static bool read_or_clear(struct wasm_reader *reader)
{
	bool good = read_all(reader);

	if (!good)
		*reader->module = (struct wasm_module){ 0 };
	return good;
}

bool wasm_read(const uint8_t *bytes, size_t size, struct arena *arena,
	       struct wasm_module *module, struct error *error)
{
	struct wasm_reader reader = {
		.arena = arena,
		.module = module,
		.error = error,
		.size = size,
		.fd = -1,
		.window = bytes,
		.window_length = size,
	};

	return read_or_clear(&reader);
}

bool wasm_read_fd(int fd, struct arena *arena, struct wasm_module *module,
		  struct error *error)
{
	struct wasm_reader reader = {
		.arena = arena, .module = module, .error = error, .fd = fd
	};
	struct stat status;

	*module = (struct wasm_module){ 0 };
	if (fstat(fd, &status) < 0)
		return fail_errno(error, errno, "looking at the file");
	if (S_ISDIR(status.st_mode))
		return fail(error, ERROR_FORMAT, "this is a directory, not a file");
	if (!S_ISREG(status.st_mode))
		return fail(error, ERROR_FORMAT,
			    "this is a pipe, socket or device, not a regular file");
	reader.size = (uint64_t)status.st_size;
	return read_or_clear(&reader);
}

bool wasm_read_file(const char *path, struct arena *arena, struct wasm_module *module,
		    struct error *error)
{
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0) {
		*module = (struct wasm_module){ 0 };
		return fail_errno(error, errno, "%s", path);
	}
	return wasm_read_fd(fd, arena, module, error) || fail_in(error, "%s", path);
}
