// SPDX-License-Identifier: Apache-2.0
/*
 * A YAML (or JSON) document as a small tree, on libyaml's event API.
 *
 * The limits are what makes hostile input harmless (facts: ecosystem 3): libyaml needs
 * quadratic time for deep flow collections, and aliases can stand for exponentially many
 * nodes.  An alias counts as all the nodes it stands for, so walking the whole tree never
 * visits more than YAML_MAX_NODES nodes, nor goes deeper than YAML_MAX_DEPTH.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "bytes.h"
#include "error.h"

#define YAML_MAX_BYTES   ((size_t)4 << 20) /* what a reader should pass to file_read() */
#define YAML_MAX_DEPTH   64
#define YAML_MAX_NODES   50000
#define YAML_MAX_ANCHORS 256

enum yaml_kind {
	YAML_SCALAR,
	YAML_SEQUENCE,
	YAML_MAPPING,
};

struct yaml_node {
	enum yaml_kind kind;
	/* scalar: written without quotes, so that null, true and 7 mean what they say */
	bool plain;
	unsigned line, column; /* where it begins, both from 1 */
	unsigned height; /* levels below it */
	size_t weight; /* nodes it stands for, itself included */
	const char *text; /* scalar: its value, without NUL characters; else NULL */
	size_t count; /* items of a sequence, pairs of a mapping */
	const struct yaml_node **items; /* sequence */
	struct yaml_pair *pairs; /* mapping, in the order written */
};

struct yaml_pair {
	const struct yaml_node *key; /* always a scalar */
	const struct yaml_node *value;
};

/*
 * Parse the one document that bytes holds; *ret is NULL when there is none (an empty
 * file, or comments only).  The tree lies in the arena.
 *
 * Refused, as "NAME:LINE:COLUMN: what is wrong": what libyaml refuses, a second document,
 * a duplicate key, a key that is not a scalar, the merge key "<<", an alias within its
 * own anchor, a NUL character (ERROR_FORMAT), and what passes the limits (ERROR_LIMIT).
 * Values are never quoted: they may be secrets.
 */
bool yaml_parse(const char *name, struct bytes bytes, struct arena *arena,
		const struct yaml_node **ret, struct error *error)
	__attribute__((nonnull(1, 3, 4)));

/* The value of key in a mapping; NULL when node is NULL, not a mapping, or has no key. */
const struct yaml_node *yaml_get(const struct yaml_node *node, const char *key)
	__attribute__((nonnull(2)));

/* No node, or null: an empty value, ~ or null, unquoted. */
bool yaml_is_null(const struct yaml_node *node);

/* The text of a scalar ("" when quoted and empty); NULL for null and for collections. */
const char *yaml_text(const struct yaml_node *node);

/*
 * An unquoted boolean of YAML 1.1, as go-yaml reads it (true, yes, on, y, and their
 * opposites; lower case, capitalised or upper case).  false when it is not one.
 */
bool yaml_bool(const struct yaml_node *node, bool *ret) __attribute__((nonnull(2)));

/* An unquoted decimal integer; false when it is not one or does not fit. */
bool yaml_int(const struct yaml_node *node, int64_t *ret) __attribute__((nonnull(2)));

/* fail() with "NAME:LINE:COLUMN: " of the node in front; ERROR_FORMAT. */
bool yaml_fail(struct error *error, const char *name, const struct yaml_node *node,
	       const char *format, ...) __attribute__((format(printf, 4, 5), nonnull(3)));
