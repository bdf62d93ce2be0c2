// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wasmdiag/text.h>

#include "match_text.h"

static struct matches match_all(struct arena *arena, const char *bytes, size_t length,
				size_t step)
{
	struct match_text *text = match_text_new(arena);

	for (size_t at = 0; at < length; at += step)
		match_text_feed(text, bytes + at,
				length - at < step ? length - at : step);
	return match_text_end(text);
}

/* "WD2401@3x2 WD3206@5x1" */
static const char *summary(struct arena *arena, const char *text)
{
	struct matches matches = match_all(arena, text, strlen(text), 4096);
	const char *summary = "";

	for (size_t i = 0; i < matches.count; i++)
		summary = arena_format(arena, "%s%s%s@%lldx%lld", summary, i ? " " : "",
				       matches.items[i].guide->code,
				       (long long)matches.items[i].line,
				       (long long)matches.items[i].count);
	return summary;
}

static void prefixes_do_not_hinder(void **state)
{
	static const struct {
		const char *text, *expected;
	} rows[] = {
		{ "", "" },
		{ "all is well\n", "" },
		{ "exec /hello.wasm: exec format error", "WD3206@1x1" },
		{ "\n\nexec /hello.wasm: exec format error\n", "WD3206@3x1" },
		{ "exec /a.wasm: exec format error\r\nexec /b.wasm: exec format error\r\n",
		  "WD3206@1x2" },
		{ "2026-11-24T10:00:00.1Z stderr F exec /h.wasm: exec format error\n",
		  "WD3206@1x1" },
		{ "Nov 24 10:00:00 n1 k3s[77]: pod rejected: RuntimeClass \"x\" not found\n",
		  "WD3203@1x1" },
		{ "exec /h\033[1;31m.wasm: exec\033[0m format error\n", "WD3206@1x1" },
		{ "\033]0;title\007exec /h.wasm: exec format error\n", "WD3206@1x1" },
		{ "{\"log\":\"exec /h.wasm: exec format error\\n\",\"stream\":\"stderr\"}\n",
		  "WD3206@1x1" },
		{ "{\"m\":\"pod rejected: RuntimeClass \\\"x\\\" not found\"}\n",
		  "WD3203@1x1" },
		{ "msg=\"{\\\"m\\\":\\\"pod rejected: RuntimeClass \\\\\\\"x\\\\\\\" not found\\\"}\"",
		  "WD3203@1x1" },
		{ "T stdout P exec /h.wasm: exec form\nT stdout F at error\n", "" },
		{ "1T stdout P exec /h.wasm: exec form\n1T stderr F hm\n1T stdout F at error\n",
		  "WD3206@3x1" },
		{ "1T stdout P exec /h.wasm: exec form\n1T stdout F \n1T stdout F at error\n",
		  "" },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_string_equal(summary(&arena, rows[i].text), rows[i].expected);
	arena_free(&arena);
}

/* WasmEdge's lines are one thing said, and the most exact text of a check counts. */
static void the_most_exact_counts(void **state)
{
	static const char trap[] =
		"[error] execution failed: out of bounds memory access, "
		"Code: 0x408\n";
	static const char near[] =
		"[error]     Accessing offset from: 0x00011170 to: 0x00011173 , "
		"Out of boundary: 0x0000ffff\n";
	static const char below[] =
		"[error]     Accessing offset from: 0xfffffff0 to: 0xfffffff3 , "
		"Out of boundary: 0x0001ffff\n";
	struct arena arena = { 0 };

	(void)state;
	assert_string_equal(summary(&arena, trap), "WD2401@1x1");
	assert_string_equal(summary(&arena, arena_format(&arena, "%s%s", trap, near)),
			    "WD2401@1x1");
	assert_string_equal(summary(&arena, arena_format(&arena, "%s%s", trap, below)),
			    "WD2402@2x1");
	assert_string_equal(summary(&arena, arena_format(&arena, "%s%s%s%s", trap, below,
							 trap, near)),
			    "WD2402@2x1 WD2401@3x1");
	assert_string_equal(summary(&arena, "execution failed: unreachable, Code: 0x89"),
			    "WD2407@1x1");
	/* checks do not outdo each other */
	assert_string_equal(summary(&arena, "exec /x.wasm: exec format error OOMKilled"),
			    "WD3206@1x1 WD2404@1x1");
	arena_free(&arena);
}

/* One line of megabytes: both ends and a text across a border are found, in one window.
 */
static void long_lines(void **state)
{
	const char *said = "exec /h.wasm: exec format error";
	size_t size = (size_t)200 << 10, length = strlen(said);
	char *bytes = malloc(size);
	struct arena arena = { 0 };

	(void)state;
	assert_non_null(bytes);
	for (size_t at = 32700; at < 33900; at++) {
		struct matches matches;

		memset(bytes, 'a', size);
		memcpy(bytes + 10, said, length);
		memcpy(bytes + at, said, length);
		memcpy(bytes + size - length, said, length);
		matches = match_all(&arena, bytes, size, 65536);
		assert_int_equal(matches.count, 1);
		assert_int_equal(matches.items[0].count, 3);
		assert_int_equal(matches.lines, 1);
		assert_true(strlen(matches.items[0].text) <= 306);
		assert_non_null(strstr(matches.items[0].text, said));
		arena_free(&arena);
	}
	free(bytes);
}

/* Random lines made of the texts themselves. */
static const char *random_line(struct arena *arena)
{
	const char *line = "";

	for (int parts = rand() % 6; parts >= 0; parts--) {
		size_t checks = 0, guides = 0, texts = 0;
		const struct guide *guide;
		const char *text;

		while (all_checks[checks])
			checks++;
		checks = (size_t)rand() % checks;
		while (all_checks[checks]->words->guides[guides])
			guides++;
		guide = all_checks[checks]->words->guides[(size_t)rand() % guides];
		while (guide->match && guide->match[texts])
			texts++;
		if (texts == 0)
			continue;
		text = guide->match[(size_t)rand() % texts];
		text += rand() % 4 ? 0 : (size_t)rand() % strlen(text);
		line = arena_format(arena, "%s%s%.*s", line, rand() % 2 ? " " : "",
				    rand() % 4 ? 1000 : rand() % 20, text);
	}
	return line;
}

struct found {
	const struct guide *guides[256];
	size_t count;
};

static void note(void *context, const struct pattern_hit *hit)
{
	struct found *found = context;

	assert_true(hit->start < hit->end);
	if (found->count < ARRAY_SIZE(found->guides))
		found->guides[found->count++] = hit->guide;
}

static bool was_found(const struct found *found, const struct guide *guide)
{
	for (size_t i = 0; i < found->count; i++)
		if (found->guides[i] == guide)
			return true;
	return false;
}

/* The automaton and guide_matches() say the same. */
static void the_automaton_agrees(void **state)
{
	struct arena arena = { 0 };
	size_t matched = 0;

	(void)state;
	srand(1);
	for (int round = 0; round < 5000; round++) {
		const char *line = random_line(&arena);
		struct found found = { .count = 0 };

		patterns_find(line, strlen(line), note, &found);
		assert_int_equal(pattern_wants(line), found.count > 0);
		for (size_t i = 0; all_checks[i]; i++) {
			const struct guide *const *guide = all_checks[i]->words->guides;

			for (; *guide; guide++) {
				assert_int_equal(was_found(&found, *guide),
						 guide_matches(*guide, line));
				matched += was_found(&found, *guide);
			}
		}
		arena_free(&arena);
	}
	assert_true(matched > 5000);
}

static void however_it_is_fed(void **state)
{
	static const char text[] = "a\nexec /h.wasm: exec format error\n\nOOMKilled\nz";
	struct arena arena = { 0 };

	(void)state;
	for (size_t step = 1; step < sizeof(text); step++) {
		struct matches matches = match_all(&arena, text, sizeof(text) - 1, step);

		assert_int_equal(matches.count, 2);
		assert_int_equal(matches.items[0].line, 2);
		assert_int_equal(matches.items[1].line, 4);
		assert_int_equal(matches.lines, 5);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prefixes_do_not_hinder),
		cmocka_unit_test(the_most_exact_counts),
		cmocka_unit_test(long_lines),
		cmocka_unit_test(the_automaton_agrees),
		cmocka_unit_test(however_it_is_fed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
