// SPDX-License-Identifier: Apache-2.0
#include "collect/json_scan.h"

#include <stdlib.h>
#include <string.h>

#include "collect/json_string.h"

/*
 * The list's own object, and metadata within it, are read one token at a time; items and
 * values nobody asked for are only measured, by their brackets and quotes.
 */
enum state {
	START,
	NAME_OR_END, /* after '{' */
	NAME_START, /* after ',' */
	NAME,
	COLON,
	VALUE,
	STRING, /* a scalar that is wanted */
	SCALAR,
	SKIP, /* any value that is not */
	COMMA,
	ITEM_START, /* after '[' */
	ITEM,
	END,
	BROKEN,
};

enum { NAME_LIMIT = 1024 };

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static const char *broken(struct json_scan *scan, const char *what)
{
	fail(&scan->error, ERROR_FORMAT, "the reply is not a JSON list: %s", what);
	scan->state = BROKEN;
	return NULL;
}

static bool text_is(const struct json_scan *scan, const char *text)
{
	return scan->text.length == strlen(text) &&
	       memcmp(scan->text.bytes, text, scan->text.length) == 0;
}

static void aim(struct json_scan *scan, char *target, size_t size)
{
	scan->target = target;
	scan->target_size = size;
}

/* The value that follows goes where its name says. */
static void aim_by_name(struct json_scan *scan)
{
	struct json_list *list = &scan->list;

	aim(scan, NULL, 0);
	if (!scan->in_metadata && text_is(scan, "kind"))
		aim(scan, list->kind, sizeof(list->kind));
	if (!scan->in_metadata)
		return;
	if (text_is(scan, "continue"))
		aim(scan, list->continue_token, sizeof(list->continue_token));
	else if (text_is(scan, "resourceVersion"))
		aim(scan, list->resource_version, sizeof(list->resource_version));
}

/*
 * To the end of a string begun before at: its bytes go to scan->text, up to limit.
 * NULL when it was longer; *done when the quote was reached.
 */
static const char *take_string(struct json_scan *scan, const char *at, const char *end,
			       bool *done)
{
	size_t limit = scan->target ? scan->target_size * 6 : NAME_LIMIT;
	const char *start = at;

	*done = false;
	while (at < end && !*done) {
		if (scan->after_backslash) {
			scan->after_backslash = false;
			at++;
			continue;
		}
		at = json_string_stop(at, end);
		if (at == end)
			break;
		*done = *at == '"';
		scan->after_backslash = *at == '\\';
		at++;
	}
	if (!buffer_append(&scan->text, start, (size_t)(at - start) - *done, limit))
		return NULL;
	return at;
}

static bool decode_text(struct json_scan *scan)
{
	char *decoded;

	if (scan->text.length == 0 || !memchr(scan->text.bytes, '\\', scan->text.length))
		return true;
	decoded = malloc(scan->text.length);
	if (!decoded)
		return false;
	scan->text.length =
		json_string_decode(scan->text.bytes, scan->text.length, decoded);
	memcpy(scan->text.bytes, decoded, scan->text.length);
	free(decoded);
	return true;
}

static const char *take_name(struct json_scan *scan, const char *at, const char *end)
{
	bool done;

	aim(scan, NULL, 0);
	at = take_string(scan, at, end, &done);
	if (!at || (done && !decode_text(scan)))
		return broken(scan, "a member's name is over 1024 bytes");
	if (done)
		scan->state = COLON;
	return at;
}

/* A string that is wanted: a cut token or version would be a wrong one. */
static const char *take_value(struct json_scan *scan, const char *at, const char *end)
{
	bool done;

	at = take_string(scan, at, end, &done);
	if (!at || (done && !decode_text(scan)) ||
	    (done && scan->text.length >= scan->target_size))
		return broken(scan, "kind, continue or resourceVersion is too long");
	if (!done)
		return at;
	memcpy(scan->target, scan->text.bytes ? scan->text.bytes : "", scan->text.length);
	scan->target[scan->text.length] = '\0';
	scan->state = COMMA;
	return at;
}

/* A number, true, false or null. */
static const char *take_scalar(struct json_scan *scan, const char *at, const char *end)
{
	const char *start = at;
	char *rest;

	while (at < end && !is_space(*at) && !strchr(",]}:\"[{", *at))
		at++;
	if (!buffer_append(&scan->text, start, (size_t)(at - start), 64))
		return broken(scan, "a number is over 64 digits");
	if (at == end)
		return at;
	if (!buffer_append(&scan->text, "", 1, 65) || scan->text.length == 1)
		return broken(scan, "a value is missing");
	if (scan->target == (char *)&scan->list.remaining) {
		int64_t number = strtoll(scan->text.bytes, &rest, 10);

		scan->list.remaining = *rest || number < 0 ? -1 : number;
	}
	scan->state = COMMA;
	return at;
}

/*
 * Measure one value from at: to the comma or bracket that ends it, or to end.  A bracket
 * of the wrong shape is for the item's reader to find; the list's own are checked here.
 */
static const char *pass_value(struct json_scan *scan, const char *at, const char *end)
{
	while (at < end) {
		if (scan->after_backslash) {
			scan->after_backslash = false;
			at++;
			continue;
		}
		if (scan->in_string) {
			at = json_string_stop(at, end);
			if (at == end)
				break;
			scan->in_string = *at != '"';
			scan->after_backslash = scan->in_string;
			at++;
			continue;
		}
		if (scan->depth == 0 && (*at == ',' || *at == ']' || *at == '}'))
			break;
		scan->in_string = *at == '"';
		if (*at == '{' || *at == '[')
			scan->dropped |= ++scan->depth > JSON_DEPTH_LIMIT;
		else if (*at == '}' || *at == ']')
			scan->depth--;
		at++;
	}
	return at;
}

