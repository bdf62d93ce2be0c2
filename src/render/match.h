// SPDX-License-Identifier: Apache-2.0
/* What a text points to, in words. */
#pragma once

#include "match_text.h"
#include "render/render.h"

/* data is a struct matches: as text for people, short (one line each) or json; any
 * other format is written as text. */
void render_matches(const void *data, const char *format,
		    const struct render_options *options, FILE *out)
	__attribute__((nonnull));
