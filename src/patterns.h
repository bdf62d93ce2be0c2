// SPDX-License-Identifier: Apache-2.0
/*
 * Which lines of a log mean something: the `match` texts of all guides, as one automaton
 * (Aho and Corasick 1975), so that a line costs the same whatever the number of texts.
 * What one guide alone matches, guide_matches() says the same.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <wasmdiag/check.h>

/* A guide's text found in a line. */
struct pattern_hit {
	const struct guide *guide;
	const struct check *check;
	size_t start, end; /* where in the line: end is behind its last byte */
	/* how exactly it says so: a text without '*' before one with, then the longer */
	unsigned exactness;
	const void *note; /* the caller's */
};

/* Hand over every text of every guide in the line (length bytes, NULs are allowed), in
 * the order of their ends. */
void patterns_find(const char *line, size_t length,
		   void (*found)(void *context, const struct pattern_hit *hit),
		   void *context) __attribute__((nonnull(1, 3)));

/* Some guide matches this line. */
bool pattern_wants(const char *line) __attribute__((nonnull));

/* This line goes on with what WasmEdge said in the line before: "[error]     ...", which
 * says where (facts C4). */
bool pattern_continues(const char *line) __attribute__((nonnull));

#define PATTERN_BEST 16

/* What one thing said means: of each check the guides that say it most exactly. */
struct pattern_best {
	struct pattern_hit hits[PATTERN_BEST];
	size_t count;
};

/*
 * Take a hit in.  Of one check the most exact counts: "execution failed: unreachable"
 * outdoes "execution failed: *, Code: 0x".  Guides that say it equally exactly, and those
 * of other checks, all stay.  Returns where it now is, or NULL when it was outdone.
 */
struct pattern_hit *pattern_best_add(struct pattern_best *best,
				     const struct pattern_hit *hit)
	__attribute__((nonnull));

/* What this line means. */
void pattern_best_of(const char *line, struct pattern_best *best)
	__attribute__((nonnull));
