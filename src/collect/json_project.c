// SPDX-License-Identifier: Apache-2.0
#include "collect/json_project.h"

#include <stdint.h>
#include <string.h>

#include "collect/json_paths.h"
#include "collect/json_scan.h"
#include "collect/json_string.h"

struct reader {
	struct json_projector *projector;
	const char *at, *end;
	size_t depth; /* of the value at which at stands */
	struct error *error;
};

enum { OUT_LIMIT = JSON_ITEM_LIMIT * 2 }; /* a scalar in the way becomes null: longer */

static bool broken(struct reader *reader, const char *what)
{
	return fail(reader->error, ERROR_FORMAT, "malformed JSON: %s", what);
}

static bool too_deep(struct reader *reader)
{
	return fail(reader->error, ERROR_LIMIT, "JSON nested over %d deep",
		    JSON_DEPTH_LIMIT);
}

static void skip_space(struct reader *reader)
{
	while (reader->at < reader->end && *reader->at <= ' ' &&
	       (*reader->at == ' ' || *reader->at == '\n' || *reader->at == '\t' ||
		*reader->at == '\r'))
		reader->at++;
}

/* Past space, is the next byte this one?  Then past it, too. */
static bool take(struct reader *reader, char mark)
{
	skip_space(reader);
	if (reader->at == reader->end || *reader->at != mark)
		return false;
	reader->at++;
	return true;
}

static bool put(struct reader *reader, const char *bytes, size_t length)
{
	if (buffer_append(&reader->projector->out, bytes, length, OUT_LIMIT))
		return true;
	return fail(reader->error, ERROR_LIMIT,
		    "the wanted part of an object is over %d bytes", OUT_LIMIT);
}

/* Past the closing quote of a string whose first quote has been taken. */
static bool skip_string(struct reader *reader, bool *ret_escaped)
{
	*ret_escaped = false;
	for (;;) {
		reader->at = json_string_stop(reader->at, reader->end);
		if (reader->end - reader->at < 1)
			return broken(reader, "a string does not end");
		if (*reader->at == '"')
			break;
		*ret_escaped = true;
		if (reader->end - reader->at < 2)
			return broken(reader, "a string does not end");
		reader->at += 2;
	}
	reader->at++;
	return true;
}

