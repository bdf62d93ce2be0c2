// SPDX-License-Identifier: Apache-2.0
/*
 * A reader of TOML 1.0 (toml.io/en/v1.0.0) for containerd's configuration: no C library
 * for it is packaged (facts ecosystem.md §5).  As strict as the standard on what may
 * stand twice, as containerd dies of that.  The ranges of dates are not checked.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "error.h"

#define TOML_SIZE_MAX  ((size_t)1 << 20) /* bytes of a document */
#define TOML_DEPTH_MAX 32
#define TOML_NODES_MAX 10000 /* keys and elements; K3s writes about a hundred */

enum toml_type {
	TOML_STRING,
	TOML_INTEGER,
	TOML_FLOAT, /* text, as written */
	TOML_BOOLEAN,
	TOML_TIME, /* text, as written */
	TOML_ARRAY,
	TOML_TABLE,
};

/* How a table or array came to be: that decides what may be added to it. */
enum toml_origin {
	TOML_IMPLIED, /* a part of another table's [a.b.c] */
	TOML_HEADER, /* [a] or [[a]] */
	TOML_DOTTED, /* a part of a.b.c = ... */
	TOML_VALUE, /* { ... } or [ ... ]: complete as it stands */
};

struct toml_node {
	enum toml_type type;
	enum toml_origin origin;
	int64_t line; /* from 1 on */
	const char *key; /* in a table, else NULL */
	const char *text; /* of a string, float or time */
	int64_t integer;
	bool boolean;
	struct toml_node *first; /* child */
	struct toml_node *last;
	struct toml_node *next; /* sibling */
};

struct toml {
	struct toml_node *root; /* a table; NULL when the document is not valid */
	int64_t error_line; /* where it is not, from 1 on; else UNSET */
	bool duplicate; /* ... because a key or table stands there twice */
};

/*
 * Read a document of length bytes; all of the tree is held by the arena.  False with
 * ERROR_LIMIT or ERROR_FORMAT, "line N: ...", when it is not valid.
 */
bool toml_parse(struct arena *arena, const char *bytes, size_t length, struct toml *toml,
		struct error *error) __attribute__((nonnull(1, 2, 4)));

/* The child of that name; NULL when table is NULL, no table, or has none. */
const struct toml_node *toml_get(const struct toml_node *table, const char *key);

/* As toml_get() for each key in turn, up to a NULL. */
const struct toml_node *toml_find(const struct toml_node *table, ...)
	__attribute__((sentinel));

/* The text of a string; NULL for NULL and for anything else. */
const char *toml_string(const struct toml_node *node);

/* The value of an integer; UNSET for NULL and for anything else. */
int64_t toml_integer(const struct toml_node *node);
