// SPDX-License-Identifier: Apache-2.0
#include "collect/yaml.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include <wasmdiag/text.h>

#include "cleanup.h"

struct anchor {
	const char *name;
	const struct yaml_node *node; /* NULL until the node is complete */
};

struct builder {
	yaml_parser_t parser;
	yaml_event_t event; /* the one to look at; owned here until the next() */
	const char *name;
	struct arena *arena;
	struct error *error;
	size_t weight; /* of all nodes so far */
	struct anchor anchors[YAML_MAX_ANCHORS];
	size_t anchor_count;
};

static void cleanup_builder(struct builder *builder)
{
	yaml_event_delete(&builder->event);
	yaml_parser_delete(&builder->parser);
}

bool yaml_fail(struct error *error, const char *name, const struct yaml_node *node,
	       const char *format, ...)
{
	va_list arguments;
	char text[sizeof(error->text)];

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return fail(error, ERROR_FORMAT, "%s:%u:%u: %s", name, node->line, node->column,
		    text);
}

static bool fail_here(struct builder *builder, enum error_kind kind, const char *text)
{
	const yaml_mark_t *mark = &builder->event.start_mark;

	return fail(builder->error, kind, "%s:%zu:%zu: %s", builder->name, mark->line + 1,
		    mark->column + 1, text);
}

static bool fail_parser(struct builder *builder)
{
	const yaml_parser_t *parser = &builder->parser;
	const char *problem = parser->problem ? parser->problem : "it is not YAML";

	if (parser->error == YAML_MEMORY_ERROR)
		return fail(builder->error, ERROR_SYSTEM, "%s: out of memory",
			    builder->name);
	if (parser->error == YAML_READER_ERROR)
		return fail(builder->error, ERROR_FORMAT, "%s: byte %zu: %s",
			    builder->name, parser->problem_offset + 1, problem);
	return fail(builder->error, ERROR_FORMAT, "%s:%zu:%zu: %s", builder->name,
		    parser->problem_mark.line + 1, parser->problem_mark.column + 1,
		    problem);
}

static bool next(struct builder *builder)
{
	yaml_event_delete(&builder->event);
	if (yaml_parser_parse(&builder->parser, &builder->event))
		return true;
	return fail_parser(builder);
}

/* Charge weight nodes, height levels of them, that begin at depth. */
static bool charge(struct builder *builder, size_t weight, unsigned height,
		   unsigned depth)
{
	builder->weight += weight;
	if (builder->weight > YAML_MAX_NODES)
		return fail_here(builder, ERROR_LIMIT, "more than 50000 nodes");
	if (depth + height > YAML_MAX_DEPTH)
		return fail_here(builder, ERROR_LIMIT, "nested deeper than 64 levels");
	return true;
}

static bool find_anchor(const struct builder *builder, const char *name, size_t *ret)
{
	/* the newest of a name is the one meant */
	for (size_t i = builder->anchor_count; i-- > 0;) {
		if (strcmp(builder->anchors[i].name, name) == 0) {
			*ret = i;
			return true;
		}
	}
	return false;
}

/* *ret is NO_ANCHOR without one. */
#define NO_ANCHOR SIZE_MAX
static bool open_anchor(struct builder *builder, const yaml_char_t *name, size_t *ret)
{
	*ret = NO_ANCHOR;
	if (!name)
		return true;
	if (builder->anchor_count == YAML_MAX_ANCHORS)
		return fail_here(builder, ERROR_LIMIT, "more than 256 anchors");
	*ret = builder->anchor_count++;
	builder->anchors[*ret].name = arena_string(builder->arena, (const char *)name);
	return true;
}

static void close_anchor(struct builder *builder, size_t anchor,
			 const struct yaml_node *node)
{
	if (anchor != NO_ANCHOR)
		builder->anchors[anchor].node = node;
}

static struct yaml_node *new_node(struct builder *builder, enum yaml_kind kind)
{
	struct yaml_node *node = arena_alloc(builder->arena, sizeof(*node));

	node->kind = kind;
	node->line = (unsigned)builder->event.start_mark.line + 1;
	node->column = (unsigned)builder->event.start_mark.column + 1;
	node->weight = 1;
	return node;
}

static void adopt(struct yaml_node *parent, const struct yaml_node *child)
{
	parent->weight += child->weight;
	if (parent->height < child->height + 1)
		parent->height = child->height + 1;
}

/* A tag of the core schema overrules the style: !!str null is text, !!null '' is null. */
static bool is_plain(const yaml_event_t *event)
{
	const char *tag = (const char *)event->data.scalar.tag;

	if (!tag)
		return event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	return !text_equal(tag, YAML_STR_TAG) && !text_equal(tag, "!");
}

