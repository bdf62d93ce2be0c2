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
