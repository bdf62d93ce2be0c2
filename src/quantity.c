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

int64_t time_parse(const char *text)
{
	struct tm parts = { 0 };
	int used = 0, hours = 0, minutes = 0;
	const char *rest;
	int64_t seconds;

	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d%n", &parts.tm_year, &parts.tm_mon,
		   &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec,
		   &used) != 6 ||
	    parts.tm_year < 1970 || parts.tm_mon < 1 || parts.tm_mon > 12)
		return UNSET;
	parts.tm_year -= 1900;
	parts.tm_mon -= 1;
	seconds = timegm(&parts);
	rest = text + used;
	if (*rest == '.')
		rest += 1 + strspn(rest + 1, "0123456789");
	if (strcmp(rest, "Z") == 0)
		return seconds;
	if ((*rest != '+' && *rest != '-') ||
	    sscanf(rest + 1, "%2d:%2d", &hours, &minutes) != 2)
		return UNSET;
	return *rest == '+' ? seconds - (int64_t)hours * 3600 - (int64_t)minutes * 60
			    : seconds + (int64_t)hours * 3600 + (int64_t)minutes * 60;
}
