// SPDX-License-Identifier: Apache-2.0
#include "collect/cri_log.h"

#include <jansson.h>
#include <string.h>

#include <wasmdiag/text.h>

#include "scrub.h"

#define LINE_MAX_BYTES 16384 /* of a joined line, that wanted() sees */

/* stdout and stderr are written at once: each has its own half line and error. */
struct stream {
	const char *name;
	size_t length;
	bool in_error; /* the last line was of an error that is wanted */
	char line[LINE_MAX_BYTES + 1];
};

struct finder {
	struct arena *arena;
	bool (*wanted)(const char *line);
	const char *kept[CRI_LOG_LINES]; /* a ring */
	size_t count; /* of all that were wanted */
	struct stream streams[2];
};

static void append(struct stream *stream, const char *text, size_t length)
{
	size_t room = LINE_MAX_BYTES - stream->length;
	char *at = stream->line + stream->length;

	if (length > room)
		length = room;
	memcpy(at, text, length);
	for (size_t i = 0; i < length; i++)
		if (!at[i])
			at[i] = '?';
	stream->length += length;
}

static void keep(struct finder *finder, const char *line)
{
	char *copy = arena_copy(finder->arena, line, strnlen(line, CRI_LOG_WIDTH));

	scrub(copy);
	finder->kept[finder->count++ % CRI_LOG_LINES] = copy;
}

/* A line is whole. */
static void end_line(struct finder *finder, struct stream *stream)
{
	const char *line = stream->line;
	bool detail, stack;

	stream->line[stream->length] = '\0';
	stream->length = 0;
	detail = text_has(line, "[error]     ");
	/* 0.17 puts the stack in the middle: no use to us, but the error goes on */
	stack = text_has(line, "[error] calling stack:");
	if (stream->in_error && detail) {
		keep(finder, line);
	} else if (!(stream->in_error && stack)) {
		bool wanted = finder->wanted(line);

		stream->in_error = wanted && text_has(line, "[error]");
		if (wanted)
			keep(finder, line);
	}
}

static struct stream *get_stream(struct finder *finder, const char *name, size_t length)
{
	for (size_t i = 0; i < ARRAY_SIZE(finder->streams); i++)
		if (strlen(finder->streams[i].name) == length &&
		    memcmp(finder->streams[i].name, name, length) == 0)
			return &finder->streams[i];
	return NULL;
}

/* The word at *at, up to a space; moves *at past that.  NULL when there is no space. */
static const char *take_word(const char **at, const char *end, size_t *ret_length)
{
	const char *word = *at, *space = memchr(word, ' ', (size_t)(end - word));

	if (!space || space == word)
		return NULL;
	*ret_length = (size_t)(space - word);
	*at = space + 1;
	return word;
}

static void add_cri(struct finder *finder, const char *at, const char *end)
{
	const char *time, *name, *tag;
	struct stream *stream;
	size_t length;

	time = take_word(&at, end, &length);
	name = time ? take_word(&at, end, &length) : NULL;
	stream = name ? get_stream(finder, name, length) : NULL;
	tag = stream ? take_word(&at, end, &length) : NULL;
	/* tags are separated by colons; the first says whether the line goes on */
	if (!tag || (tag[0] != 'F' && tag[0] != 'P') || (length > 1 && tag[1] != ':'))
		return;
	append(stream, at, (size_t)(end - at));
	if (tag[0] == 'F')
		end_line(finder, stream);
}

/* {"log":"text\n","stream":"stdout","time":"..."}: without a newline it goes on. */
static void add_docker(struct finder *finder, const char *at, const char *end)
{
	json_auto_t *root = json_loadb(at, (size_t)(end - at), JSON_ALLOW_NUL, NULL);
	const json_t *log = json_object_get(root, "log");
	const char *name = json_string_value(json_object_get(root, "stream"));
	struct stream *stream = name ? get_stream(finder, name, strlen(name)) : NULL;
	const char *text = json_string_value(log);
	size_t length = json_string_length(log);
	bool whole;

	if (!stream || !text)
		return;
	whole = length > 0 && text[length - 1] == '\n';
	append(stream, text, length - whole);
	if (whole)
		end_line(finder, stream);
}

struct string_list cri_log_find(struct arena *arena, const char *bytes, size_t length,
				bool (*wanted)(const char *line))
{
	struct finder *finder = arena_alloc(arena, sizeof(*finder));
	const char *end = bytes + length, *newline;
	struct string_list list = { 0 };
	size_t first;

	finder->arena = arena;
	finder->wanted = wanted;
	finder->streams[0].name = "stdout";
	finder->streams[1].name = "stderr";
	for (const char *at = bytes; at < end; at = newline + 1) {
		newline = memchr(at, '\n', (size_t)(end - at));
		if (!newline)
			break; /* it is being written */
		if (*at == '{')
			add_docker(finder, at, newline);
		else
			add_cri(finder, at, newline);
	}
	first = finder->count > CRI_LOG_LINES ? finder->count - CRI_LOG_LINES : 0;
	list.count = finder->count - first;
	list.items = arena_array(arena, CRI_LOG_LINES, sizeof(*list.items));
	for (size_t i = 0; i < list.count; i++)
		list.items[i] = finder->kept[(first + i) % CRI_LOG_LINES];
	return list;
}
