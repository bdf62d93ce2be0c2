// SPDX-License-Identifier: Apache-2.0
/* Small words of the story of a pod. */
#include "pod_text.h"

#include <inttypes.h>

#include <wasmdiag/text.h>

#define MINUTE INT64_C(60)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

const char *pod_duration(const struct pod_text *context, int64_t seconds)
{
	struct arena *arena = context->arena;

	if (seconds < 2 * MINUTE)
		return arena_format(arena, "%" PRId64 "s", seconds < 0 ? 0 : seconds);
	if (seconds < 10 * MINUTE && seconds % MINUTE)
		return arena_format(arena, "%" PRId64 "m%" PRId64 "s", seconds / MINUTE,
				    seconds % MINUTE);
	if (seconds < 3 * HOUR)
		return arena_format(arena, "%" PRId64 "m", seconds / MINUTE);
	if (seconds < 2 * DAY)
		return arena_format(arena, "%" PRId64 "h", seconds / HOUR);
	return arena_format(arena, "%" PRId64 "d", seconds / DAY);
}

/* Times in a snapshot may be anything. */
const char *pod_age(const struct pod_text *context, int64_t then)
{
	int64_t now = context->story->facts->taken;

	if (then == UNSET || then < 0 || now < 0)
		return "?";
	return pod_duration(context, now - then);
}

const char *pod_bytes(const struct pod_text *context, int64_t value)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	double amount = (double)value;
	size_t unit = 0;

	if (value == UNSET)
		return "?";
	while (amount >= 1024 && unit + 1 < ARRAY_SIZE(units)) {
		amount /= 1024;
		unit++;
	}
	return arena_format(context->arena,
			    amount == (double)(int64_t)amount ? "%.0f %s" : "%.1f %s",
			    amount, units[unit]);
}

const char *pod_cores(const struct pod_text *context, int64_t milli)
{
	if (milli == UNSET)
		return "?";
	if (milli % 1000 == 0)
		return arena_format(context->arena, "%" PRId64, milli / 1000);
	return arena_format(context->arena, "%" PRId64 "m", milli);
}

void pod_heading(const struct pod_text *context, int number, const char *english,
		 const char *chinese)
{
	fprintf(context->printer.out, "%d  ", number);
	print_color(&context->printer, COLOR_BOLD, PICK(context, english, chinese));
	fputc('\n', context->printer.out);
}

void pod_line(const struct pod_text *context, enum color color, const char *text)
{
	fprintf(context->printer.out, "%*s", POD_INDENT, "");
	if (color == COLOR_NONE)
		print_wrapped(&context->printer, text, POD_INDENT, POD_INDENT + 2);
	else {
		print_color(&context->printer, color, text);
		fputc('\n', context->printer.out);
	}
}

void pod_missing(const struct pod_text *context, const struct source *source)
{
	pod_line(context, COLOR_CYAN,
		 arena_format(context->arena, "%s: %s", PICK(context, "unknown", "未知"),
			      source->reason
				      ? source->reason
				      : PICK(context, "not looked for", "未查询")));
}
