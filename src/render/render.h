// SPDX-License-Identifier: Apache-2.0
/*
 * Renderers turn a finished report into bytes; they decide nothing.  One file and one
 * function per format.
 */
#pragma once

#include <stdio.h>

#include "report.h"

struct render_options {
	enum language language;
	bool color;
	bool verbose; /* also what passed, in full */
	bool quiet; /* only what is wrong */
	int width; /* columns to wrap prose at */
};

struct renderer {
	const char *name; /* as given to -o */
	struct words help;
	/* Writes to out; the caller looks for write errors.  Scratch goes to the arena.
	 */
	void (*render)(const struct report *report, const struct render_options *options,
		       FILE *out);
};

extern const struct renderer render_text, render_short, render_json, render_markdown;

/* All of them; ends with NULL. */
extern const struct renderer *const all_renderers[];

const struct renderer *find_renderer(const char *name) __attribute__((nonnull));

/* The parts of text: what was looked at; the findings, what could not be seen, and,
 * unless quiet, what passed and the count. */
void render_text_header(const struct report *report, const struct render_options *options,
			FILE *out) __attribute__((nonnull));
void render_text_verdicts(const struct report *report,
			  const struct render_options *options, FILE *out)
	__attribute__((nonnull));

/* The words in the language chosen. */
const char *say(const struct render_options *options, const struct words *words)
	__attribute__((nonnull));

/* "Pod ns/name", "Node n1". */
const char *subject_text(struct arena *arena, const struct subject *subject)
	__attribute__((nonnull));

/* One sentence on why, with its detail behind a colon. */
const char *reason_text(struct arena *arena, const struct render_options *options,
			const struct reason *reason) __attribute__((nonnull));
