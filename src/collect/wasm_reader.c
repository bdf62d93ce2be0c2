// SPDX-License-Identifier: Apache-2.0
#include "wasm_reader.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <wasmdiag/text.h>

#define COUNT_MAX   1000000
#define NAME_MAX_   100000
#define FETCHES_MAX 65536 /* 256 MiB of heads: no toolchain makes that */
#define SECTION_MAX 100000

bool wasm_wrong(struct wasm_reader *reader, uint64_t at, const char *format, ...)
{
	char text[256];
	va_list arguments;

	if (!reader->error)
		return false;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return fail(reader->error, ERROR_FORMAT, "byte %" PRIu64 ": %s: %s", at,
		    reader->part, text);
}

static bool too_much(struct wasm_reader *reader, const char *what)
{
	return fail(reader->error, ERROR_LIMIT, "byte %" PRIu64 ": %s: %s", reader->at,
		    reader->part, what);
}

/* Have the byte at reader->at in the window.  pread, not mmap: a file that is truncated
 * meanwhile gives an error, not SIGBUS. */
static bool fetch(struct wasm_reader *reader)
{
	ssize_t got;

	if (reader->at >= reader->window_start &&
	    reader->at - reader->window_start < reader->window_length)
		return true;
	if (reader->fd >= 0 && ++reader->fetches > FETCHES_MAX)
		return too_much(reader, "more is declared before this than we read");
	do
		got = reader->fd < 0 ? 0
				     : pread(reader->fd, reader->buffer,
					     sizeof(reader->buffer), (off_t)reader->at);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return fail_errno(reader->error, errno, "byte %" PRIu64, reader->at);
	if (got == 0)
		return wasm_wrong(reader, reader->at,
				  "the file became shorter while it was read");
	reader->window = reader->buffer;
	reader->window_start = reader->at;
	reader->window_length = (size_t)got;
	return true;
}

bool wasm_read_byte(struct wasm_reader *reader, uint8_t *ret_byte)
{
	if (reader->at >= reader->end)
		return wasm_wrong(reader, reader->at, "ends before what it declares");
	if (!fetch(reader))
		return false;
	*ret_byte = reader->window[reader->at - reader->window_start];
	reader->at++;
	return true;
}

/* Are the bits of the last byte that the type has no room for as they must be? */
static bool fits(uint8_t byte, unsigned width, bool is_signed)
{
	unsigned extra;

	if (!is_signed)
		return byte >> width == 0;
	extra = (unsigned)byte >> (width - 1);
	return extra == 0 || extra == 0x7fU >> (width - 1);
}

static bool read_leb(struct wasm_reader *reader, unsigned bits, bool is_signed,
		     uint64_t *ret_value)
{
	uint64_t value = 0, start = reader->at;
	unsigned shift = 0;
	uint8_t byte = 0;

	for (;; shift += 7) {
		if (!wasm_read_byte(reader, &byte))
			return false;
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			break;
		if (bits - shift <= 7)
			return wasm_wrong(reader, start,
					  "a number takes more than %u bytes",
					  shift / 7 + 1);
	}
	if (bits - shift <= 7 && !fits(byte, bits - shift, is_signed))
		return wasm_wrong(reader, start, "a number does not fit %u bits", bits);
	if (is_signed && (byte & 0x40) && shift + 7 < 64)
		value |= UINT64_MAX << (shift + 7);
	*ret_value = value;
	return true;
}

bool wasm_read_u64(struct wasm_reader *reader, uint64_t *ret_value)
{
	return read_leb(reader, 64, false, ret_value);
}

bool wasm_read_u32(struct wasm_reader *reader, uint32_t *ret_value)
{
	uint64_t value;

	if (!read_leb(reader, 32, false, &value))
		return false;
	*ret_value = (uint32_t)value;
	return true;
}

bool wasm_read_signed(struct wasm_reader *reader, unsigned bits, int64_t *ret_value)
{
	uint64_t value;

	if (!read_leb(reader, bits, true, &value))
		return false;
	*ret_value = (int64_t)value;
	return true;
}

bool wasm_read_count(struct wasm_reader *reader, uint32_t *ret_count)
{
	uint64_t start = reader->at;

	if (!wasm_read_u32(reader, ret_count))
		return false;
	if (*ret_count > reader->end - reader->at)
		return wasm_wrong(reader, start,
				  "declares %" PRIu32 " entries in %" PRIu64 " bytes",
				  *ret_count, reader->end - reader->at);
	if (*ret_count > COUNT_MAX)
		return too_much(reader, "declares more than 1000000 entries");
	return true;
}

