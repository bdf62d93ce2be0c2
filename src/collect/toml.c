// SPDX-License-Identifier: Apache-2.0
/* Documents of TOML: keys, tables and what may stand twice. */
#include "collect/toml.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <wasmdiag/facts.h>
#include <wasmdiag/text.h>

#include "collect/toml_scan.h"

/* A key as written: a.b.c. */
struct path {
	const char *parts[TOML_DEPTH_MAX];
	size_t count;
};

bool toml_fail(struct toml_scan *scan, const char *format, ...)
{
	va_list arguments;
	char text[400];

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	scan->toml->error_line = scan->line;
	return fail(scan->error, ERROR_FORMAT, "line %lld: %s", (long long)scan->line,
		    text);
}

static bool fail_duplicate(struct toml_scan *scan, const struct path *path,
			   const struct toml_node *first)
{
	char name[200] = "";

	for (size_t i = 0; i < path->count; i++) {
		size_t used = strlen(name);

		snprintf(name + used, sizeof(name) - used, "%s%s", i ? "." : "",
			 path->parts[i]);
	}
	scan->toml->duplicate = true;
	return toml_fail(scan, "%s stands twice, first in line %lld", name,
			 (long long)first->line);
}

void toml_skip_blank(struct toml_scan *scan)
{
	scan->at += strspn(scan->at, " \t");
}

static void skip_comment(struct toml_scan *scan)
{
	toml_skip_blank(scan);
	if (*scan->at == '#')
		scan->at += strcspn(scan->at, "\n");
}

void toml_skip_lines(struct toml_scan *scan)
{
	for (skip_comment(scan); *scan->at == '\n'; skip_comment(scan)) {
		scan->at++;
		scan->line++;
	}
}

struct toml_node *toml_add(struct toml_scan *scan, struct toml_node *parent,
			   const char *key)
{
	struct toml_node *node;

	if (++scan->nodes > TOML_NODES_MAX) {
		toml_fail(scan, "more than %d keys and values", TOML_NODES_MAX);
		return NULL;
	}
	node = arena_alloc(scan->arena, sizeof(*node));
	node->key = key;
	node->line = scan->line;
	if (parent->last)
		parent->last->next = node;
	else
		parent->first = node;
	parent->last = node;
	return node;
}

static struct toml_node *add_container(struct toml_scan *scan, struct toml_node *parent,
				       const char *key, enum toml_type type,
				       enum toml_origin origin)
{
	struct toml_node *node = toml_add(scan, parent, key);

	if (node) {
		node->type = type;
		node->origin = origin;
	}
	return node;
}

static struct toml_node *child(const struct toml_node *table, const char *key)
{
	struct toml_node *node = table->first;

	while (node && strcmp(node->key, key) != 0)
		node = node->next;
	return node;
}

