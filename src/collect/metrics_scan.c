// SPDX-License-Identifier: Apache-2.0
#include "collect/metrics_scan.h"

#include <stdlib.h>
#include <string.h>

#include <wasmdiag/text.h>

static bool is_name(char c, bool is_first)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
	       (!is_first && c >= '0' && c <= '9');
}

static size_t name_length(const char *at, const char *end)
{
	const char *start = at;

	while (at < end && is_name(*at, at == start))
		at++;
	return (size_t)(at - start);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static char *skip_space(char *at)
{
	while (is_space(*at))
		at++;
	return at;
}

static bool is_listed(const struct metrics_scan *scan, const char *name, size_t length)
{
	for (size_t i = 0; i < scan->wanted_count; i++) {
		size_t wanted = strlen(scan->wanted[i]);
		bool is_prefix = wanted > 0 && scan->wanted[i][wanted - 1] == '*';

		wanted -= is_prefix;
		if ((is_prefix ? length >= wanted : length == wanted) &&
		    memcmp(name, scan->wanted[i], wanted) == 0)
			return true;
	}
	return false;
}

/* A histogram is hundreds of lines with one name: it is looked up once. */
static bool is_wanted(struct metrics_scan *scan, const char *line, size_t length)
{
	size_t name = name_length(line, line + length);

	if (name == 0)
		return false;
	if (scan->last.length == name && memcmp(scan->last.bytes, line, name) == 0)
		return scan->last_wanted;
	scan->last.length = 0;
	buffer_append(&scan->last, line, name, METRICS_LINE_LIMIT);
	scan->last_wanted = is_listed(scan, line, name);
	return scan->last_wanted;
}

/*
 * Unescape a label's value in place: at stands after its first quote.  Ends it with NUL
 * and returns where to read on, NULL when it has no end.
 */
static char *read_value(char *at)
{
	char *out = at;

	for (; *at && *at != '"'; at++) {
		if (*at == '\\' && at[1])
			*out++ = *++at == 'n' ? '\n' : *at;
		else
			*out++ = *at;
	}
	if (!*at)
		return NULL;
	*out = '\0';
	return at + 1;
}

/* The labels at '{', each ended by NUL in place; returns past '}', NULL when malformed.
 */
static char *read_labels(char *at, struct metrics_label *labels, size_t *count)
{
	for (at = skip_space(at + 1); *at != '}'; at = skip_space(at)) {
		size_t length = name_length(at, at + strlen(at));
		char *name_end = at + length;

		if (length == 0 || *count == METRICS_LABEL_LIMIT)
			return NULL;
		labels[*count].name = at;
		at = skip_space(name_end);
		if (*at != '=')
			return NULL;
		at = skip_space(at + 1);
		if (*at != '"')
			return NULL;
		*name_end = '\0';
		labels[(*count)++].value = ++at;
		at = read_value(at);
		if (!at)
			return NULL;
		at = skip_space(at);
		if (*at == ',')
			at++;
		else if (*at != '}')
			return NULL;
	}
	return at + 1;
}

/* One wanted line, ended by NUL, which is taken apart in place. */
static bool read_line(struct metrics_scan *scan, char *line, size_t length)
{
	struct metrics_label labels[METRICS_LABEL_LIMIT];
	struct metrics_sample sample = { .name = line, .labels = labels };
	char *name_end = line + name_length(line, line + length);
	char *at = skip_space(name_end), *rest;

	if (strlen(line) != length)
		return false;
	if (*at == '{')
		at = read_labels(at, labels, &sample.label_count);
	else if (at == name_end)
		return false;
	if (!at)
		return false;
	*name_end = '\0';
	at = skip_space(at);
	sample.value = strtod(at, &rest);
	if (rest == at || (*rest && !is_space(*rest)))
		return false;
	scan->on_sample(scan->context, &sample);
	return true;
}

/* A whole line, without its newline. */
static void take_line(struct metrics_scan *scan, const char *line, size_t length)
{
	struct buffer *copy = &scan->line;

	if (!is_wanted(scan, line, length))
		return;
	if ((copy->length == 0 &&
	     !buffer_append(copy, line, length, METRICS_LINE_LIMIT)) ||
	    !buffer_append(copy, "", 1, METRICS_LINE_LIMIT + 1) ||
	    !read_line(scan, copy->bytes, copy->length - 1))
		scan->bad_lines++;
}

/* The part of a line that this chunk holds, is_end when its newline came. */
static void take_part(struct metrics_scan *scan, const char *part, size_t length,
		      bool is_end)
{
	bool is_cut = !is_end || scan->line.length > 0;
	size_t room = METRICS_LINE_LIMIT - scan->line.length;

	if (is_cut) {
		scan->is_long |= length > room;
		buffer_append(&scan->line, part, length > room ? room : length,
			      METRICS_LINE_LIMIT);
	}
	if (!is_end)
		return;
	if (scan->is_long)
		scan->bad_lines += is_wanted(scan, scan->line.bytes, scan->line.length);
	else if (is_cut)
		take_line(scan, scan->line.bytes, scan->line.length);
	else
		take_line(scan, part, length);
	scan->line.length = 0;
	scan->is_long = false;
}

void metrics_scan_start(struct metrics_scan *scan, const char *const *wanted,
			size_t count, metrics_function *on_sample, void *context)
{
	*scan = (struct metrics_scan){ .wanted = wanted,
				       .wanted_count = count,
				       .on_sample = on_sample,
				       .context = context };
}

void metrics_scan_feed(struct metrics_scan *scan, const char *bytes, size_t length)
{
	const char *end = bytes + length, *newline;

	while (bytes < end) {
		newline = memchr(bytes, '\n', (size_t)(end - bytes));
		take_part(scan, bytes, (size_t)((newline ? newline : end) - bytes),
			  newline);
		bytes = newline ? newline + 1 : end;
	}
}

void metrics_scan_end(struct metrics_scan *scan)
{
	if (scan->line.length > 0 || scan->is_long)
		take_part(scan, "", 0, true);
	buffer_release(&scan->line);
	buffer_release(&scan->last);
}

const char *metrics_label(const struct metrics_sample *sample, const char *name)
{
	for (size_t i = 0; i < sample->label_count; i++) {
		if (text_equal(sample->labels[i].name, name))
			return sample->labels[i].value;
	}
	return NULL;
}
