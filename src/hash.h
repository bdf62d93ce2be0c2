// SPDX-License-Identifier: Apache-2.0
/* Places in a list by what stands there: a list that only grows is not searched from the
 * front for every element added. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "arena.h"

#define HASH_START   UINT64_C(0xcbf29ce484222325)
#define HASH_NOWHERE SIZE_MAX

struct hash_slot {
	uint64_t hash;
	size_t place; /* and one more; 0: the slot is free */
};

/* Starts as { 0 }. */
struct hash_table {
	struct hash_slot *slots;
	size_t capacity; /* a power of two */
	size_t count;
};

/* Go on from hash with text, which may be NULL: no text is another than an empty one. */
uint64_t hash_text(uint64_t hash, const char *text);

/* Note that what has this hash stands at place. */
void hash_add(struct hash_table *table, struct arena *arena, uint64_t hash, size_t place)
	__attribute__((nonnull));

/* Make room for that many, so that adding them moves nothing. */
void hash_reserve(struct hash_table *table, struct arena *arena, size_t count)
	__attribute__((nonnull));

/*
 * The next place of this hash; HASH_NOWHERE when there is none (left).  cursor starts as
 * 0.  While nothing has moved they come in the order they were added.
 */
size_t hash_next(const struct hash_table *table, uint64_t hash, size_t *cursor)
	__attribute__((nonnull));
