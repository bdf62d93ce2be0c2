// SPDX-License-Identifier: Apache-2.0
/* What the parts of the TOML reader share: toml.c keys and tables, toml_value.c values,
 * toml_string.c strings. */
#pragma once

#include "collect/toml.h"

struct toml_scan {
	struct arena *arena;
	char *at; /* in a copy that ends in NUL, holds no other, and has LF for CRLF */
	int64_t line;
	size_t nodes;
	int depth;
	struct toml *toml;
	struct error *error;
};

/* Say what is wrong in the present line.  Always false. */
bool toml_fail(struct toml_scan *scan, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Skip spaces and tabs; or these, newlines and comments. */
void toml_skip_blank(struct toml_scan *scan) __attribute__((nonnull));
void toml_skip_lines(struct toml_scan *scan) __attribute__((nonnull));

/* A new last child of parent, in the present line; NULL when there are too many. */
struct toml_node *toml_add(struct toml_scan *scan, struct toml_node *parent,
			   const char *key) __attribute__((nonnull(1, 2)));

/* Read "key = value" into table. */
bool toml_read_pair(struct toml_scan *scan, struct toml_node *table)
	__attribute__((nonnull));

/* Read the value at hand into node. */
bool toml_read_value(struct toml_scan *scan, struct toml_node *node)
	__attribute__((nonnull));

/* Read the string at hand, which may span lines if multi_line; NULL when it is wrong. */
const char *toml_read_string(struct toml_scan *scan, bool multi_line)
	__attribute__((nonnull));
