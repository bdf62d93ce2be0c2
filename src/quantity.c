// SPDX-License-Identifier: Apache-2.0
#include "quantity.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <wasmdiag/facts.h>
#include <wasmdiag/text.h>

/* What a suffix multiplies by, in thousandths. */
static const struct suffix {
	const char *name;
	long double milli;
	long double divisor; /* 0: 1; a fraction would not be exact */
} suffixes[] = {
	{ "", 1e3L, 0 },
	{ "n", 1, 1e6L },
	{ "u", 1, 1e3L },
	{ "m", 1, 0 },
	{ "k", 1e6L, 0 },
	{ "M", 1e9L, 0 },
	{ "G", 1e12L, 0 },
	{ "T", 1e15L, 0 },
	{ "P", 1e18L, 0 },
	{ "E", 1e21L, 0 },
	{ "Ki", 1e3L * 1024, 0 },
	{ "Mi", 1e3L * 1048576, 0 },
	{ "Gi", 1e3L * 1073741824, 0 },
	{ "Ti", 1e3L * 1099511627776, 0 },
	{ "Pi", 1e3L * 1125899906842624, 0 },
	{ "Ei", 1e3L * 1152921504606846976, 0 },
};

/* Digits with an optional fraction; moves *text past them. */
static bool read_decimal(const char **text, long double *ret_value)
{
	long double value = 0, place = 1;
	size_t digits = 0;
	bool fraction = false;

	for (; isdigit((unsigned char)**text) || (**text == '.' && !fraction);
	     (*text)++) {
		if (**text == '.') {
			fraction = true;
			continue;
		}
		digits++;
		value = value * 10 + (**text - '0');
		if (fraction)
			place *= 10;
		if (digits > 64)
			return false;
	}
	*ret_value = value / place;
	return digits > 0;
}

/* e3, E-2: decimal exponents, which are suffixes of their own. */
static bool read_exponent(const char *text, long double *value)
{
	bool negative;
	int exponent = 0;

	if (*text != 'e' && *text != 'E')
		return false;
	negative = text[1] == '-';
	text += text[1] == '-' || text[1] == '+' ? 2 : 1;
	if (!*text || strlen(text) > 2)
		return false;
	for (; *text; text++) {
		if (!isdigit((unsigned char)*text))
			return false;
		exponent = exponent * 10 + (*text - '0');
	}
	while (exponent-- > 0)
		*value = negative ? *value / 10 : *value * 10;
	*value *= 1e3L;
	return true;
}

/* The quantity in thousandths; negative when it is not one. */
static long double parse_milli(const char *text, bool *ret_negative)
{
	long double value;

	*ret_negative = *text == '-';
	if (*text == '-' || *text == '+')
		text++;
	if (!read_decimal(&text, &value))
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++)
		if (strcmp(text, suffixes[i].name) == 0)
			return suffixes[i].divisor > 0 ? value / suffixes[i].divisor
						       : value * suffixes[i].milli;
	return read_exponent(text, &value) ? value : -1;
}

static int64_t round_up(long double value, bool negative)
{
	int64_t whole;

	if (value >= (long double)INT64_MAX)
		return negative ? -INT64_MAX : INT64_MAX;
	whole = (int64_t)value;
	if (negative)
		return -whole;
	return (long double)whole < value ? whole + 1 : whole;
}

int64_t quantity_milli(const char *text)
{
	bool negative;
	long double milli = parse_milli(text, &negative);

	return milli < 0 ? UNSET : round_up(milli, negative);
}

int64_t quantity_units(const char *text)
{
	bool negative;
	long double milli = parse_milli(text, &negative);

	return milli < 0 ? UNSET : round_up(milli / 1000, negative);
}

/* So many digits and then the mark, if any: their value. */
static bool read_digits(const char **at, int count, char mark, int *ret)
{
	for (*ret = 0; count > 0; count--, ++*at) {
		if (**at < '0' || **at > '9')
			return false;
		*ret = *ret * 10 + (**at - '0');
	}
	if (mark && *(*at)++ != mark)
		return false;
	return true;
}

/* Seconds that local time is ahead of UTC: "Z", "+02:00", "-04:00". */
static bool read_zone(const char *at, int64_t *ret)
{
	int hours, minutes, sign = *at == '-' ? -1 : 1;

	*ret = 0;
	if (strcmp(at, "Z") == 0)
		return true;
	if (*at != '+' && *at != '-')
		return false;
	at++;
	if (!read_digits(&at, 2, ':', &hours) || !read_digits(&at, 2, '\0', &minutes))
		return false;
	*ret = sign * ((int64_t)hours * 3600 + (int64_t)minutes * 60);
	return true;
}

int64_t time_parse(const char *text)
{
	struct tm parts = { 0 };
	const char *at = text;
	int64_t ahead;

	if (!read_digits(&at, 4, '-', &parts.tm_year) ||
	    !read_digits(&at, 2, '-', &parts.tm_mon) ||
	    !read_digits(&at, 2, 'T', &parts.tm_mday) ||
	    !read_digits(&at, 2, ':', &parts.tm_hour) ||
	    !read_digits(&at, 2, ':', &parts.tm_min) ||
	    !read_digits(&at, 2, '\0', &parts.tm_sec) || parts.tm_year < 1970 ||
	    parts.tm_mon < 1 || parts.tm_mon > 12)
		return UNSET;
	if (*at == '.')
		at += 1 + strspn(at + 1, "0123456789");
	if (!read_zone(at, &ahead))
		return UNSET;
	parts.tm_year -= 1900;
	parts.tm_mon -= 1;
	return timegm(&parts) - ahead;
}
