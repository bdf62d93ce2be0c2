// SPDX-License-Identifier: Apache-2.0
#include "print.h"

#include <stdlib.h>
#include <string.h>

#include <wasmdiag/text.h>

#include "cleanup.h"

static const char *const escapes[] = {
	[COLOR_NONE] = "",
	[COLOR_RED] = "\033[31;1m",
	[COLOR_YELLOW] = "\033[33;1m",
	[COLOR_GREEN] = "\033[32m",
	[COLOR_CYAN] = "\033[36m",
	[COLOR_DIM] = "\033[2m",
	[COLOR_BOLD] = "\033[1m",
};

/* The escaped text, to be freed; NULL without memory. */
static char *escaped(const char *text, size_t limit)
{
	size_t length = strlen(text), size = length * 6 + 4;
	char *out;

	if (limit && size > limit + 4)
		size = limit + 4;
	out = malloc(size);
	if (out)
		text_escape(text, length, out, size);
	return out;
}

void print_text(const struct printer *printer, const char *text, size_t limit)
{
	_cleanup_free_ char *harmless = escaped(text, limit);

	if (harmless)
		fputs(harmless, printer->out);
}

void print_color(const struct printer *printer, enum color color, const char *text)
{
	bool colored = printer->color && color != COLOR_NONE;

	if (colored)
		fputs(escapes[color], printer->out);
	print_text(printer, text, 0);
	if (colored)
		fputs("\033[0m", printer->out);
}

/* Valid UTF-8 only: what is printed has been escaped. */
static size_t character_length(const char *text)
{
	unsigned char byte = (unsigned char)*text;

	return byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

/* Chinese, Japanese, Korean and full-width forms: three bytes from U+2E80 on, or four. */
static bool is_wide(const char *text)
{
	unsigned char first = (unsigned char)text[0], second = (unsigned char)text[1];

	if (first >= 0xf0)
		return true;
	if (first == 0xe2)
		return second >= 0xba;
	return (first >= 0xe3 && first <= 0xed) || (first == 0xef && second >= 0xbc);
}

int text_columns(const char *text)
{
	int columns = 0;

	while (*text) {
		columns += is_wide(text) ? 2 : 1;
		text += character_length(text);
	}
	return columns;
}

/* The bytes that must stay on one line: a word, or one wide character and the
 * punctuation that may not begin a line. */
static size_t unit_length(const char *text)
{
	static const char *const closing[] = { "。", "，", "：", "；",
					       "）", "、", "”",  "？" };
	size_t length = 0;

	if (!is_wide(text)) {
		while (text[length] && text[length] != ' ' && !is_wide(text + length))
			length += character_length(text + length);
	} else {
		length = character_length(text);
	}
	for (size_t i = 0; i < ARRAY_SIZE(closing); i++)
		if (text_starts(text + length, closing[i]))
			return length + strlen(closing[i]);
	return length;
}

static int unit_columns(const char *text, size_t length)
{
	int columns = 0;

	for (size_t at = 0; at < length; at += character_length(text + at))
		columns += is_wide(text + at) ? 2 : 1;
	return columns;
}

void print_wrapped(const struct printer *printer, const char *text, int column,
		   int indent)
{
	_cleanup_free_ char *harmless = escaped(text, 0);
	const char *at = harmless;

	while (at && *at) {
		bool space = *at == ' ';
		size_t length;
		int columns;

		at += strspn(at, " ");
		if (!*at)
			break;
		length = unit_length(at);
		columns = unit_columns(at, length);
		if (column > indent && column + space + columns > printer->width) {
			fprintf(printer->out, "\n%*s", indent, "");
			column = indent;
			space = false;
		}
		fprintf(printer->out, "%s%.*s", space ? " " : "", (int)length, at);
		column += columns + space;
		at += length;
	}
	fputc('\n', printer->out);
}
