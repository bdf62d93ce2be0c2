// SPDX-License-Identifier: Apache-2.0
/* Values of TOML but strings: numbers, booleans, times, arrays, inline tables. */
#include "collect/toml_scan.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <wasmdiag/facts.h>
#include <wasmdiag/text.h>

/* Digits of that base with single underscores between them?  Returns what follows them;
 * NULL when there are none. */
static const char *skip_digits(const char *at, int base)
{
	static const char all[] = "0123456789abcdefABCDEF";
	const char *start = at;

	for (;; at++) {
		const char *digit = *at ? strchr(all, *at) : NULL;
		bool fits = digit && (base == 16 || digit - all < base);

		if (*at == '_' && at > start && at[-1] != '_')
			continue;
		if (!fits)
			break;
	}
	return at > start && at[-1] != '_' ? at : NULL;
}

static int prefixed_base(const char *token)
{
	if (token[0] != '0')
		return 10;
	switch (token[1]) {
	case 'x':
		return 16;
	case 'o':
		return 8;
	case 'b':
		return 2;
	default:
		return 10;
	}
}

/* Is the token an integer?  Then *digits is its text without underscores and prefix. */
static bool is_integer(const char *token, int *base, char digits[80])
{
	const char *at = token, *end;
	size_t used = 0;

	*base = prefixed_base(token);
	if (*base != 10)
		at += 2;
	else if (*at == '+' || *at == '-')
		digits[used++] = *at++;
	if (*base == 10 && at[0] == '0' &&
	    (isdigit((unsigned char)at[1]) || at[1] == '_'))
		return false;
	end = skip_digits(at, *base);
	if (!end || *end)
		return false;
	for (; *at && used + 1 < 80; at++)
		if (*at != '_')
			digits[used++] = *at;
	digits[used] = '\0';
	return true;
}

static bool is_float(const char *at)
{
	if (*at == '+' || *at == '-')
		at++;
	if (text_equal(at, "inf") || text_equal(at, "nan"))
		return true;
	if (at[0] == '0' && (isdigit((unsigned char)at[1]) || at[1] == '_'))
		return false;
	at = skip_digits(at, 10);
	if (at && *at == '.')
		at = skip_digits(at + 1, 10);
	if (at && (*at == 'e' || *at == 'E')) {
		at++;
		if (*at == '+' || *at == '-')
			at++;
		at = skip_digits(at, 10);
	}
	return at && !*at;
}

/* Does text begin as pattern says, 'd' being a digit?  Returns what follows, else NULL.
 */
static const char *skip_pattern(const char *text, const char *pattern)
{
	for (; *pattern; pattern++, text++) {
		bool fits = *pattern == 'd' ? isdigit((unsigned char)*text) != 0
					    : *pattern == *text;

		if (!fits)
			return NULL;
	}
	return text;
}

static bool is_clock(const char *at, bool zone)
{
	at = skip_pattern(at, "dd:dd:dd");
	if (at && at[0] == '.' && isdigit((unsigned char)at[1]))
		at += 1 + strspn(at + 1, "0123456789");
	if (!at || !zone || !*at)
		return at && !*at;
	if (text_equal(at, "Z") || text_equal(at, "z"))
		return true;
	if (*at != '+' && *at != '-')
		return false;
	at = skip_pattern(at + 1, "dd:dd");
	return at && !*at;
}

static bool is_time(const char *token)
{
	const char *clock = skip_pattern(token, "dddd-dd-dd");

	if (!clock)
		return is_clock(token, false);
	if (!*clock)
		return true;
	return strchr("Tt ", *clock) && is_clock(clock + 1, true);
}

/* What is written without quotes and brackets.  A date and a time may have one space
 * between them. */
static const char *read_token(struct toml_scan *scan)
{
	static const char allowed[] = "0123456789abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ_+-.:";
	char *start = scan->at;

	scan->at += strspn(scan->at, allowed);
	if (scan->at - start == 10 && skip_pattern(start, "dddd-dd-dd") &&
	    scan->at[0] == ' ' && isdigit((unsigned char)scan->at[1]))
		scan->at += 1 + strspn(scan->at + 1, allowed);
	return arena_copy(scan->arena, start, (size_t)(scan->at - start));
}

static bool read_integer(struct toml_scan *scan, struct toml_node *node,
			 const char *digits, int base)
{
	node->type = TOML_INTEGER;
	errno = 0;
	node->integer = strtoll(digits, NULL, base);
	if (errno || strlen(digits) > 70)
		return toml_fail(scan, "a number does not fit into 64 bits");
	return true;
}

static bool read_scalar(struct toml_scan *scan, struct toml_node *node)
{
	const char *token = read_token(scan);
	char digits[80];
	int base;

	if (text_equal(token, "true") || text_equal(token, "false")) {
		node->type = TOML_BOOLEAN;
		node->boolean = token[0] == 't';
		return true;
	}
	if (is_integer(token, &base, digits))
		return read_integer(scan, node, digits, base);
	node->text = token;
	node->type = TOML_FLOAT;
	if (is_float(token))
		return true;
	node->type = TOML_TIME;
	if (is_time(token))
		return true;
	if (*token)
		return toml_fail(scan, "\"%s\" is no value; a string needs quotes",
				 token);
	return toml_fail(scan, "a value is missing");
}

static bool read_array(struct toml_scan *scan, struct toml_node *array)
{
	array->type = TOML_ARRAY;
	scan->at++;
	for (;;) {
		struct toml_node *element;

		toml_skip_lines(scan);
		if (*scan->at == ']')
			break;
		element = toml_add(scan, array, NULL);
		if (!element || !toml_read_value(scan, element))
			return false;
		toml_skip_lines(scan);
		if (*scan->at == ',')
			scan->at++;
		else if (*scan->at != ']')
			return toml_fail(scan, "an array lacks a comma or its closing ]");
	}
	scan->at++;
	return true;
}

static bool read_inline_table(struct toml_scan *scan, struct toml_node *table)
{
	table->type = TOML_TABLE;
	scan->at++;
	toml_skip_blank(scan);
	if (*scan->at == '}') {
		scan->at++;
		return true;
	}
	for (;;) {
		toml_skip_blank(scan);
		if (!toml_read_pair(scan, table))
			return false;
		toml_skip_blank(scan);
		if (*scan->at == '}')
			break;
		if (*scan->at != ',')
			return toml_fail(scan, "an inline table lacks a comma or its }");
		scan->at++;
	}
	scan->at++;
	return true;
}

bool toml_read_value(struct toml_scan *scan, struct toml_node *node)
{
	bool done;

	if (scan->depth >= TOML_DEPTH_MAX)
		return toml_fail(scan, "values are nested deeper than %d",
				 TOML_DEPTH_MAX);
	scan->depth++;
	node->origin = TOML_VALUE;
	switch (*scan->at) {
	case '"':
	case '\'':
		node->type = TOML_STRING;
		node->text = toml_read_string(scan, true);
		done = node->text != NULL;
		break;
	case '[':
		done = read_array(scan, node);
		break;
	case '{':
		done = read_inline_table(scan, node);
		break;
	default:
		done = read_scalar(scan, node);
		break;
	}
	scan->depth--;
	return done;
}
