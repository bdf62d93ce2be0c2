// SPDX-License-Identifier: Apache-2.0
#include "collect/json_string.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define ONES UINT64_C(0x0101010101010101)

/* Not 0 when a byte of word is 0 (Mycroft). */
static uint64_t zero_bytes(uint64_t word)
{
	return (word - ONES) & ~word & (ONES << 7);
}

const char *json_string_stop(const char *at, const char *end)
{
	/* eight bytes at a time: strings are most of what the API server sends */
	while (end - at >= 8) {
		uint64_t word;

		memcpy(&word, at, sizeof(word));
		if (zero_bytes(word ^ (ONES * '"')) | zero_bytes(word ^ (ONES * '\\')))
			break;
		at += 8;
	}
	while (at < end && *at != '"' && *at != '\\')
		at++;
	return at;
}

/* The four hexadecimal digits of \uXXXX. */
static bool read_unit(const char *raw, size_t length, uint32_t *ret_unit)
{
	uint32_t unit = 0;

	if (length < 6 || raw[0] != '\\' || raw[1] != 'u')
		return false;
	for (size_t i = 2; i < 6; i++) {
		char c = raw[i];
		int digit = c >= '0' && c <= '9'   ? c - '0'
			    : c >= 'a' && c <= 'f' ? c - 'a' + 10
			    : c >= 'A' && c <= 'F' ? c - 'A' + 10
						   : -1;

		if (digit < 0)
			return false;
		unit = unit << 4 | (uint32_t)digit;
	}
	*ret_unit = unit;
	return true;
}

static size_t put_utf8(uint32_t character, char *out)
{
	static const unsigned char leads[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t length = character < 0x80      ? 1
			: character < 0x800   ? 2
			: character < 0x10000 ? 3
					      : 4;

	for (size_t i = length; i-- > 1; character >>= 6)
		out[i] = (char)(0x80 | (character & 0x3f));
	out[0] = (char)(leads[length] | character);
	return length;
}

/* One \u escape or a pair of them; returns the bytes taken, 0 when malformed. */
static size_t decode_unicode(const char *raw, size_t length, char *out, size_t *used)
{
	uint32_t character, low;
	size_t taken = 6;

	if (!read_unit(raw, length, &character))
		return 0;
	if (character >= 0xd800 && character <= 0xdfff) {
		if (character >= 0xdc00 || !read_unit(raw + 6, length - 6, &low) ||
		    low < 0xdc00 || low > 0xdfff)
			return 0;
		character = 0x10000 + ((character - 0xd800) << 10) + (low - 0xdc00);
		taken = 12;
	}
	*used += put_utf8(character, out + *used);
	return taken;
}

size_t json_string_decode(const char *raw, size_t length, char *out)
{
	static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
	size_t used = 0, taken;

	for (size_t i = 0; i < length; i += taken) {
		const char *name = NULL;

		taken = 1;
		if (raw[i] == '\\' && i + 1 < length && raw[i + 1])
			name = strchr(names, raw[i + 1]);
		if (name) {
			out[used++] = values[name - names];
			taken = 2;
			continue;
		}
		if (raw[i] == '\\')
			taken = decode_unicode(raw + i, length - i, out, &used);
		if (raw[i] == '\\' && taken > 0)
			continue;
		out[used++] = raw[i];
		taken = 1;
	}
	return used;
}