static const char *read_bare_key(struct toml_scan *scan)
{
	size_t length = strspn(scan->at, "abcdefghijklmnopqrstuvwxyz"
					 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
	const char *key = scan->at;

	if (length == 0) {
		toml_fail(scan, "a key is missing, or has a character that needs quotes");
		return NULL;
	}
	scan->at += length;
	return arena_copy(scan->arena, key, length);
}

static bool read_path(struct toml_scan *scan, struct path *path)
{
	path->count = 0;
	for (;;) {
		const char *key;

		if (path->count == TOML_DEPTH_MAX)
			return toml_fail(scan, "a key has more than %d parts",
					 TOML_DEPTH_MAX);
		toml_skip_blank(scan);
		key = *scan->at == '"' || *scan->at == '\''
			      ? toml_read_string(scan, false)
			      : read_bare_key(scan);
		if (!key)
			return false;
		path->parts[path->count++] = key;
		toml_skip_blank(scan);
		if (*scan->at != '.')
			return true;
		scan->at++;
	}
}

/* The table that holds the last part of a dotted key, made as needed.  Only tables that
 * dotted keys made may be added to so. */
static struct toml_node *enter_dotted(struct toml_scan *scan, struct toml_node *table,
				      const struct path *path)
{
	for (size_t i = 0; i + 1 < path->count; i++) {
		struct toml_node *node = child(table, path->parts[i]);

		if (!node)
			node = add_container(scan, table, path->parts[i], TOML_TABLE,
					     TOML_DOTTED);
		else if (node->type != TOML_TABLE || node->origin != TOML_DOTTED)
			return fail_duplicate(scan, path, node), NULL;
		if (!node)
			return NULL;
		table = node;
	}
	return table;
}

bool toml_read_pair(struct toml_scan *scan, struct toml_node *table)
{
	const struct toml_node *before;
	struct toml_node *node;
	struct path path;

	if (!read_path(scan, &path))
		return false;
	if (*scan->at != '=')
		return toml_fail(scan, "an = is missing after \"%s\"",
				 path.parts[path.count - 1]);
	scan->at++;
	toml_skip_blank(scan);
	table = enter_dotted(scan, table, &path);
	if (!table)
		return false;
	before = child(table, path.parts[path.count - 1]);
	if (before)
		return fail_duplicate(scan, &path, before);
	node = toml_add(scan, table, path.parts[path.count - 1]);
	return node && toml_read_value(scan, node);
}

/* The table a header's leading parts lead to; of an array of tables its last. */
static struct toml_node *enter_header(struct toml_scan *scan, struct toml_node *table,
				      const struct path *path)
{
	for (size_t i = 0; i + 1 < path->count; i++) {
		struct toml_node *node = child(table, path->parts[i]);

		if (!node)
			node = add_container(scan, table, path->parts[i], TOML_TABLE,
					     TOML_IMPLIED);
		else if (node->type < TOML_ARRAY || node->origin == TOML_VALUE)
			return fail_duplicate(scan, path, node), NULL;
		if (!node)
			return NULL;
		table = node->type == TOML_ARRAY ? node->last : node;
	}
	return table;
}

static struct toml_node *open_table(struct toml_scan *scan, struct toml_node *parent,
				    const struct path *path)
{
	const char *key = path->parts[path->count - 1];
	struct toml_node *node = child(parent, key);

	if (!node)
		return add_container(scan, parent, key, TOML_TABLE, TOML_HEADER);
	if (node->type != TOML_TABLE || node->origin != TOML_IMPLIED)
		return fail_duplicate(scan, path, node), NULL;
	node->origin = TOML_HEADER;
	node->line = scan->line;
	return node;
}

static struct toml_node *open_element(struct toml_scan *scan, struct toml_node *parent,
				      const struct path *path)
{
	const char *key = path->parts[path->count - 1];
	struct toml_node *node = child(parent, key);

	if (!node)
		node = add_container(scan, parent, key, TOML_ARRAY, TOML_HEADER);
	else if (node->type != TOML_ARRAY || node->origin != TOML_HEADER)
		return fail_duplicate(scan, path, node), NULL;
	if (!node)
		return NULL;
	return add_container(scan, node, NULL, TOML_TABLE, TOML_HEADER);
}

/* [table] or [[array]]: the table that the pairs below it go to. */
static struct toml_node *read_header(struct toml_scan *scan)
{
	bool array = scan->at[1] == '[';
	const char *closing = array ? "]]" : "]";
	struct toml_node *parent;
	struct path path;

	scan->at += array ? 2 : 1;
	if (!read_path(scan, &path))
		return NULL;
	if (!text_starts(scan->at, closing)) {
		toml_fail(scan, "a table's name is not closed by %s", closing);
		return NULL;
	}
	scan->at += strlen(closing);
	parent = enter_header(scan, scan->toml->root, &path);
	if (!parent)
		return NULL;
	return array ? open_element(scan, parent, &path)
		     : open_table(scan, parent, &path);
}

static bool read_document(struct toml_scan *scan)
{
	struct toml_node *table = scan->toml->root;

	for (toml_skip_lines(scan); *scan->at; toml_skip_lines(scan)) {
		if (*scan->at == '[') {
			table = read_header(scan);
			if (!table)
				return false;
		} else if (!toml_read_pair(scan, table)) {
			return false;
		}
		skip_comment(scan);
		if (*scan->at && *scan->at != '\n')
			return toml_fail(scan, "something follows on the same line");
	}
	return true;
}

/* Bytes of the UTF-8 character at hand; 0 when it is none. */
static size_t utf8_length(const unsigned char *at, size_t left)
{
	static const unsigned char least_second[] = { [0xe0 - 0xc0] = 0xa0,
						      [0xf0 - 0xc0] = 0x90 };
	size_t length = at[0] < 0x80                    ? 1
			: at[0] >= 0xc2 && at[0] < 0xe0 ? 2
			: at[0] >= 0xe0 && at[0] < 0xf0 ? 3
			: at[0] >= 0xf0 && at[0] < 0xf5 ? 4
							: 0;

	if (length == 0 || length > left)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	if (length > 2 && at[0] - 0xc0U < sizeof(least_second) &&
	    at[1] < least_second[at[0] - 0xc0])
		return 0; /* longer than need be */
	if ((at[0] == 0xed && at[1] > 0x9f) || (at[0] == 0xf4 && at[1] > 0x8f))
		return 0; /* a surrogate; above U+10FFFF */
	return length;
}

/* Copy the document, with LF for CRLF; no control character may stand in it but these
 * and the tab. */
static bool copy_document(struct toml_scan *scan, const unsigned char *bytes,
			  size_t length)
{
	char *out = scan->at;

	for (size_t i = 0, step; i < length; i += step) {
		step = utf8_length(bytes + i, length - i);
		if (step == 0)
			return toml_fail(scan, "a byte is not UTF-8");
		if (bytes[i] == '\r' && i + 1 < length && bytes[i + 1] == '\n')
			continue;
		if ((bytes[i] < 0x20 && bytes[i] != '\t' && bytes[i] != '\n') ||
		    bytes[i] == 0x7f)
			return toml_fail(scan, "control character 0x%02x", bytes[i]);
		scan->line += bytes[i] == '\n';
		memcpy(out, bytes + i, step);
		out += step;
	}
	scan->line = 1;
	return true;
}

bool toml_parse(struct arena *arena, const char *bytes, size_t length, struct toml *toml,
		struct error *error)
{
	struct toml_scan scan = {
		.arena = arena, .line = 1, .toml = toml, .error = error
	};

	*toml = (struct toml){ .error_line = UNSET };
	if (length > TOML_SIZE_MAX)
		return fail(error, ERROR_LIMIT, "larger than %zu bytes", TOML_SIZE_MAX);
	scan.at = arena_alloc(arena, length + 1);
	toml->root = arena_alloc(arena, sizeof(*toml->root));
	*toml->root = (struct toml_node){ .type = TOML_TABLE,
					  .origin = TOML_HEADER,
					  .line = 1 };
	if (copy_document(&scan, (const unsigned char *)bytes, length) &&
	    read_document(&scan))
		return true;
	toml->root = NULL;
	return false;
}

const struct toml_node *toml_get(const struct toml_node *table, const char *key)
{
	return table && table->type == TOML_TABLE && key ? child(table, key) : NULL;
}

const struct toml_node *toml_find(const struct toml_node *table, ...)
{
	va_list keys;
	const char *key;

	va_start(keys, table);
	while (table && (key = va_arg(keys, const char *)))
		table = toml_get(table, key);
	va_end(keys);
	return table;
}

const char *toml_string(const struct toml_node *node)
{
	return node && node->type == TOML_STRING ? node->text : NULL;
}

int64_t toml_integer(const struct toml_node *node)
{
	return node && node->type == TOML_INTEGER ? node->integer : UNSET;
}
