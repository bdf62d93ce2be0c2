// SPDX-License-Identifier: Apache-2.0
#include "patterns.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include <wasmdiag/text.h>

#include "arena.h"

#define WHOLE_TEXT 4096 /* more than any text is long */

/* One text of one guide: parts, between which anything may stand. */
struct pattern {
	const struct guide *guide;
	const struct check *check;
	uint16_t part_count;
	uint16_t exactness;
};

/* Parts that end in the same state are chained. */
struct part {
	uint16_t pattern;
	uint16_t index;
	uint16_t length;
	uint16_t next; /* number of the part + 1; 0: none */
};

/* The states are the prefixes of all parts; 0 is the empty one. */
struct automaton {
	struct arena arena; /* it lives as long as the program */
	struct pattern *patterns;
	size_t pattern_count;
	struct part *parts;
	size_t part_count;
	uint8_t class_of[256]; /* bytes that no text has are all of class 0 */
	size_t class_count;
	uint16_t *step; /* [state * class_count + class] */
	uint16_t *fallback; /* the longest other prefix that this one ends in */
	uint16_t *ends; /* number of the first part that ends here + 1 */
	uint16_t *shorter; /* the nearest fallback in which a part ends; 0: none */
	size_t state_count;
};

static struct automaton automaton;
static pthread_once_t built = PTHREAD_ONCE_INIT;

/* ---- building ---- */

/* Numbers are 16 bits wide: some hundred texts make a few thousand states. */
static uint16_t narrow(size_t number)
{
	if (number <= UINT16_MAX)
		return (uint16_t)number;
	fputs("wasmdiag: too many match texts for 16-bit states\n", stderr);
	exit(1);
}

static void number_classes(const char *text)
{
	for (; *text; text++) {
		uint8_t *class = &automaton.class_of[(unsigned char)*text];

		if (*class == 0 && *text != '*')
			*class = (uint8_t)automaton.class_count++;
	}
}

static uint16_t *step_at(size_t state, unsigned char byte)
{
	return &automaton.step[state * automaton.class_count + automaton.class_of[byte]];
}

static void add_part(size_t pattern, size_t index, const char *text, size_t length)
{
	size_t state = 0;

	for (size_t i = 0; i < length; i++) {
		uint16_t *step = step_at(state, (unsigned char)text[i]);

		if (*step == 0)
			*step = narrow(automaton.state_count++);
		state = *step;
	}
	automaton.parts[automaton.part_count] =
		(struct part){ narrow(pattern), narrow(index), narrow(length),
			       automaton.ends[state] };
	automaton.ends[state] = narrow(++automaton.part_count);
}

static void add_pattern(const struct check *check, const struct guide *guide,
			const char *text)
{
	struct pattern *pattern = &automaton.patterns[automaton.pattern_count];
	size_t literal = 0;

	*pattern = (struct pattern){ .guide = guide, .check = check };
	while (*text) {
		size_t length = strcspn(text, "*");

		if (length)
			add_part(automaton.pattern_count, pattern->part_count++, text,
				 length);
		literal += length;
		text += length + (text[length] == '*');
	}
	pattern->exactness =
		narrow(literal + (pattern->part_count == 1 ? WHOLE_TEXT : 0));
	automaton.pattern_count++;
}

/* Call for each text of each guide. */
static void each_text(void (*take)(const struct check *check, const struct guide *guide,
				   const char *text))
{
	for (size_t i = 0; all_checks[i]; i++) {
		const struct guide *const *guide = all_checks[i]->words->guides;

		for (; *guide; guide++) {
			const char *const *text = (*guide)->match;

			for (; text && *text; text++)
				take(all_checks[i], *guide, *text);
		}
	}
}

static size_t text_total, text_bytes;

static void count_text(const struct check *check, const struct guide *guide,
		       const char *text)
{
	(void)check;
	(void)guide;
	text_total++;
	text_bytes += strlen(text);
	number_classes(text);
}

/* Where the prefix state + byte falls back to, once its steps are complete. */
static void complete_state(size_t state, size_t class, uint16_t *queue, size_t *tail)
{
	uint16_t *step = &automaton.step[state * automaton.class_count + class];
	uint16_t behind =
		automaton.step[automaton.fallback[state] * automaton.class_count + class];

	if (*step == 0) {
		*step = state ? behind : 0;
		return;
	}
	automaton.fallback[*step] = state ? behind : 0;
	behind = automaton.fallback[*step];
	automaton.shorter[*step] =
		automaton.ends[behind] ? behind : automaton.shorter[behind];
	queue[(*tail)++] = *step;
}