/* The bytes that must follow a character's first, and the bounds of the second, by the
 * table in the Unicode standard (3-7); false for what no character begins with. */
static bool utf8_first(uint8_t byte, unsigned *ret_more, uint8_t second[2])
{
	second[0] = byte == 0xe0 ? 0xa0 : byte == 0xf0 ? 0x90 : 0x80;
	second[1] = byte == 0xed ? 0x9f : byte == 0xf4 ? 0x8f : 0xbf;
	*ret_more = byte < 0x80 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
	return byte < 0x80 || (byte >= 0xc2 && byte <= 0xf4);
}

static bool read_character(struct wasm_reader *reader, char bytes[4],
			   unsigned *ret_length)
{
	uint64_t start = reader->at;
	uint8_t byte, bounds[2];
	unsigned more;

	if (!wasm_read_byte(reader, &byte))
		return false;
	if (!utf8_first(byte, &more, bounds))
		return wasm_wrong(reader, start, "a name is not UTF-8");
	bytes[0] = (char)byte;
	*ret_length = more + 1;
	for (unsigned i = 1; i <= more; i++) {
		if (!wasm_read_byte(reader, &byte))
			return false;
		if (byte < bounds[0] || byte > bounds[1])
			return wasm_wrong(reader, start, "a name is not UTF-8");
		bytes[i] = (char)byte;
		bounds[0] = 0x80;
		bounds[1] = 0xbf;
	}
	if (bytes[0] == '\0') {
		memcpy(bytes, "\xef\xbf\xbd", 3);
		*ret_length = 3;
	}
	return true;
}

/* The characters up to reader->end, as many as are kept. */
static bool read_characters(struct wasm_reader *reader, char name[WASM_NAME_SIZE])
{
	size_t used = 0;
	bool cut = false;

	while (reader->at < reader->end) {
		char bytes[4];
		unsigned length = 0;

		if (!read_character(reader, bytes, &length))
			return false;
		cut |= used + length > WASM_NAME_KEPT;
		if (cut)
			continue;
		memcpy(name + used, bytes, length);
		used += length;
	}
	memcpy(name + used, cut ? "..." : "\0\0\0", 4);
	return true;
}

bool wasm_read_name(struct wasm_reader *reader, char name[WASM_NAME_SIZE])
{
	uint64_t start = reader->at, end = reader->end;
	uint32_t length;
	bool whole;

	if (!wasm_read_u32(reader, &length))
		return false;
	if (length > end - reader->at)
		return wasm_wrong(reader, start,
				  "a name of %" PRIu32 " bytes where %" PRIu64
				  " are left",
				  length, end - reader->at);
	if (length > NAME_MAX_)
		return too_much(reader, "a name of more than 100000 bytes");
	reader->end = reader->at + length;
	whole = read_characters(reader, name);
	reader->end = end;
	return whole;
}

bool wasm_read_section_head(struct wasm_reader *reader, uint8_t *ret_id,
			    uint64_t *ret_end)
{
	uint64_t start;
	uint32_t size;

	if (++reader->sections > SECTION_MAX)
		return too_much(reader, "more than 100000 sections");
	if (!wasm_read_byte(reader, ret_id))
		return false;
	start = reader->at;
	if (!wasm_read_u32(reader, &size))
		return false;
	if (size > reader->end - reader->at)
		return wasm_wrong(reader, start,
				  "section %u is said to have %" PRIu32
				  " bytes, but %" PRIu64 " are left: is the file cut?",
				  *ret_id, size, reader->end - reader->at);
	*ret_end = reader->at + size;
	return true;
}

static bool list_has(const struct string_list *list, const char *text)
{
	for (size_t i = 0; i < list->count; i++)
		if (text_equal(list->items[i], text))
			return true;
	return false;
}

void wasm_note(struct arena *arena, struct string_list *list, const char *text)
{
	if (list->count >= WASM_NAMES_KEPT || list_has(list, text))
		return;
	list->items = arena_grow(arena, list->items, list->count, sizeof(*list->items));
	list->items[list->count++] = arena_string(arena, text);
}
