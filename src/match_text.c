// SPDX-License-Identifier: Apache-2.0
#include "match_text.h"

#include <ctype.h>
#include <string.h>

#include <wasmdiag/text.h>

#include "log_text.h"
#include "scrub.h"

#define PIECE ((size_t)32 << 10) /* of a line looked at in one go */
#define OVERLAP                                                                          \
	((size_t)1 << 10) /* of it seen again with the next: no text is longer           \
			   */
#define NEARBY 256 /* bytes: further apart in one line, two things are said */
#define SHOWN  300 /* bytes of the line */
#define BEFORE 100 /* of them before what says so */

/* The end of a line that CRI split (tag P), to be seen again before what follows. */
struct half_line {
	const char *stream;
	size_t length;
	char end[OVERLAP];
};

/* Where something was said; in the scratch arena. */
struct place {
	int64_t line;
	const char *text;
};

struct match_text {
	struct arena *arena;
	struct matches matches;
	/* what is being said, by this line and those that continue it */
	struct arena scratch;
	struct pattern_best said;
	size_t said_at; /* in this line */
	/* the line being read */
	int64_t line;
	bool begun;
	size_t overlap, length;
	struct half_line halves[2];
	char bytes[OVERLAP + PIECE + 1];
};

/* A look at one stretch of text. */
struct look {
	struct match_text *text;
	const char *bytes;
	size_t length, overlap;
};

struct match_text *match_text_new(struct arena *arena)
{
	struct match_text *text = arena_alloc(arena, sizeof(*text));

	text->arena = arena;
	text->halves[0].stream = "stdout ";
	text->halves[1].stream = "stderr ";
	return text;
}

/* ---- what was said ---- */

static void count_match(struct match_text *text, const struct pattern_hit *hit)
{
	struct matches *matches = &text->matches;
	const struct place *place = hit->note;

	for (size_t i = 0; i < matches->count; i++) {
		if (matches->items[i].guide == hit->guide) {
			matches->items[i].count++;
			return;
		}
	}
	matches->items = arena_grow(text->arena, matches->items, matches->count,
				    sizeof(*matches->items));
	matches->items[matches->count++] = (struct match){
		.guide = hit->guide,
		.check = hit->check,
		.line = place->line,
		.count = 1,
		.text = arena_string(text->arena, place->text),
	};
}

/* Nothing more is said of it. */
static void settle_said(struct match_text *text)
{
	for (size_t i = 0; i < text->said.count; i++)
		count_match(text, &text->said.hits[i]);
	text->said.count = 0;
	arena_free(&text->scratch);
}

static bool is_middle(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

/* The line; of a long one the part around from. */
static const char *show(const struct look *look, struct arena *arena, size_t from)
{
	size_t start = 0, end = look->length;
	bool cut_before, cut_behind;
	char *shown;

	while (start < end && isspace((unsigned char)look->bytes[start]))
		start++;
	while (end > start && isspace((unsigned char)look->bytes[end - 1]))
		end--;
	cut_before = end - start > SHOWN && from > start + BEFORE;
	if (cut_before)
		start = from - BEFORE;
	while (start < end && is_middle(look->bytes[start]))
		start++;
	cut_behind = end - start > SHOWN;
	if (cut_behind)
		end = start + SHOWN;
	while (cut_behind && end > start && is_middle(look->bytes[end]))
		end--;
	shown = arena_format(arena, "%s%.*s%s", cut_before ? "..." : "",
			     (int)(end - start), look->bytes + start,
			     cut_behind ? "..." : "");
	scrub(shown);
	return shown;
}

static void take_hit(void *context, const struct pattern_hit *hit)
{
	const struct look *look = context;
	struct match_text *text = look->text;
	struct pattern_hit *said;
	struct place *place;

	if (hit->end <= look->overlap)
		return; /* seen with what came before */
	if (text->said.count && hit->end > text->said_at + NEARBY)
		settle_said(text);
	if (text->said.count == 0)
		text->said_at = hit->end;
	said = pattern_best_add(&text->said, hit);
	if (!said)
		return;
	place = arena_alloc(&text->scratch, sizeof(*place));
	place->line = text->line;
	place->text = show(look, &text->scratch, hit->start);
	said->note = place;
}

/* ---- lines ---- */

/* The stream of a line that CRI wrote, "TIME STREAM P|F TEXT"; NULL for another.
 * *ret_text is where its text begins, *ret_partial whether it goes on. */
static struct half_line *cri_stream(struct match_text *text, const char *line,
				    const char **ret_text, bool *ret_partial)
{
	const char *space = strchr(line, ' ');

	if (!space || space - line > 40 || !isdigit((unsigned char)line[0]))
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(text->halves); i++) {
		struct half_line *half = &text->halves[i];
		const char *tag = space + 1 + strlen(half->stream);

		if (!text_starts(space + 1, half->stream) ||
		    (*tag != 'P' && *tag != 'F') || (tag[1] != ' ' && tag[1] != ':'))
			continue;
		*ret_text = tag + strcspn(tag, " ");
		*ret_text += **ret_text == ' ';
		*ret_partial = *tag == 'P';
		return half;
	}
	return NULL;
}

