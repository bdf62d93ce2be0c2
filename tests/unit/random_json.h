// SPDX-License-Identifier: Apache-2.0
/* Random JSON text, with what reply bodies have and trees have not: space, escapes,
 * twins. */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/buffer.h"

static inline void random_put(struct buffer *out, const char *text)
{
	buffer_append(out, text, strlen(text), 1 << 24);
}

static inline const char *random_of(const char *const *choices, size_t count)
{
	return choices[(size_t)rand() % count];
}

static inline void random_space(struct buffer *out)
{
	static const char *const spaces[] = { "", "", "", "", " ", "\n\t", "\r\n" };

	random_put(out, random_of(spaces, 7));
}

static inline void random_name(struct buffer *out)
{
	static const char *const names[] = {
		"\"a\"",    "\"b\"",      "\"c\"",         "\"\\u0061\"", "\"x.y/z\"",
		"\"wasm\"", "\"awasmb\"", "\"\\\"q\\\\\"", "\"a\"",       "\"\"",
	};

	random_put(out, random_of(names, 10));
}

static inline void random_scalar(struct buffer *out)
{
	static const char *const scalars[] = {
		"null",
		"true",
		"false",
		"0",
		"-12.5e3",
		"\"\"",
		"\"]},{[\\\"\"",
		"\"\\\\\"",
		"\"\\ud83d\\ude80 \xc3\xa9\"",
		"9007199254740993",
	};

	random_put(out, random_of(scalars, 10));
}

static inline void random_value(struct buffer *out, int depth)
{
	int shape = depth > 0 ? rand() % 3 : 0, count = rand() % 5;

	if (shape == 0) {
		random_scalar(out);
		return;
	}
	random_put(out, shape == 1 ? "{" : "[");
	random_space(out);
	for (int i = 0; i < count; i++) {
		random_put(out, i ? "," : "");
		random_space(out);
		if (shape == 1) {
			random_name(out);
			random_space(out);
			random_put(out, ":");
			random_space(out);
		}
		random_value(out, depth - 1);
		random_space(out);
	}
	random_put(out, shape == 1 ? "}" : "]");
}

static inline void random_object(struct buffer *out, int depth)
{
	size_t start = out->length;

	do {
		out->length = start;
		random_value(out, depth);
	} while (out->bytes[start] != '{');
}