/* The shorter prefixes first: all that a state falls back to is complete by then. */
static void complete(void)
{
	uint16_t *queue =
		arena_array(&automaton.arena, automaton.state_count, sizeof(*queue));
	size_t tail = 1;

	for (size_t head = 0; head < tail; head++)
		for (size_t class = 0; class < automaton.class_count; class ++)
			complete_state(queue[head], class, queue, &tail);
}

static void build(void)
{
	struct arena *arena = &automaton.arena;
	size_t most;

	automaton.class_count = 1;
	each_text(count_text);
	most = text_bytes + 1;
	automaton.patterns = arena_array(arena, text_total, sizeof(struct pattern));
	automaton.parts = arena_array(arena, most, sizeof(struct part));
	automaton.step =
		arena_array(arena, most * automaton.class_count, sizeof(*automaton.step));
	automaton.fallback = arena_array(arena, most, sizeof(uint16_t));
	automaton.ends = arena_array(arena, most, sizeof(uint16_t));
	automaton.shorter = arena_array(arena, most, sizeof(uint16_t));
	automaton.state_count = 1;
	each_text(add_pattern);
	complete();
}

/* ---- searching ---- */

struct progress {
	size_t start, end;
	uint16_t parts;
};

struct search {
	void (*found)(void *context, const struct pattern_hit *hit);
	void *context;
	struct progress *progress; /* of each pattern; made when first needed */
	struct arena arena;
};

/* The greedy way is right: the earliest place for a part leaves the most behind it. */
static bool advance(struct search *search, const struct part *part, size_t end,
		    size_t *ret_start)
{
	const struct pattern *pattern = &automaton.patterns[part->pattern];
	struct progress *progress;

	*ret_start = end - part->length;
	if (pattern->part_count == 1)
		return true;
	if (!search->progress)
		search->progress = arena_array(&search->arena, automaton.pattern_count,
					       sizeof(*search->progress));
	progress = &search->progress[part->pattern];
	if (part->index != progress->parts || *ret_start < progress->end)
		return false;
	if (progress->parts++ == 0)
		progress->start = *ret_start;
	progress->end = end;
	*ret_start = progress->start;
	if (progress->parts < pattern->part_count)
		return false;
	progress->parts = 0;
	return true;
}

static void report_state(struct search *search, size_t state, size_t end)
{
	for (; state; state = automaton.shorter[state]) {
		for (size_t i = automaton.ends[state]; i;
		     i = automaton.parts[i - 1].next) {
			const struct part *part = &automaton.parts[i - 1];
			const struct pattern *pattern =
				&automaton.patterns[part->pattern];
			struct pattern_hit hit = { .guide = pattern->guide,
						   .check = pattern->check,
						   .end = end,
						   .exactness = pattern->exactness };

			if (advance(search, part, end, &hit.start))
				search->found(search->context, &hit);
		}
	}
}

void patterns_find(const char *line, size_t length,
		   void (*found)(void *context, const struct pattern_hit *hit),
		   void *context)
{
	struct search search = { .found = found, .context = context };
	size_t state = 0;

	pthread_once(&built, build);
	for (size_t i = 0; i < length; i++) {
		state = *step_at(state, (unsigned char)line[i]);
		if (automaton.ends[state] || automaton.shorter[state])
			report_state(&search, state, i + 1);
	}
	arena_free(&search.arena);
}

static void note_hit(void *context, const struct pattern_hit *hit)
{
	(void)hit;
	*(bool *)context = true;
}

bool pattern_wants(const char *line)
{
	bool wanted = false;

	patterns_find(line, strlen(line), note_hit, &wanted);
	return wanted;
}

bool pattern_continues(const char *line)
{
	return text_has(line, "[error]     ") || text_has(line, "[libcrun:wasmedge]");
}

/* ---- the most exact ---- */

struct pattern_hit *pattern_best_add(struct pattern_best *best,
				     const struct pattern_hit *hit)
{
	size_t kept = 0;

	for (size_t i = 0; i < best->count; i++) {
		const struct pattern_hit *other = &best->hits[i];

		if (other->check != hit->check)
			continue;
		if (other->exactness > hit->exactness ||
		    (other->exactness == hit->exactness && other->guide == hit->guide))
			return NULL;
	}
	for (size_t i = 0; i < best->count; i++)
		if (best->hits[i].check != hit->check ||
		    best->hits[i].exactness == hit->exactness)
			best->hits[kept++] = best->hits[i];
	best->count = kept;
	if (kept == PATTERN_BEST)
		return NULL;
	best->hits[best->count] = *hit;
	return &best->hits[best->count++];
}

static void add_best(void *context, const struct pattern_hit *hit)
{
	pattern_best_add(context, hit);
}

void pattern_best_of(const char *line, struct pattern_best *best)
{
	best->count = 0;
	patterns_find(line, strlen(line), add_best, best);
}
