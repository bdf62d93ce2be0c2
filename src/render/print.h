// SPDX-License-Identifier: Apache-2.0
/* Writing for a person's eyes: escaped, wrapped, in colour where wanted. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

struct printer {
	FILE *out;
	bool color;
	int width;
};

enum color {
	COLOR_NONE,
	COLOR_RED,
	COLOR_YELLOW,
	COLOR_GREEN,
	COLOR_CYAN,
	COLOR_DIM,
	COLOR_BOLD,
};

/* Text as it is, but harmless (text_escape); at most limit bytes of it, 0 for all. */
void print_text(const struct printer *printer, const char *text, size_t limit);

void print_color(const struct printer *printer, enum color color, const char *text);

/*
 * A paragraph: wrapped between words at the printer's width, Chinese anywhere, every line
 * but the first indented by `indent` columns; the first starts at column `column`.  Ends
 * the line.
 */
void print_wrapped(const struct printer *printer, const char *text, int column,
		   int indent);

/* The columns text takes on a terminal: 2 for a wide character. */
int text_columns(const char *text);
