// SPDX-License-Identifier: Apache-2.0
#include "json_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <wasmdiag/text.h>

#include "cleanup.h"

json_t *json_text(const char *text)
{
	_cleanup_free_ char *escaped = NULL;
	size_t size;
	json_t *json;

	if (!text)
		return json_null();
	json = json_string(text);
	if (json)
		return json;
	size = strlen(text) * 4 + 1; /* \xNN for each byte */
	escaped = malloc(size);
	if (!escaped)
		return json_null();
	text_escape(text, strlen(text), escaped, size);
	return json_string(escaped);
}

static void print_escaped(uint32_t character, FILE *out)
{
	if (character >= 0x10000) {
		character -= 0x10000;
		fprintf(out, "\\u%04x", (unsigned)(0xd800 + (character >> 10)));
		character = 0xdc00 + (character & 0x3ff);
	}
	fprintf(out, "\\u%04x", (unsigned)character);
}

static void print_harmless(const char *text, FILE *out)
{
	const char *plain = text;
	uint32_t character;
	bool hostile;
	size_t length;

	for (const char *at = text; *at; at += length) {
		length = text_character(at, &character, &hostile);
		if (!hostile || *at == '\n')
			continue;
		fwrite(plain, 1, (size_t)(at - plain), out);
		print_escaped(character, out);
		plain = at + length;
	}
	fputs(plain, out);
	fputc('\n', out);
}

bool json_print(const json_t *json, size_t flags, FILE *out)
{
	_cleanup_free_ char *text = json_dumps(json, flags);

	if (!text)
		return false;
	print_harmless(text, out);
	return !ferror(out);
}