static void start_passing(struct json_scan *scan, enum state state)
{
	scan->state = (int)state;
	scan->depth = 0;
	scan->in_string = scan->after_backslash = scan->dropped = false;
	scan->item.length = 0;
}

/* One item has ended: hand it over when it is one. */
static void finish_item(struct json_scan *scan, const char *bytes, size_t length)
{
	while (length > 0 && is_space(bytes[length - 1]))
		length--;
	if (scan->dropped || length == 0 || bytes[0] != '{') {
		scan->list.bad_items++;
		return;
	}
	scan->list.items++;
	scan->on_item(scan->context, bytes, length);
}

static const char *take_item(struct json_scan *scan, const char *at, const char *end)
{
	const char *start = at;
	size_t length;

	at = pass_value(scan, at, end);
	length = (size_t)(at - start);
	if (length > JSON_ITEM_LIMIT)
		scan->dropped = true;
	if ((at == end || scan->item.length > 0) && !scan->dropped &&
	    !buffer_append(&scan->item, start, length, JSON_ITEM_LIMIT))
		scan->dropped = true;
	if (at == end)
		return at;
	if (*at == '}')
		return broken(scan, "items ends in a brace");
	if (scan->item.length > 0)
		finish_item(scan, scan->item.bytes, scan->item.length);
	else
		finish_item(scan, start, length);
	if (*at == ']')
		scan->state = COMMA;
	else
		start_passing(scan, ITEM_START);
	return at + 1;
}

static const char *skip_value(struct json_scan *scan, const char *at, const char *end)
{
	at = pass_value(scan, at, end);
	if (scan->dropped)
		return broken(scan, "it is nested over 64 deep");
	if (at < end)
		scan->state = COMMA;
	return at;
}

/* The first byte of a member's value says how it is read. */
static const char *take_start(struct json_scan *scan, const char *at)
{
	bool is_item_list = !scan->in_metadata && text_is(scan, "items");
	bool is_metadata = !scan->in_metadata && text_is(scan, "metadata");

	aim_by_name(scan);
	if (scan->in_metadata && text_is(scan, "remainingItemCount"))
		scan->target = (char *)&scan->list.remaining;
	scan->text.length = 0;
	if (*at == '[' && is_item_list) {
		if (scan->saw_items)
			return broken(scan, "it has items twice");
		scan->saw_items = true;
		start_passing(scan, ITEM_START);
	} else if (*at == '{' && is_metadata) {
		scan->in_metadata = true;
		scan->state = NAME_OR_END;
	} else if (*at == '"' && scan->target && scan->target_size) {
		scan->state = STRING;
	} else if (*at == '"' || *at == '{' || *at == '[') {
		start_passing(scan, SKIP);
		return at;
	} else {
		scan->state = SCALAR;
		return at;
	}
	return at + 1;
}

/* '}' of the list or of its metadata. */
static const char *close_object(struct json_scan *scan, const char *at)
{
	scan->state = scan->in_metadata ? COMMA : END;
	scan->in_metadata = false;
	return at + 1;
}

/* The single byte at, which is no space, between tokens. */
static const char *take_mark(struct json_scan *scan, const char *at)
{
	switch ((enum state)scan->state) {
	case START:
		if (*at != '{')
			return broken(scan, "it does not begin with {");
		scan->state = NAME_OR_END;
		return at + 1;
	case NAME_OR_END:
		if (*at == '}')
			return close_object(scan, at);
		/* fall through */
	case NAME_START:
		if (*at != '"')
			return broken(scan, "a member has no name");
		scan->state = NAME;
		scan->text.length = 0;
		return at + 1;
	case COLON:
		if (*at != ':')
			return broken(scan, "a colon is missing");
		scan->state = VALUE;
		return at + 1;
	case VALUE:
		return take_start(scan, at);
	case COMMA:
		if (*at == '}')
			return close_object(scan, at);
		if (*at != ',')
			return broken(scan, "a comma is missing");
		scan->state = NAME_START;
		return at + 1;
	case ITEM_START:
		if (*at == ']' && scan->list.items + scan->list.bad_items == 0) {
			scan->state = COMMA;
			return at + 1;
		}
		scan->state = ITEM;
		return at;
	default:
		return broken(scan, "something follows its end");
	}
}

static const char *step(struct json_scan *scan, const char *at, const char *end)
{
	switch ((enum state)scan->state) {
	case NAME:
		return take_name(scan, at, end);
	case STRING:
		return take_value(scan, at, end);
	case SCALAR:
		return take_scalar(scan, at, end);
	case SKIP:
		return skip_value(scan, at, end);
	case ITEM:
		return take_item(scan, at, end);
	case BROKEN:
		return NULL;
	default:
		return is_space(*at) ? at + 1 : take_mark(scan, at);
	}
}

void json_scan_start(struct json_scan *scan, json_item_function *on_item, void *context)
{
	*scan = (struct json_scan){ .on_item = on_item, .context = context };
	scan->list.remaining = -1;
}

bool json_scan_feed(struct json_scan *scan, const char *bytes, size_t length)
{
	const char *at = bytes, *end = bytes + length;

	while (at && at < end)
		at = step(scan, at, end);
	return scan->state != BROKEN;
}

bool json_scan_end(struct json_scan *scan)
{
	if (scan->state != BROKEN && scan->state != END)
		broken(scan, scan->state == START ? "it is empty" : "it was cut short");
	buffer_release(&scan->text);
	buffer_release(&scan->item);
	return scan->state == END;
}
