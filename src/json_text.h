// SPDX-License-Identifier: Apache-2.0
/* Strings for JSON documents. */
#pragma once

#include <jansson.h>

/*
 * A JSON string; null for NULL.  What the cluster or a file holds need not be UTF-8: then
 * it is written as text_escape() shows it, so that a member is never lost.  The caller
 * owns it.
 */
json_t *json_text(const char *text);
