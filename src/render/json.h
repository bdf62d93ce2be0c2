// SPDX-License-Identifier: Apache-2.0
/* What the JSON documents share. */
#pragma once

#include <jansson.h>

#include "json_text.h"
#include "render/render.h"

/* The report as docs/report.schema.json has it; the caller owns it. */
json_t *report_json(struct arena *arena, const struct render_options *options,
		    const struct report *report) __attribute__((nonnull));
