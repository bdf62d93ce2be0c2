// SPDX-License-Identifier: Apache-2.0
#include "json_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <wasmdiag/text.h>

#include "arena.h"
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

/* Lines behind the first begin with that many blanks: in strings there are none. */
static void print_harmless(const char *text, size_t blanks, FILE *out)
{
	const char *plain = text;
	uint32_t character;
	bool hostile;
	size_t length;

	for (const char *at = text; *at; at += length) {
		length = text_character(at, &character, &hostile);
		if (!hostile && *at != '\n')
			continue;
		fwrite(plain, 1, (size_t)(at - plain), out);
		if (*at == '\n')
			fprintf(out, "\n%*s", (int)blanks, "");
		else
			print_escaped(character, out);
		plain = at + length;
	}
	fputs(plain, out);
}

static bool print_value(const json_t *json, size_t flags, size_t blanks, FILE *out)
{
	_cleanup_free_ char *text = json_dumps(json, flags | JSON_ENCODE_ANY);

	if (!text)
		return false;
	print_harmless(text, blanks, out);
	return true;
}

bool json_print(const json_t *json, size_t flags, FILE *out)
{
	if (!print_value(json, flags, 0, out))
		return false;
	fputc('\n', out);
	return !ferror(out);
}

/* ---- long documents ---- */

struct writer {
	const struct json_lists *lists;
	size_t flags;
	size_t indent; /* of each level */
	FILE *out;
};

/* The items of a list, the first of which is there. */
static bool print_items(const struct writer *writer, const char *key, json_t *item)
{
	size_t blanks = writer->indent * 2;
	bool good = true;

	fputc('[', writer->out);
	for (size_t i = 1; item; i++) {
		fprintf(writer->out, "%s\n%*s", i > 1 ? "," : "", (int)blanks, "");
		good = print_value(item, writer->flags, blanks, writer->out) && good;
		json_decref(item);
		item = writer->lists->item(writer->lists->context, key, i);
	}
	fprintf(writer->out, "\n%*s]", (int)writer->indent, "");
	return good;
}

static bool print_member(const struct writer *writer, const char *key,
			 const json_t *value)
{
	json_auto_t *name = json_string(key);
	json_t *item;

	fprintf(writer->out, "\n%*s", (int)writer->indent, "");
	if (!print_value(name, writer->flags, 0, writer->out))
		return false;
	fputs(": ", writer->out);
	item = writer->lists->item(writer->lists->context, key, 0);
	if (item)
		return print_items(writer, key, item);
	return print_value(value, writer->flags, writer->indent, writer->out);
}

bool json_print_long(const json_t *frame, const struct json_lists *lists, size_t flags,
		     FILE *out)
{
	const struct writer writer = { lists, flags, flags & 0x1f, out };
	size_t size = json_object_size(frame), count = 0;
	_cleanup_(arena_free) struct arena scratch = { 0 };
	const char **keys = arena_array(&scratch, size, sizeof(*keys));
	const char *key;
	json_t *value;
	bool good = true;

	json_object_foreach((json_t *)frame, key, value)
	{
		keys[count++] = key;
	}
	if (flags & JSON_SORT_KEYS)
		qsort(keys, count, sizeof(*keys), text_compare);
	fputc('{', out);
	for (size_t i = 0; i < count; i++) {
		if (i)
			fputc(',', out);
		good = print_member(&writer, keys[i], json_object_get(frame, keys[i])) &&
		       good;
	}
	fputs("\n}\n", out);
	return good && !ferror(out);
}