/* The event moved past, node; NULL when that failed. */
static const struct yaml_node *done(struct builder *builder, const struct yaml_node *node)
{
	return next(builder) ? node : NULL;
}

/* The build_ functions return NULL when they failed. */
static const struct yaml_node *build_scalar(struct builder *builder, unsigned depth)
{
	const yaml_event_t *event = &builder->event;
	const char *value = (const char *)event->data.scalar.value;
	struct yaml_node *node = new_node(builder, YAML_SCALAR);
	size_t anchor;

	if (!charge(builder, 1, 0, depth) ||
	    !open_anchor(builder, event->data.scalar.anchor, &anchor))
		return NULL;
	if (memchr(value, '\0', event->data.scalar.length)) {
		fail_here(builder, ERROR_FORMAT, "a text holds a NUL character");
		return NULL;
	}
	node->plain = is_plain(event);
	node->text = arena_copy(builder->arena, value, event->data.scalar.length);
	close_anchor(builder, anchor, node);
	return done(builder, node);
}

static const struct yaml_node *build_alias(struct builder *builder, unsigned depth)
{
	const char *name = (const char *)builder->event.data.alias.anchor;
	const struct yaml_node *node;
	size_t anchor;

	if (!find_anchor(builder, name, &anchor)) {
		fail_here(builder, ERROR_FORMAT, "an alias without its anchor");
		return NULL;
	}
	node = builder->anchors[anchor].node;
	if (!node) {
		fail_here(builder, ERROR_FORMAT, "an alias within its own anchor");
		return NULL;
	}
	if (!charge(builder, node->weight, node->height, depth))
		return NULL;
	return done(builder, node);
}

static const struct yaml_node *build_node(struct builder *builder, unsigned depth);

static const struct yaml_node *build_sequence(struct builder *builder, unsigned depth)
{
	struct yaml_node *node = new_node(builder, YAML_SEQUENCE);
	size_t anchor;

	if (!charge(builder, 1, 0, depth) ||
	    !open_anchor(builder, builder->event.data.sequence_start.anchor, &anchor) ||
	    !next(builder))
		return NULL;
	while (builder->event.type != YAML_SEQUENCE_END_EVENT) {
		const struct yaml_node *item = build_node(builder, depth + 1);

		if (!item)
			return NULL;
		node->items = arena_grow(builder->arena, node->items, node->count,
					 sizeof(struct yaml_node *));
		node->items[node->count++] = item;
		adopt(node, item);
	}
	close_anchor(builder, anchor, node);
	return done(builder, node);
}

static int compare_keys(const void *a, const void *b)
{
	const struct yaml_node *one = ((const struct yaml_pair *)a)->key;
	const struct yaml_node *other = ((const struct yaml_pair *)b)->key;
	int order = strcmp(one->text, other->text);

	if (order)
		return order;
	if (one->line != other->line)
		return one->line < other->line ? -1 : 1;
	return one->column < other->column ? -1 : 1;
}

/* Sorted, as comparing each with each would be quadratic. */
static bool keys_differ(struct builder *builder, const struct yaml_node *node)
{
	_cleanup_free_ struct yaml_pair *pairs = NULL;

	if (node->count < 2)
		return true;
	pairs = calloc(node->count, sizeof(*pairs));
	if (!pairs)
		return fail(builder->error, ERROR_SYSTEM, "out of memory");
	memcpy(pairs, node->pairs, node->count * sizeof(*pairs));
	qsort(pairs, node->count, sizeof(*pairs), compare_keys);
	for (size_t i = 1; i < node->count; i++) {
		if (strcmp(pairs[i - 1].key->text, pairs[i].key->text) == 0)
			return yaml_fail(builder->error, builder->name, pairs[i].key,
					 "duplicate key \"%.64s\", first on line %u",
					 pairs[i].key->text, pairs[i - 1].key->line);
	}
	return true;
}

static const struct yaml_node *build_key(struct builder *builder, unsigned depth)
{
	const struct yaml_node *key;

	if (builder->event.type != YAML_SCALAR_EVENT) {
		fail_here(builder, ERROR_FORMAT, "a key is not a plain text");
		return NULL;
	}
	key = build_scalar(builder, depth);
	if (key && key->plain && strcmp(key->text, "<<") == 0) {
		yaml_fail(builder->error, builder->name, key,
			  "the merge key << is not supported");
		return NULL;
	}
	return key;
}

