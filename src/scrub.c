// SPDX-License-Identifier: Apache-2.0
#include "scrub.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include <wasmdiag/text.h>

#define MASK_SIZE   3
#define RANDOM_SIZE 24
#define NAME_SIZE   64

/* At a place in a text: so many bytes stay, so many behind them are a secret. */
struct span {
	size_t plain;
	size_t secret; /* 0: none here */
};

static const struct span nothing = { 0, 0 };

static size_t run_of(const char *text, const char *others)
{
	size_t length = 0;

	while (text[length] &&
	       (isalnum((unsigned char)text[length]) || strchr(others, text[length])))
		length++;
	return length;
}

/* Up to a space, a quote, or what ends a value in JSON, a query or a list. */
static size_t value_length(const char *text)
{
	return strcspn(text, " \t\r\n\"'`,;&<>)]}");
}

/* https://user:password@host */
static struct span in_url(const char *text)
{
	size_t authority;
	const char *at;

	if (strncmp(text, "://", 3) != 0)
		return nothing;
	authority = strcspn(text + 3, "/?# \t\r\n\"'<>");
	at = memrchr(text + 3, '@', authority);
	return at ? (struct span){ 3, (size_t)(at - text) - 3 } : nothing;
}

/* "Bearer " and the like: how a header says what kind of secret follows. */
static size_t scheme_length(const char *text)
{
	static const char *const schemes[] = { "Bearer ", "Basic " };

	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++)
		if (strncasecmp(text, schemes[i], strlen(schemes[i])) == 0)
			return strlen(schemes[i]);
	return 0;
}

static struct span with_scheme(const char *text)
{
	size_t plain = scheme_length(text), length = value_length(text + plain);

	return plain && length >= 8 ? (struct span){ plain, length } : nothing;
}

static struct span private_key(const char *text)
{
	const char *end;

	if (strncmp(text, "-----BEGIN ", 11) != 0)
		return nothing;
	end = strstr(text + 11, "-----");
	if (!end || !memmem(text, (size_t)(end - text), "PRIVATE KEY", 11))
		return nothing;
	return (struct span){ (size_t)(end - text) + 5, strlen(end + 5) };
}

/* Names and mangled symbols are long, too, but not this mixed. */
static bool is_random(const char *text, size_t length)
{
	bool upper = false, lower = false, digit = false;

	if (length < RANDOM_SIZE || text_starts(text, "_Z") || text_starts(text, "_R"))
		return false;
	for (size_t i = 0; i < length; i++) {
		upper |= isupper((unsigned char)text[i]) != 0;
		lower |= islower((unsigned char)text[i]) != 0;
		digit |= isdigit((unsigned char)text[i]) != 0;
	}
	return upper && lower && digit;
}

static struct span known_token(const char *text)
{
	size_t length = run_of(text, "_-+=");

	if (text_starts(text, "eyJ") && length >= 16)
		return (struct span){ 0, run_of(text, "_-.") };
	if (text_starts(text, "AKIA") && length == 20)
		return (struct span){ 0, length };
	if (text_starts(text, "K10") && length >= 67)
		return (struct span){ 0, run_of(text, "_-:.") };
	return is_random(text, length) ? (struct span){ 0, length } : nothing;
}

/* How sure a name makes us that a secret follows. */
enum suspicion {
	SUSPICION_NONE,
	SUSPICION_SOME, /* "token: expired" is prose */
	SUSPICION_STRONG,
};

static enum suspicion suspicion_of(const char *name, size_t length)
{
	static const struct {
		const char *part;
		enum suspicion suspicion;
	} rows[] = {
		{ "password", SUSPICION_STRONG },   { "passwd", SUSPICION_STRONG },
		{ "pwd", SUSPICION_STRONG },        { "secret", SUSPICION_SOME },
		{ "token", SUSPICION_SOME },        { "apikey", SUSPICION_STRONG },
		{ "api-key", SUSPICION_STRONG },    { "api_key", SUSPICION_STRONG },
		{ "access_key", SUSPICION_STRONG }, { "access-key", SUSPICION_STRONG },
		{ "accesskey", SUSPICION_STRONG },  { "private_key", SUSPICION_STRONG },
		{ "credential", SUSPICION_SOME },   { "authorization", SUSPICION_SOME },
	};
	char copy[NAME_SIZE];

	if (length == 0 || length >= sizeof(copy))
		return SUSPICION_NONE;
	memcpy(copy, name, length);
	copy[length] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (strcasestr(copy, rows[i].part))
			return rows[i].suspicion;
	return SUSPICION_NONE;
}

static bool is_prose(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!islower((unsigned char)text[i]))
			return false;
	return true;
}

/* password=x, "token": "x", Secret: x, --token x */
static struct span named_value(const char *text)
{
	size_t name = run_of(text, "_-."), at = name, length;
	enum suspicion suspicion = suspicion_of(text, name);
	char separator;

	if (suspicion == SUSPICION_NONE)
		return nothing;
	at += text[at] == '"' || text[at] == '\'';
	separator = text[at];
	if (separator == '=' || separator == ':')
		at++;
	else if (separator != ' ' || !text_starts(text, "--"))
		return nothing;
	at += strspn(text + at, " ");
	at += text[at] == '"' || text[at] == '\'';
	at += scheme_length(text + at); /* Authorization: Bearer x */
	length = value_length(text + at);
	if (separator == ':' && suspicion == SUSPICION_SOME &&
	    is_prose(text + at, length))
		return nothing;
	return (struct span){ at, length };
}

static struct span secret_at(const char *text)
{
	struct span (*const rules[])(const char *) = { private_key, with_scheme,
						       known_token, named_value };

	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		struct span span = rules[i](text);

		if (span.secret)
			return span;
	}
	return nothing;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-';
}

/* Move what stays forward and put the mask behind it; never longer than what was there.
 */
static char *put(char *out, const char *in, struct span span)
{
	memmove(out, in, span.plain);
	out += span.plain;
	for (size_t i = 0; i < span.secret && i < MASK_SIZE; i++)
		*out++ = '*';
	return out;
}

void scrub(char *text)
{
	char *out = text;
	const char *in = text;
	bool inside = false; /* a word: what is looked for begins one */

	while (in && *in) {
		struct span span = in_url(in);

		if (!span.secret && !inside)
			span = secret_at(in);
		if (span.secret) {
			out = put(out, in, span);
			in += span.plain + span.secret;
			inside = false;
			continue;
		}
		inside = is_word(*in);
		*out++ = *in++;
	}
	if (out)
		*out = '\0';
}
