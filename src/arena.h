// SPDX-License-Identifier: Apache-2.0
/*
 * One lifetime for everything a run learns: it is all freed at once.
 * Foreign handles are not kept here; scope releases those (cleanup.h).
 */
#pragma once

#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct arena_block;

#define ARENA_ALIGNMENT alignof(int64_t)

/* Starts as { 0 }. */
struct arena {
	struct arena_block *newest;
	struct arena_block *spare; /* NULL, or one given back, for the next */
};

/*
 * size bytes, all zero, aligned for pointers and 64-bit numbers, alive until
 * arena_free().  Never NULL: without memory the program says so and ends with status 1.
 */
void *arena_alloc(struct arena *arena, size_t size)
	__attribute__((nonnull, returns_nonnull, malloc));

/* count zeroed elements of size bytes; ends the program when the product overflows. */
void *arena_array(struct arena *arena, size_t count, size_t size)
	__attribute__((nonnull, returns_nonnull, malloc));

/*
 * Make room for element number count in an array the arena holds: returns the array,
 * moved when it was full.  Full means count is 0 or a power of two from 2 on.
 */
void *arena_grow(struct arena *arena, void *array, size_t count, size_t size)
	__attribute__((nonnull(1), returns_nonnull));

/*
 * The same for an array that gets long: it grows where it is, or is moved without a copy,
 * so that nothing may point into it, and no mark taken since it was last moved may be
 * gone back to.
 */
void *arena_regrow(struct arena *arena, void *array, size_t count, size_t size)
	__attribute__((nonnull(1), returns_nonnull));

/* A copy of length bytes and a final NUL. */
char *arena_copy(struct arena *arena, const char *bytes, size_t length)
	__attribute__((nonnull, returns_nonnull));

/* A copy of text; NULL when text is NULL. */
char *arena_string(struct arena *arena, const char *text) __attribute__((nonnull(1)));

/* Formatted text of any length. */
char *arena_format(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3), returns_nonnull));
char *arena_vformat(struct arena *arena, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0), returns_nonnull));

/* A place in the arena to go back to. */
struct arena_mark {
	struct arena_block *block;
	size_t used;
};

struct arena_mark arena_mark(const struct arena *arena) __attribute__((nonnull));

/* Give back all that was allocated since the mark: what was read and is not kept. */
void arena_rewind(struct arena *arena, struct arena_mark mark) __attribute__((nonnull));

/* Let one arena take over what the other holds, which is empty afterwards. */
void arena_adopt(struct arena *arena, struct arena *other) __attribute__((nonnull));

/* Free everything; the arena may be used again. */
void arena_free(struct arena *arena) __attribute__((nonnull));

/* As arena_free(), after overwriting what was in it: for arenas that held secrets. */
void arena_wipe(struct arena *arena) __attribute__((nonnull));
