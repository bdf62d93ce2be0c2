// SPDX-License-Identifier: Apache-2.0
/*
 * Strings of TOML.  They are unescaped where they stand: what an escape means is never
 * longer than the escape, and the closing quote leaves room for the NUL.
 */
#include "collect/toml_scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *put_utf8(char *out, uint32_t character)
{
	if (character < 0x80) {
		*out++ = (char)character;
		return out;
	}
	if (character < 0x800) {
		*out++ = (char)(0xc0 | character >> 6);
	} else if (character < 0x10000) {
		*out++ = (char)(0xe0 | character >> 12);
		*out++ = (char)(0x80 | (character >> 6 & 0x3f));
	} else {
		*out++ = (char)(0xf0 | character >> 18);
		*out++ = (char)(0x80 | (character >> 12 & 0x3f));
		*out++ = (char)(0x80 | (character >> 6 & 0x3f));
	}
	*out++ = (char)(0x80 | (character & 0x3f));
	return out;
}

static bool read_hex(struct toml_scan *scan, int digits, uint32_t *ret_number)
{
	char text[9];

	snprintf(text, sizeof(text), "%.*s", digits, scan->at);
	if (strspn(text, "0123456789abcdefABCDEF") != (size_t)digits)
		return false;
	*ret_number = (uint32_t)strtoul(text, NULL, 16);
	scan->at += digits;
	return true;
}

/* \uXXXX or \UXXXXXXXX, scan->at behind the letter. */
static bool unescape_unicode(struct toml_scan *scan, int digits, char **out)
{
	uint32_t character;

	if (!read_hex(scan, digits, &character))
		return toml_fail(scan, "\\u wants 4 hexadecimal digits, \\U wants 8");
	if (character == 0)
		return toml_fail(scan, "a string with U+0000 is not read");
	if (character > 0x10ffff || (character >= 0xd800 && character <= 0xdfff))
		return toml_fail(scan, "U+%X is no character", (unsigned)character);
	*out = put_utf8(*out, character);
	return true;
}

/* A backslash at the end of a line swallows all blanks up to the next text. */
static bool skip_line_ending(struct toml_scan *scan)
{
	while (*scan->at == ' ' || *scan->at == '\t')
		scan->at++;
	if (*scan->at != '\n')
		return toml_fail(scan, "a backslash stands before a space");
	for (; *scan->at == ' ' || *scan->at == '\t' || *scan->at == '\n'; scan->at++)
		scan->line += *scan->at == '\n';
	return true;
}

/* What follows a backslash. */
static bool unescape(struct toml_scan *scan, bool multi_line, char **out)
{
	static const char letters[] = "btnfr\"\\", meanings[] = "\b\t\n\f\r\"\\";
	char letter = *scan->at;
	const char *found = letter ? strchr(letters, letter) : NULL;

	if (multi_line && letter && strchr(" \t\n", letter))
		return skip_line_ending(scan);
	if (!letter)
		return toml_fail(scan, "a string is not closed");
	scan->at++;
	if (letter == 'u' || letter == 'U')
		return unescape_unicode(scan, letter == 'u' ? 4 : 8, out);
	if (!found)
		return toml_fail(scan, "unknown escape \\%c", letter);
	*(*out)++ = meanings[found - letters];
	return true;
}

/* At the end of a string in three quotes?  Up to two quotes more belong to it. */
static bool at_triple_end(const struct toml_scan *scan, char quote)
{
	return scan->at[0] == quote && scan->at[1] == quote && scan->at[2] == quote &&
	       scan->at[3] != quote;
}

static const char *read_multi_line(struct toml_scan *scan, char quote)
{
	char *start, *out;

	scan->at += 3;
	if (*scan->at == '\n') {
		scan->at++;
		scan->line++;
	}
	start = out = scan->at;
	while (!at_triple_end(scan, quote)) {
		size_t quotes = strspn(scan->at, quote == '"' ? "\"" : "'");

		if (!*scan->at || quotes > 5) {
			toml_fail(scan, "a string in three quotes is not closed");
			return NULL;
		}
		if (quote == '"' && *scan->at == '\\') {
			scan->at++;
			if (!unescape(scan, true, &out))
				return NULL;
			continue;
		}
		scan->line += *scan->at == '\n';
		*out++ = *scan->at++;
	}
	scan->at += 3;
	*out = '\0';
	return start;
}

static const char *read_single_line(struct toml_scan *scan, char quote)
{
	char *start, *out;

	start = out = ++scan->at;
	while (*scan->at != quote) {
		if (!*scan->at || *scan->at == '\n') {
			toml_fail(scan, "a string is not closed");
			return NULL;
		}
		if (quote == '"' && *scan->at == '\\') {
			scan->at++;
			if (!unescape(scan, false, &out))
				return NULL;
			continue;
		}
		*out++ = *scan->at++;
	}
	scan->at++;
	*out = '\0';
	return start;
}

const char *toml_read_string(struct toml_scan *scan, bool multi_line)
{
	char quote = *scan->at;

	if (multi_line && scan->at[1] == quote && scan->at[2] == quote)
		return read_multi_line(scan, quote);
	return read_single_line(scan, quote);
}
