// SPDX-License-Identifier: Apache-2.0
#include "json_text.h"

#include <stdlib.h>
#include <string.h>

#include <wasmdiag/text.h>

#include "cleanup.h"

json_t *json_text(const char *text)
{
	_cleanup_free_ char *escaped = NULL;
	size_t size;
	json_t *json;

	if (!text)
		return json_null();
	json = json_string(text);
	if (json)
		return json;
	size = strlen(text) * 4 + 1; /* \xNN for each byte */
	escaped = malloc(size);
	if (!escaped)
		return json_null();
	text_escape(text, strlen(text), escaped, size);
	return json_string(escaped);
}