static bool is_delimiter(char c)
{
	return c == ',' || c == ']' || c == '}' || c == ':' || c == '"' || c == '[' ||
	       c == '{' || c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static bool skip_scalar(struct reader *reader)
{
	const char *start = reader->at;
	bool escaped;

	if (*reader->at == '"') {
		reader->at++;
		return skip_string(reader, &escaped);
	}
	while (reader->at < reader->end && !is_delimiter(*reader->at))
		reader->at++;
	return reader->at > start || broken(reader, "a value is missing");
}

/*
 * Past an object or array nobody asked for.  shapes has one bit per open bracket, which
 * is why the depth limit is 64.
 */
static bool skip_nested(struct reader *reader)
{
	uint64_t shapes = 0;
	size_t open = 0;
	bool escaped;

	while (reader->at < reader->end) {
		char c = *reader->at++;

		if (c == '"') {
			if (!skip_string(reader, &escaped))
				return false;
		} else if (c == '{' || c == '[') {
			if (reader->depth + open++ >= JSON_DEPTH_LIMIT)
				return too_deep(reader);
			shapes = shapes << 1 | (c == '{');
		} else if (c == '}' || c == ']') {
			if ((shapes & 1) != (c == '}'))
				return broken(reader, "brackets do not match");
			shapes >>= 1;
			if (--open == 0)
				return true;
		}
	}
	return broken(reader, "a bracket is not closed");
}

static bool skip_value(struct reader *reader)
{
	skip_space(reader);
	if (reader->at == reader->end)
		return broken(reader, "a value is missing");
	if (*reader->at == '{' || *reader->at == '[')
		return skip_nested(reader);
	return skip_scalar(reader);
}

/* A member's name, from its quote to past its colon; raw without the quotes. */
static bool take_name(struct reader *reader, const char **raw, size_t *length,
		      bool *escaped)
{
	if (!take(reader, '"'))
		return broken(reader, "a member has no name");
	*raw = reader->at;
	if (!skip_string(reader, escaped))
		return false;
	*length = (size_t)(reader->at - 1 - *raw);
	return take(reader, ':') || broken(reader, "a colon is missing");
}

static bool find_member(struct reader *reader, const struct json_projection *node,
			const char **ret_raw, size_t *ret_length,
			const struct json_projection **ret_child)
{
	struct buffer *name = &reader->projector->name;
	bool escaped = false;

	if (!take_name(reader, ret_raw, ret_length, &escaped))
		return false;
	if (!escaped) {
		*ret_child = json_projection_member(node, *ret_raw, *ret_length);
		return true;
	}
	name->length = 0;
	if (!buffer_append(name, *ret_raw, *ret_length, JSON_ITEM_LIMIT))
		return broken(reader, "a member's name is too long");
	name->length = json_string_decode(*ret_raw, *ret_length, name->bytes);
	*ret_child = json_projection_member(node, name->bytes, name->length);
	return true;
}

static bool project_value(struct reader *reader, const struct json_projection *node);

static bool project_member(struct reader *reader, const struct json_projection *node,
			   bool *is_first)
{
	const struct json_projection *child = NULL;
	const char *raw = NULL;
	size_t length = 0;

	if (!find_member(reader, node, &raw, &length, &child))
		return false;
	if (!child)
		return skip_value(reader);
	if (!put(reader, *is_first ? "\"" : ",\"", *is_first ? 1 : 2) ||
	    !put(reader, raw, length) || !put(reader, "\":", 2))
		return false;
	*is_first = false;
	return project_value(reader, child);
}

static bool project_object(struct reader *reader, const struct json_projection *node)
{
	bool is_first = true;

	if (!put(reader, "{", 1))
		return false;
	if (take(reader, '}'))
		return put(reader, "}", 1);
	do {
		if (!project_member(reader, node, &is_first))
			return false;
	} while (take(reader, ','));
	if (!take(reader, '}'))
		return broken(reader, "an object is not closed");
	return put(reader, "}", 1);
}

/* May what was put since start stay? */
static bool is_wanted(const struct reader *reader, const struct json_projection *node,
		      size_t start)
{
	const struct buffer *out = &reader->projector->out;
	const struct json_wanted *wanted = node->only;

	for (; wanted; wanted = wanted->next)
		if (wanted->length == out->length - start &&
		    memcmp(wanted->text, out->bytes + start, wanted->length) == 0)
			return true;
	return !node->only;
}

/* An element before a wanted one stays as null: its place in the array is its name. */
static bool project_element(struct reader *reader, const struct json_projection *node,
			    size_t index, bool *is_first)
{
	bool more;
	const struct json_projection *child = json_projection_element(node, index, &more);
	const size_t start = reader->projector->out.length;

	if (!child && !more)
		return skip_value(reader);
	if (!*is_first && !put(reader, ",", 1))
		return false;
	if (!child ? !put(reader, "null", 4) || !skip_value(reader)
		   : !project_value(reader, child))
		return false;
	if (!child || is_wanted(reader, child, start + !*is_first))
		*is_first = false;
	else
		reader->projector->out.length = start;
	return true;
}

static bool project_array(struct reader *reader, const struct json_projection *node)
{
	bool is_first = true;
	size_t index = 0;

	if (!put(reader, "[", 1))
		return false;
	if (take(reader, ']'))
		return put(reader, "]", 1);
	do {
		if (!project_element(reader, node, index++, &is_first))
			return false;
	} while (take(reader, ','));
	if (!take(reader, ']'))
		return broken(reader, "an array is not closed");
	return put(reader, "]", 1);
}

static bool project_value(struct reader *reader, const struct json_projection *node)
{
	const char *start;
	bool ok;

	skip_space(reader);
	start = reader->at;
	if (node->whole)
		return skip_value(reader) &&
		       put(reader, start, (size_t)(reader->at - start));
	if (reader->at == reader->end ||
	    !((*reader->at == '{' && (node->members || reader->depth == 0)) ||
	      (*reader->at == '[' && node->elements)))
		return put(reader, "null", 4) && skip_value(reader);
	if (reader->depth >= JSON_DEPTH_LIMIT)
		return too_deep(reader);
	reader->at++;
	reader->depth++;
	ok = *start == '{' ? project_object(reader, node) : project_array(reader, node);
	reader->depth--;
	return ok;
}

bool json_project(struct json_projector *projector,
		  const struct json_projection *projection, const char *bytes,
		  size_t length, struct error *error)
{
	struct reader reader = {
		.projector = projector, .at = bytes, .end = bytes + length, .error = error
	};

	projector->out.length = 0;
	skip_space(&reader);
	if (reader.at == reader.end || *reader.at != '{')
		return broken(&reader, "it is no object");
	if (!project_value(&reader, projection))
		return false;
	skip_space(&reader);
	return reader.at == reader.end || broken(&reader, "something follows the object");
}

void json_projector_release(struct json_projector *projector)
{
	buffer_release(&projector->out);
	buffer_release(&projector->name);
}
