// SPDX-License-Identifier: Apache-2.0
#include <wasmdiag/text.h>

#include <stdio.h>

bool text_equal(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

bool text_starts(const char *text, const char *prefix)
{
	return text && prefix && strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_ends(const char *text, const char *suffix)
{
	size_t length, tail;

	if (!text || !suffix)
		return false;
	length = strlen(text);
	tail = strlen(suffix);
	return length >= tail && strcmp(text + length - tail, suffix) == 0;
}

bool text_has(const char *text, const char *part)
{
	return text && part && strstr(text, part);
}

int text_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *text_or_empty(const char *text)
{
	return text ? text : "";
}

/* Decode one UTF-8 character; 0 bytes when it is not valid. */
static size_t decode(const unsigned char *bytes, size_t length, uint32_t *ret_character)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t need = bytes[0] < 0x80         ? 1
		      : (bytes[0] >> 5) == 6  ? 2
		      : (bytes[0] >> 4) == 14 ? 3
		      : (bytes[0] >> 3) == 30 ? 4
					      : 0;
	uint32_t character = bytes[0];

	if (need == 0 || need > length)
		return 0;
	if (need > 1)
		character &= (uint32_t)(0x7f >> need);
	for (size_t i = 1; i < need; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		character = character << 6 | (bytes[i] & 0x3f);
	}
	if (character < least[need] || character > 0x10ffff ||
	    (character >= 0xd800 && character <= 0xdfff))
		return 0;
	*ret_character = character;
	return need;
}

/* Characters that change how their neighbours are shown, or are not shown at all. */
static bool is_hostile(uint32_t character)
{
	return character < 0x20 || (character >= 0x7f && character < 0xa0) ||
	       character == 0xad || character == 0x61c ||
	       (character >= 0x200b && character <= 0x200f) ||
	       (character >= 0x2028 && character <= 0x202e) ||
	       (character >= 0x2060 && character <= 0x206f) || character == 0xfeff ||
	       (character >= 0xfff0 && character <= 0xfffb) ||
	       (character >= 0xe0000 && character <= 0xe0fff);
}

size_t text_character(const char *text, uint32_t *ret_character, bool *ret_hostile)
{
	size_t taken =
		decode((const unsigned char *)text, strnlen(text, 4), ret_character);

	if (taken == 0) {
		*ret_character = (unsigned char)*text;
		*ret_hostile = true;
		return 1;
	}
	*ret_hostile = is_hostile(*ret_character);
	return taken;
}

/* One character as it is shown; returns the bytes it took from the input. */
static size_t show(const unsigned char *bytes, size_t length, char shown[16])
{
	uint32_t character = 0;
	size_t taken = decode(bytes, length, &character);

	if (taken == 0) {
		snprintf(shown, 16, "\\x%02x", bytes[0]);
		return 1;
	}
	if (character == '\t' || character == '\n' || character == '\r') {
		snprintf(shown, 16, " ");
	} else if (character < 0x20 || character == 0x7f) {
		snprintf(shown, 16, "\\x%02x", (unsigned)character);
	} else if (is_hostile(character)) {
		snprintf(shown, 16, "\\u{%x}", (unsigned)character);
	} else {
		memcpy(shown, bytes, taken);
		shown[taken] = '\0';
	}
	return taken;
}

size_t text_escape(const char *bytes, size_t length, char *out, size_t size)
{
	const unsigned char *at = (const unsigned char *)bytes, *end = at + length;
	size_t used = 0, cut = 0;

	if (size == 0)
		return 0;
	while (at < end) {
		char shown[16];
		size_t shown_length;

		at += show(at, (size_t)(end - at), shown);
		shown_length = strlen(shown);
		if (used + shown_length >= size)
			goto cut;
		memcpy(out + used, shown, shown_length);
		used += shown_length;
		if (used + sizeof("...") <= size)
			cut = used;
	}
	out[used] = '\0';
	return used;
cut:
	snprintf(out + cut, size - cut, "...");
	return strlen(out);
}

/* Does the [class] at *pattern hold character?  Moves *pattern past it; false and
 * *bad when it is malformed. */
static bool class_holds(const char **pattern, unsigned char character, bool *bad)
{
	const char *at = *pattern + 1;
	bool negated = *at == '^', holds = false;
	size_t ranges = 0;

	if (negated)
		at++;
	for (;; ranges++) {
		unsigned char low, high;

		if (*at == ']' && ranges > 0)
			break;
		if (*at == '\\')
			at++;
		else if (*at == '-' || *at == ']')
			return !(*bad = true);
		if (!*at)
			return !(*bad = true);
		low = high = (unsigned char)*at++;
		if (*at == '-') {
			at++;
			if (*at == '\\')
				at++;
			if (!*at || *at == ']')
				return !(*bad = true);
			high = (unsigned char)*at++;
		}
		holds |= low <= character && character <= high;
	}
	*pattern = at + 1;
	return holds != negated;
}

/* Match one pattern element that is not '*' against *name. */
static bool match_one(const char **pattern, const char **name)
{
	bool bad = false;

	if (!**name)
		return false;
	switch (**pattern) {
	case '?':
		if (**name == '/')
			return false;
		(*pattern)++;
		break;
	case '[':
		if (!class_holds(pattern, (unsigned char)**name, &bad) || bad ||
		    **name == '/')
			return false;
		break;
	case '\\':
		if (!*++*pattern)
			return false;
		/* fall through */
	default:
		if (**pattern != **name)
			return false;
		(*pattern)++;
	}
	(*name)++;
	return true;
}

bool text_path_match(const char *pattern, const char *name)
{
	const char *star = NULL, *resume = NULL;

	for (;;) {
		if (*pattern == '*') {
			star = ++pattern;
			resume = name;
			continue;
		}
		if (!*pattern && !*name)
			return true;
		if (*pattern && match_one(&pattern, &name))
			continue;
		if (!star || !*resume || *resume == '/')
			return false;
		name = ++resume;
		pattern = star;
	}
}

static size_t least(size_t a, size_t b, size_t c)
{
	size_t smaller = a < b ? a : b;

	return smaller < c ? smaller : c;
}

size_t text_distance(const char *a, const char *b)
{
	size_t rows[3][65], length_a = strnlen(a, 64), length_b = strnlen(b, 64);

	for (size_t j = 0; j <= length_b; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= length_a; i++) {
		size_t *now = rows[i % 3], *above = rows[(i - 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= length_b; j++) {
			size_t swap =
				i > 1 ? rows[(i - 2) % 3][j > 1 ? j - 2 : 0] + 1 : 64;

			now[j] = least(above[j] + 1, now[j - 1] + 1,
				       above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && swap < now[j])
				now[j] = swap;
		}
	}
	return rows[length_a % 3][length_b];
}
