// SPDX-License-Identifier: Apache-2.0
#include "log_text.h"

#include <ctype.h>
#include <string.h>

#include <wasmdiag/text.h>

/*
 * The length of the terminal sequence behind an ESC at text (ECMA-48): CSI up to its
 * final byte, OSC and the like up to BEL or ESC \, else one byte.
 */
static size_t sequence_length(const char *text, size_t length)
{
	size_t at = 2;

	if (length < 2)
		return length;
	if (text[1] == '[') {
		while (at < length && text[at] >= 0x20 && text[at] <= 0x3f)
			at++;
		return at < length ? at + 1 : at;
	}
	if (!strchr("]PX^_", text[1]))
		return at;
	while (at < length && text[at] != '\a' && text[at] != '\033')
		at++;
	return at + 1 < length && text[at] == '\033' ? at + 2 : at + (at < length);
}

static int hex_value(const char *text, size_t digits)
{
	int value = 0;

	for (size_t i = 0; i < digits; i++) {
		unsigned char character = (unsigned char)text[i];

		if (!isxdigit(character))
			return -1;
		value = value * 16 + (character & 0xf) + (isdigit(character) ? 0 : 9);
	}
	return value;
}

/* The ASCII character that "\u00NN" at text is; 0 when it is none. */
static char unicode_escape(const char *text, size_t length)
{
	int value = length >= 6 && text[1] == 'u' ? hex_value(text + 2, 4) : -1;

	return value >= 0x20 && value < 0x7f ? (char)value : '\0';
}

/*
 * What the backslashes at text stand for; returns the bytes taken.  Each time a text is
 * put into another the backslashes double, so a run of them is one escape.
 */
static size_t unescape(const char *text, size_t length, char *ret)
{
	size_t run = strspn(text, "\\"), taken = run;
	char decoded;

	if (run > length)
		run = taken = length;
	*ret = '\\';
	if (run == length)
		return taken;
	decoded = unicode_escape(text + run - 1, length - run + 1);
	if (decoded) {
		*ret = decoded;
		return run + 5;
	}
	if (text[run] == '"' || text[run] == '\'' || text[run] == '/')
		*ret = text[run];
	else if (strchr("nrt", text[run]) && text[run])
		*ret = ' ';
	else
		return taken;
	return run + 1;
}

static size_t drop_sequences(char *line, size_t length)
{
	size_t out = 0;

	for (size_t at = 0; at < length;) {
		if (line[at] == '\033')
			at += sequence_length(line + at, length - at);
		else if (line[at] == '\0')
			at++;
		else
			line[out++] = line[at++];
	}
	return out;
}

static size_t undo_escapes(char *line, size_t length)
{
	size_t out = 0;

	for (size_t at = 0; at < length;) {
		if (line[at] == '\\')
			at += unescape(line + at, length - at, &line[out++]);
		else
			line[out++] = line[at++];
	}
	return out;
}

size_t log_text_plain(char *line, size_t length)
{
	if (length && line[length - 1] == '\r')
		length--;
	if (memchr(line, '\033', length) || memchr(line, '\0', length))
		length = drop_sequences(line, length);
	line[length] = '\0';
	if (memchr(line, '\\', length))
		length = undo_escapes(line, length);
	line[length] = '\0';
	return length;
}
