// SPDX-License-Identifier: Apache-2.0
#include "collect/json_paths.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <wasmdiag/text.h>

#include "collect/json_project.h"

/* One step of a path. */
struct step {
	const char *name;
	size_t length;
	bool is_glob, is_element;
	int index;
};

/* "[...]": nothing or a number is an element, anything else a name or a pattern. */
static const char *read_bracket(const char *at, struct step *step)
{
	const char *close = strchr(at, ']');
	char *rest;
	long index;

	if (!close)
		return NULL;
	step->name = at + 1;
	step->length = (size_t)(close - step->name);
	step->is_glob = memchr(step->name, '*', step->length);
	step->index = EACH_ELEMENT;
	step->is_element = step->length == 0;
	if (step->length > 0 && strspn(step->name, "0123456789") == step->length) {
		index = strtol(step->name, &rest, 10);
		if (index >= JSON_INDEX_LIMIT)
			return NULL;
		step->index = (int)index;
		step->is_element = true;
	}
	return close + 1;
}

/* The step at *at, which is moved past it; false when it is malformed. */
static bool read_step(const char **at, bool is_first, struct step *step)
{
	*step = (struct step){ 0 };
	if (**at == '[') {
		*at = read_bracket(*at, step);
		return *at;
	}
	if (!is_first && *(*at)++ != '.')
		return false;
	step->name = *at;
	step->length = strcspn(*at, ".[");
	*at += step->length;
	return step->length > 0;
}

static bool is_same(const struct json_projection *node, const struct step *step)
{
	if (step->is_element)
		return node->index == step->index;
	return node->name_length == step->length && node->is_glob == step->is_glob &&
	       memcmp(node->name, step->name, step->length) == 0;
}

/* [] and [0] of one array would need their paths merged: nothing asks for that. */
static bool is_clash(const struct json_projection *node, const struct step *step)
{
	return step->is_element &&
	       (node->index == EACH_ELEMENT) != (step->index == EACH_ELEMENT);
}

static struct json_projection *add_step(struct arena *arena, struct json_projection *node,
					const struct step *step)
{
	struct json_projection **link =
		step->is_element ? &node->elements : &node->members;

	for (; *link; link = &(*link)->next) {
		if (is_same(*link, step))
			return *link;
		if (is_clash(*link, step))
			return NULL;
	}
	*link = arena_alloc(arena, sizeof(**link));
	(*link)->index = step->index;
	(*link)->is_glob = step->is_glob;
	if (!step->is_element) {
		(*link)->name = arena_copy(arena, step->name, step->length);
		(*link)->name_length = step->length;
	}
	return *link;
}

/* Cut "=VALUE" off a step; NULL when there is none. */
static const char *take_value(struct step *step)
{
	const char *mark =
		step->is_element ? NULL : memchr(step->name, '=', step->length);

	if (!mark)
		return NULL;
	step->length = (size_t)(mark - step->name);
	return mark + 1;
}

/* Of the array keep elements that have this value there; that is all one may want of it.
 */
static bool want_value(struct arena *arena, struct json_projection *element,
		       const struct step *step, const char *value)
{
	struct json_wanted *wanted = arena_alloc(arena, sizeof(*wanted));

	wanted->text = arena_format(arena, "{\"%.*s\":\"%s\"}", (int)step->length,
				    step->name, value);
	wanted->length = strlen(wanted->text);
	wanted->next = element->only;
	element->only = wanted;
	return element->members && !element->members->next;
}

static bool add_path(struct arena *arena, struct json_projection *node, const char *path)
{
	struct json_projection *element = NULL;
	const char *at = path, *value;
	struct step step;

	while (*at) {
		if (!read_step(&at, at == path, &step) || (step.is_glob && *at))
			return false;
		value = take_value(&step);
		if (value ? *at || !element : element && element->only)
			return false;
		node = add_step(arena, node, &step);
		if (!node || (value && !want_value(arena, element, &step, value)))
			return false;
		element = step.is_element ? node : NULL;
	}
	node->whole = true;
	return at != path;
}

const struct json_projection *json_projection_compile(struct arena *arena,
						      const char *const *paths,
						      size_t count, struct error *error)
{
	struct json_projection *root = arena_alloc(arena, sizeof(*root));

	for (size_t i = 0; i < count; i++) {
		if (!add_path(arena, root, paths[i])) {
			fail(error, ERROR_USAGE, "%s is not a path into JSON", paths[i]);
			return NULL;
		}
	}
	return root;
}

/* '*' stands for any bytes, '/' included. */
static bool glob_match(const char *pattern, const char *name, size_t length)
{
	const char *end = name + length, *star = NULL, *resume = NULL;

	for (;;) {
		if (*pattern == '*') {
			star = ++pattern;
			resume = name;
		} else if (name < end && *pattern == *name && *pattern) {
			pattern++;
			name++;
		} else if (name == end && !*pattern) {
			return true;
		} else if (star && resume < end) {
			name = ++resume;
			pattern = star;
		} else {
			return false;
		}
	}
}

static bool member_match(const struct json_projection *node, const char *name,
			 size_t length)
{
	if (node->is_glob)
		return glob_match(node->name, name, length);
	return node->name_length == length && memcmp(node->name, name, length) == 0;
}

const struct json_projection *json_projection_member(const struct json_projection *node,
						     const char *name, size_t length)
{
	const struct json_projection *found = NULL;

	for (node = node->members; node; node = node->next) {
		if ((found && !node->whole) || !member_match(node, name, length))
			continue;
		found = node;
		if (found->whole)
			break;
	}
	return found;
}

const struct json_projection *json_projection_element(const struct json_projection *node,
						      size_t index, bool *ret_more)
{
	const struct json_projection *found = NULL;

	*ret_more = false;
	for (node = node->elements; node; node = node->next) {
		if (node->index == EACH_ELEMENT || (size_t)node->index == index)
			found = node;
		*ret_more |= node->index == EACH_ELEMENT || (size_t)node->index > index;
	}
	return found;
}
