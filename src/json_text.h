// SPDX-License-Identifier: Apache-2.0
/* Strings for JSON documents. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/*
 * A JSON string; null for NULL.  What the cluster or a file holds need not be UTF-8: then
 * it is written as text_escape() shows it, so that a member is never lost.  The caller
 * owns it.
 */
json_t *json_text(const char *text);

/*
 * Write a document, with jansson's flags (JSON_INDENT(2)), and a newline.  Characters
 * that could move a terminal's cursor or turn text around are written as \\uNNNN, which
 * means the same.  False when it could not be written.
 */
bool json_print(const json_t *json, size_t flags, FILE *out) __attribute__((nonnull));

/* What makes the items of lists too long to be held as a tree. */
struct json_lists {
	/* Item number index, from 0, of the frame's member key, for the writer to
	 * release; NULL: there is none, and of number 0 that the frame's own value is
	 * written. */
	json_t *(*item)(const void *context, const char *key, size_t index);
	const void *context;
};

/*
 * Write an object as json_print() would, were the items of its lists in it: frame has its
 * members, lists make the items one by one.  flags must have JSON_INDENT(1) or more.
 */
bool json_print_long(const json_t *frame, const struct json_lists *lists, size_t flags,
		     FILE *out) __attribute__((nonnull));
