// SPDX-License-Identifier: Apache-2.0
/* The tree that json_project.h's paths are compiled to. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A projection of an array's element, byte for byte. */
struct json_wanted {
	const char *text;
	size_t length;
	const struct json_wanted *next;
};

struct json_projection {
	const char *name; /* of the member that leads here; not for an array's element */
	size_t name_length; /* bytes */
	bool is_glob; /* name is a pattern; the node is whole */
	bool whole; /* a path ends here */
	struct json_projection *members; /* first child reached by a name */
	struct json_projection *elements; /* first child reached by [] or [n] */
	struct json_projection *next; /* the next child of the same parent */
	int index; /* of an element; EACH_ELEMENT for [] */
	const struct json_wanted *only; /* of an element: those kept; NULL: all are */
};

enum { EACH_ELEMENT = -1, JSON_INDEX_LIMIT = 64 };

/* The child that a decoded name leads to, or NULL; one that is whole comes first. */
const struct json_projection *json_projection_member(const struct json_projection *node,
						     const char *name, size_t length)
	__attribute__((nonnull));

/*
 * The child for element number index of an array, or NULL; *ret_more is false when no
 * later element is wanted.
 */
const struct json_projection *json_projection_element(const struct json_projection *node,
						      size_t index, bool *ret_more)
	__attribute__((nonnull));
