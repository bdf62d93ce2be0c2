// SPDX-License-Identifier: Apache-2.0
/* Small helpers on strings, free of I/O and of allocation. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Equal; two NULLs are equal, one is not. */
bool text_equal(const char *a, const char *b);

/* text begins or ends with the other; false when either is NULL. */
bool text_starts(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);

/* text holds part; false when either is NULL. */
bool text_has(const char *text, const char *part);

/* For qsort() of an array of strings: by their bytes. */
int text_compare(const void *a, const void *b) __attribute__((nonnull));

/* "" for NULL: for printing. */
const char *text_or_empty(const char *text);

/*
 * Copy length bytes into out (size bytes, always ended by NUL), harmless to a terminal:
 * control characters, invalid UTF-8 and bidirectional overrides become \xNN or \u{N};
 * tab and newline become a space.  What does not fit is cut at a character and ends
 * in "...".  Returns the bytes written, without the NUL.
 */
size_t text_escape(const char *bytes, size_t length, char *out, size_t size)
	__attribute__((nonnull));

/*
 * The first character of text, which is not empty: its bytes.  A byte that is no UTF-8 is
 * one of its own.  Hostile is what text_escape() does not show as it is.
 */
size_t text_character(const char *text, uint32_t *ret_character, bool *ret_hostile)
	__attribute__((nonnull));

/*
 * Go's path.Match, by which containerd picks the annotations it passes on
 * (containerd internal/cri/util/util.go; facts B3): '*' and '?' do not cross '/',
 * [a-z] classes, backslash escapes.  A malformed pattern matches nothing.
 */
bool text_path_match(const char *pattern, const char *name) __attribute__((nonnull));

/* The edits (insert, drop, replace, swap neighbours) from a to b; at most 64 bytes of
 * each are looked at.  For "did you mean". */
size_t text_distance(const char *a, const char *b) __attribute__((nonnull));
