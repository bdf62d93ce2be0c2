// SPDX-License-Identifier: Apache-2.0
/* Filling the words of a guide with what was found. */
#include <ctype.h>
#include <string.h>

#include <wasmdiag/text.h>

#include "report.h"

/* Characters that a shell leaves alone. */
static bool is_plain(const char *text)
{
	if (!*text)
		return false;
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr("-._/:@%+=,", *text))
			return false;
	return true;
}

static const char *quoted(struct arena *arena, const char *text)
{
	char *out, *at;

	if (is_plain(text))
		return text;
	at = out = arena_alloc(arena, strlen(text) * 4 + 3);
	*at++ = '\'';
	for (; *text; text++) {
		if (*text == '\'')
			at = stpcpy(at, "'\\''");
		else
			*at++ = *text;
	}
	*at = '\'';
	return out;
}

/* The length of a "{name}" at text; 0 when there is none. */
static size_t placeholder(const char *text)
{
	size_t length = 1;

	if (*text != '{')
		return 0;
	while (islower((unsigned char)text[length]) || text[length] == '_')
		length++;
	return length > 1 && text[length] == '}' ? length + 1 : 0;
}

size_t words_next(const char *text, const struct finding *finding, struct word *ret)
{
	char key[64];
	size_t length = placeholder(text);

	*ret = (struct word){ .text = text };
	if (!length) {
		while (text[ret->length] && !placeholder(text + ret->length))
			ret->length++;
		return ret->length;
	}
	ret->length = length;
	if (length - 2 >= sizeof(key))
		return length;
	memcpy(key, text + 1, length - 2);
	key[length - 2] = '\0';
	ret->value = finding ? finding_get(finding, key) : NULL;
	ret->is_value = true;
	return length;
}

/* The quote that is still open at the end of text, where open was at its beginning. */
static char open_quote(const char *text, size_t length, char open)
{
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '\\' && open != '\'')
			i++;
		else if (open == text[i])
			open = '\0';
		else if (!open && (text[i] == '\'' || text[i] == '"'))
			open = text[i];
	}
	return open;
}

/* Where single quotes are open they are closed around a value that needs its own. */
static const char *quoted_within(struct arena *arena, const char *text, char open)
{
	const char *word = quoted(arena, text);

	if (open != '\'' || is_plain(text))
		return word;
	return arena_format(arena, "'%s'", word);
}

static const char *word_text(struct arena *arena, const struct word *word)
{
	if (!word->is_value)
		return arena_copy(arena, word->text, word->length);
	if (!word->value)
		return arena_format(arena, "<%.*s>", (int)word->length - 2,
				    word->text + 1);
	return word->value;
}

const char *words_fill(struct arena *arena, const char *text,
		       const struct finding *finding, bool quote)
{
	const char *filled = "", *next;
	struct word word;
	char open = '\0';

	while (*text) {
		text += words_next(text, finding, &word);
		next = word_text(arena, &word);
		if (!word.is_value)
			open = open_quote(word.text, word.length, open);
		else if (quote && word.value)
			next = quoted_within(arena, word.value, open);
		filled = arena_format(arena, "%s%s", filled, next);
	}
	return filled;
}

bool words_complete(const char *text, const struct finding *finding)
{
	char key[64];

	for (; *text; text++) {
		size_t length = placeholder(text);

		if (length == 0 || length - 2 >= sizeof(key))
			continue;
		memcpy(key, text + 1, length - 2);
		key[length - 2] = '\0';
		if (!finding_get(finding, key))
			return false;
	}
	return true;
}

bool fix_applies(const struct fix *fix, const struct finding *finding)
{
	if (!words_complete(fix->text.in[LANGUAGE_EN], finding))
		return false;
	for (const char *const *command = fix->commands; command && *command; command++)
		if (!words_complete(*command, finding))
			return false;
	return true;
}

static bool match_parts(const char *pattern, const char *line)
{
	char part[256];

	for (;;) {
		size_t length = strcspn(pattern, "*");

		if (length >= sizeof(part))
			return false;
		memcpy(part, pattern, length);
		part[length] = '\0';
		line = strstr(line, part);
		if (!line || !pattern[length])
			return line;
		line += length;
		pattern += length + 1;
	}
}

bool guide_matches(const struct guide *guide, const char *line)
{
	const char *const *match = guide->match;

	for (; line && match && *match; match++)
		if (match_parts(*match, line))
			return true;
	return false;
}
