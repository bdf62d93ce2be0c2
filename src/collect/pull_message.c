// SPDX-License-Identifier: Apache-2.0
/* The words of the event `Pulled`. */
#include <ctype.h>
#include <string.h>

#include <wasmdiag/text.h>

#include "collect/pulls.h"

#define YEAR_NS (365.0 * 24 * 3600 * 1e9)

/* ---- time.Duration.String() ---- */

/* Digits with at most one point, at *at; moves past them, -1 when there are none. */
static double take_number(const char **at, const char *end)
{
	double value = 0, place = 1;
	bool any = false, point = false;

	for (; *at < end && (isdigit((unsigned char)**at) || (**at == '.' && !point));
	     ++*at) {
		if (**at == '.') {
			point = true;
			continue;
		}
		any = true;
		if (point)
			place /= 10;
		value = point ? value + (**at - '0') * place : value * 10 + (**at - '0');
	}
	return any ? value : -1;
}

/* The nanoseconds of a unit at *at; moves past it, 0 when there is none. */
static double take_unit(const char **at, const char *end)
{
	static const struct {
		const char *name;
		double ns;
	} units[] = {
		{ "ns", 1 },          { "us", 1e3 }, { "\xc2\xb5s", 1e3 },
		{ "\xce\xbcs", 1e3 }, { "ms", 1e6 }, { "h", 3.6e12 },
		{ "m", 6e10 },        { "s", 1e9 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		size_t length = strlen(units[i].name);

		if ((size_t)(end - *at) >= length &&
		    memcmp(*at, units[i].name, length) == 0) {
			*at += length;
			return units[i].ns;
		}
	}
	return 0;
}

int64_t go_duration_ms(const char *text, size_t length)
{
	const char *end = text + length;
	double total = 0;

	if (length == 0)
		return UNSET;
	while (text < end) {
		double number = take_number(&text, end);
		double unit = take_unit(&text, end);

		if (number < 0 || unit == 0)
			return UNSET;
		total += number * unit;
		if (total > YEAR_NS)
			return UNSET;
	}
	return (int64_t)(total / 1e6 + 0.5);
}

/* ---- the sentence ---- */

static bool skip_text(const char **at, const char *expected)
{
	if (!text_starts(*at, expected))
		return false;
	*at += strlen(expected);
	return true;
}

/* A duration up to one of the characters; moves to that. */
static int64_t take_duration(const char **at, const char *stops)
{
	size_t length = strcspn(*at, stops);
	int64_t value = go_duration_ms(*at, length);

	*at += length;
	return value;
}

static int64_t take_size(const char *at)
{
	int64_t size = 0;
	size_t digits = strspn(at, "0123456789");

	if (digits == 0 || digits > 18 || !text_starts(at + digits, " bytes"))
		return UNSET;
	for (size_t i = 0; i < digits; i++)
		size = size * 10 + (at[i] - '0');
	return size;
}

bool pull_parse(const char *message, struct pull *pull, struct arena *arena)
{
	const char *at = message, *image;
	size_t length;

	pull->took_ms = pull->waited_ms = pull->size = UNSET;
	if (!skip_text(&at, "Successfully pulled image \""))
		return false;
	image = at;
	length = strcspn(at, "\"");
	at += length;
	if (length == 0 || length > 1024 || !skip_text(&at, "\" in "))
		return false;
	pull->took_ms = take_duration(&at, " ");
	if (pull->took_ms == UNSET)
		return false;
	pull->image = arena_copy(arena, image, length);
	if (!skip_text(&at, " ("))
		return true;
	pull->waited_ms = take_duration(&at, " )");
	if (pull->waited_ms != UNSET)
		pull->waited_ms = pull->waited_ms > pull->took_ms
					  ? pull->waited_ms - pull->took_ms
					  : 0;
	if (skip_text(&at, " including waiting). Image size: "))
		pull->size = take_size(at);
	return true;
}
