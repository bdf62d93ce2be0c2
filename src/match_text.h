// SPDX-License-Identifier: Apache-2.0
/*
 * What a text points to: any text, fed piece by piece, in memory that does not depend on
 * its length.  CRI, Docker and journal prefixes, colours, JSON and escapes do not hinder.
 */
#pragma once

#include <stdint.h>

#include "arena.h"
#include "patterns.h"

/* A guide that the text points to. */
struct match {
	const struct guide *guide;
	const struct check *check;
	int64_t line; /* the first that says so, from 1 */
	int64_t count; /* how often it was said */
	const char *text; /* that line: plain, scrubbed, cut to where it says so */
};

struct matches {
	struct match *items; /* in the order of their lines */
	size_t count;
	int64_t lines; /* read */
};

struct match_text;

/* It lives in the arena. */
struct match_text *match_text_new(struct arena *arena) __attribute__((nonnull));

void match_text_feed(struct match_text *text, const char *bytes, size_t length)
	__attribute__((nonnull(1)));

/* The text ends here.  What is returned lives in the arena. */
struct matches match_text_end(struct match_text *text) __attribute__((nonnull));