static bool build_pair(struct builder *builder, unsigned depth, struct yaml_node *node)
{
	struct yaml_pair pair = { .key = build_key(builder, depth) };

	if (!pair.key)
		return false;
	pair.value = build_node(builder, depth);
	if (!pair.value)
		return false;
	node->pairs = arena_grow(builder->arena, node->pairs, node->count,
				 sizeof(*node->pairs));
	node->pairs[node->count++] = pair;
	adopt(node, pair.key);
	adopt(node, pair.value);
	return true;
}

static const struct yaml_node *build_mapping(struct builder *builder, unsigned depth)
{
	struct yaml_node *node = new_node(builder, YAML_MAPPING);
	size_t anchor;

	if (!charge(builder, 1, 0, depth) ||
	    !open_anchor(builder, builder->event.data.mapping_start.anchor, &anchor) ||
	    !next(builder))
		return NULL;
	while (builder->event.type != YAML_MAPPING_END_EVENT) {
		if (!build_pair(builder, depth + 1, node))
			return NULL;
	}
	if (!keys_differ(builder, node))
		return NULL;
	close_anchor(builder, anchor, node);
	return done(builder, node);
}

/* Recursion is bounded by charge(). */
static const struct yaml_node *build_node(struct builder *builder, unsigned depth)
{
	switch (builder->event.type) {
	case YAML_SCALAR_EVENT:
		return build_scalar(builder, depth);
	case YAML_ALIAS_EVENT:
		return build_alias(builder, depth);
	case YAML_SEQUENCE_START_EVENT:
		return build_sequence(builder, depth);
	case YAML_MAPPING_START_EVENT:
		return build_mapping(builder, depth);
	default:
		fail_here(builder, ERROR_FORMAT, "a value is missing");
		return NULL;
	}
}

static bool build_stream(struct builder *builder, const struct yaml_node **ret)
{
	*ret = NULL;
	if (!next(builder)) /* the start of the stream */
		return false;
	if (!next(builder))
		return false;
	if (builder->event.type == YAML_STREAM_END_EVENT)
		return true;
	if (!next(builder)) /* past the start of the document */
		return false;
	*ret = build_node(builder, 1);
	if (!*ret || !next(builder))
		return false;
	if (builder->event.type != YAML_STREAM_END_EVENT)
		return fail_here(builder, ERROR_FORMAT, "more than one document");
	return true;
}

bool yaml_parse(const char *name, struct bytes bytes, struct arena *arena,
		const struct yaml_node **ret, struct error *error)
{
	_cleanup_(cleanup_builder) struct builder builder = { .name = name,
							      .arena = arena,
							      .error = error };

	if (bytes.size > YAML_MAX_BYTES)
		return fail(error, ERROR_LIMIT, "%s is larger than 4 MiB", name);
	if (!yaml_parser_initialize(&builder.parser))
		return fail(error, ERROR_SYSTEM, "out of memory");
	yaml_parser_set_input_string(&builder.parser, (const unsigned char *)bytes.data,
				     bytes.size);
	return build_stream(&builder, ret);
}

const struct yaml_node *yaml_get(const struct yaml_node *node, const char *key)
{
	if (!node || node->kind != YAML_MAPPING)
		return NULL;
	for (size_t i = 0; i < node->count; i++) {
		if (strcmp(node->pairs[i].key->text, key) == 0)
			return node->pairs[i].value;
	}
	return NULL;
}

static bool is_one_of(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(text, words[i]) == 0)
			return true;
	}
	return false;
}

bool yaml_is_null(const struct yaml_node *node)
{
	static const char *const words[] = { "", "~", "null", "Null", "NULL" };

	return !node || (node->kind == YAML_SCALAR && node->plain &&
			 is_one_of(node->text, words, ARRAY_SIZE(words)));
}

const char *yaml_text(const struct yaml_node *node)
{
	return yaml_is_null(node) ? NULL : node->text;
}

bool yaml_bool(const struct yaml_node *node, bool *ret)
{
	static const char *const yes[] = { "true", "True", "TRUE", "yes", "Yes", "YES",
					   "on",   "On",   "ON",   "y",   "Y" };
	static const char *const no[] = { "false", "False", "FALSE", "no", "No", "NO",
					  "off",   "Off",   "OFF",   "n",  "N" };

	if (!node || node->kind != YAML_SCALAR || !node->plain)
		return false;
	*ret = is_one_of(node->text, yes, ARRAY_SIZE(yes));
	return *ret || is_one_of(node->text, no, ARRAY_SIZE(no));
}

bool yaml_int(const struct yaml_node *node, int64_t *ret)
{
	const char *text = node ? node->text : NULL;
	char *end;
	long long number;

	if (!text || !node->plain || !*text || !strchr("+-0123456789", *text))
		return false;
	errno = 0;
	number = strtoll(text, &end, 10);
	if (errno || *end || end == text)
		return false;
	*ret = number;
	return true;
}
