// SPDX-License-Identifier: Apache-2.0
#include "collect/base64.h"

#include <stdint.h>
#include <string.h>

static const char alphabet[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static const char *skip_line_ends(const char *at)
{
	return at + strspn(at, "\r\n");
}

/* Four characters from *at; returns the bytes they carry, 0 when they are not base64. */
static size_t decode_group(const char **at, unsigned char out[3])
{
	uint32_t bits = 0;
	size_t padding = 0;

	for (size_t i = 0; i < 4; i++) {
		const char *found;

		*at = skip_line_ends(*at);
		found = **at ? strchr(alphabet, **at) : NULL;
		if (**at == '=' && i >= 2)
			padding++;
		else if (!found || padding)
			return 0;
		bits = bits << 6 | (found ? (uint32_t)(found - alphabet) : 0);
		(*at)++;
	}
	out[0] = (unsigned char)(bits >> 16);
	out[1] = (unsigned char)(bits >> 8);
	out[2] = (unsigned char)bits;
	return 3 - padding;
}

bool base64_decode(const char *text, struct arena *arena, struct bytes *ret)
{
	char *data = arena_alloc(arena, strlen(text) / 4 * 3 + 1);
	const char *at = skip_line_ends(text);
	size_t size = 0, taken = 3;

	while (*at) {
		unsigned char group[3];

		/* after padding nothing may follow */
		if (taken < 3)
			return false;
		taken = decode_group(&at, group);
		if (taken == 0)
			return false;
		memcpy(data + size, group, taken);
		size += taken;
		at = skip_line_ends(at);
	}
	data[size] = '\0';
	*ret = (struct bytes){ data, size };
	return true;
}

char *base64_encode(struct bytes bytes, struct arena *arena)
{
	const unsigned char *data = (const unsigned char *)bytes.data;
	char *text = arena_alloc(arena, (bytes.size / 3 + 1) * 4 + 1), *at = text;

	for (size_t i = 0; i < bytes.size; i += 3) {
		size_t left = bytes.size - i;
		uint32_t bits = (uint32_t)data[i] << 16;

		bits |= left > 1 ? (uint32_t)data[i + 1] << 8 : 0;
		bits |= left > 2 ? data[i + 2] : 0;
		*at++ = alphabet[bits >> 18];
		*at++ = alphabet[bits >> 12 & 63];
		*at++ = left > 1 ? alphabet[bits >> 6 & 63] : '=';
		*at++ = left > 2 ? alphabet[bits & 63] : '=';
	}
	return text;
}
