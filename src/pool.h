// SPDX-License-Identifier: Apache-2.0
/*
 * Remembers what an arena holds lately, so that the same bytes are kept once: the pods of
 * a Deployment differ by little but name and address.  It remembers so many and no more;
 * what it has forgotten is only kept again.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "arena.h"

#define POOL_SLOTS 8192

struct pooled {
	const void *bytes; /* NULL: nothing yet */
	uint32_t hash;
	uint32_t size;
};

/* Starts as { 0 }; what it knows is void when something was given back of the arena. */
struct pool {
	struct pooled slots[POOL_SLOTS];
};

/* These bytes, size not 0: where they are already, or a copy in the arena, of any
 * alignment. */
const void *pool_copy(struct pool *pool, struct arena *arena, const void *bytes,
		      size_t size) __attribute__((nonnull, returns_nonnull));

/* The same for a text that the arena holds, all that was made since the mark: where there
 * is such already, it is given back. */
const char *pool_share_text(struct pool *pool, struct arena *arena,
			    struct arena_mark mark, const char *text)
	__attribute__((nonnull, returns_nonnull));

/*
 * The same for a list or a struct, made since the mark: where there are such bytes
 * already, everything since the mark is given back.  Nothing that the pool has learnt
 * since may be in it, which holds when all of it is pointed to from these bytes: then it
 * is new, and they are not the same.
 */
void *pool_share(struct pool *pool, struct arena *arena, struct arena_mark mark,
		 void *bytes, size_t size) __attribute__((nonnull, returns_nonnull));