static void keep_half(struct half_line *half, const char *bytes, size_t length)
{
	half->length = length > OVERLAP ? OVERLAP : length;
	memcpy(half->end, bytes + length - half->length, half->length);
}

/* Across the parts of a line that CRI split. */
static void look_across(struct match_text *text, struct half_line *half,
			const char *behind)
{
	char joined[2 * OVERLAP + 1];
	size_t rest = strlen(behind);
	struct look look = { .text = text, .bytes = joined, .overlap = half->length };

	if (rest > OVERLAP)
		rest = OVERLAP;
	memcpy(joined, half->end, half->length);
	memcpy(joined + half->length, behind, rest);
	look.length = half->length + rest;
	joined[look.length] = '\0';
	patterns_find(joined, look.length, take_hit, &look);
}

/* Look at what has been read of the line. */
static void look_at(struct match_text *text)
{
	char *bytes = text->bytes;
	struct half_line *half;
	const char *behind;
	bool partial;
	struct look look = { .text = text, .bytes = bytes, .overlap = text->overlap };

	text->length = look.length = log_text_plain(bytes, text->length);
	if (text->overlap == 0 && !pattern_continues(bytes))
		settle_said(text);
	text->said_at = text->overlap ? text->said_at : 0;
	half = cri_stream(text, bytes, &behind, &partial);
	if (half && half->length)
		look_across(text, half, behind);
	patterns_find(bytes, look.length, take_hit, &look);
	if (half)
		half->length = 0;
	if (half && partial)
		keep_half(half, behind, look.length - (size_t)(behind - bytes));
}

static void end_line(struct match_text *text)
{
	look_at(text);
	text->length = text->overlap = 0;
	text->begun = false;
}

/* The line is longer than what is looked at in one go. */
static void split_line(struct match_text *text)
{
	size_t gone;

	look_at(text);
	text->overlap = text->length > OVERLAP ? OVERLAP : text->length;
	gone = text->length - text->overlap;
	memmove(text->bytes, text->bytes + gone, text->overlap);
	text->length = text->overlap;
	text->said_at = text->said_at > gone ? text->said_at - gone : 0;
}

static void add(struct match_text *text, const char *bytes, size_t length)
{
	while (length) {
		size_t room = OVERLAP + PIECE - text->length;
		size_t part = length < room ? length : room;

		if (!text->begun) {
			text->begun = true;
			text->line++;
		}
		memcpy(text->bytes + text->length, bytes, part);
		text->length += part;
		bytes += part;
		length -= part;
		if (text->length == OVERLAP + PIECE)
			split_line(text);
	}
}

void match_text_feed(struct match_text *text, const char *bytes, size_t length)
{
	while (length) {
		const char *newline = memchr(bytes, '\n', length);
		size_t part = newline ? (size_t)(newline - bytes) : length;

		add(text, bytes, part);
		if (!newline)
			return;
		if (!text->begun)
			text->line++;
		end_line(text);
		bytes += part + 1;
		length -= part + 1;
	}
}

struct matches match_text_end(struct match_text *text)
{
	if (text->begun)
		end_line(text);
	settle_said(text);
	text->matches.lines = text->line;
	return text->matches;
}
