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

static const char *value_of(struct arena *arena, const struct finding *finding,
			    const char *key, bool quote)
{
	const char *value = finding ? finding_get(finding, key) : NULL;

	if (!value)
		return arena_format(arena, "<%s>", key);
	return quote ? quoted(arena, value) : value;
}

const char *words_fill(struct arena *arena, const char *text,
		       const struct finding *finding, bool quote)
{
	const char *filled = "";

	while (*text) {
		size_t plain = 0, taken;

		while (text[plain] && !placeholder(text + plain))
			plain++;
		filled = arena_format(arena, "%s%.*s", filled, (int)plain, text);
		text += plain;
		taken = *text ? placeholder(text) : 0;
		if (taken) {
			const char *key = arena_copy(arena, text + 1, taken - 2);

			filled = arena_format(arena, "%s%s", filled,
					      value_of(arena, finding, key, quote));
			text += taken;
		}
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
