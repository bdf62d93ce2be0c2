// SPDX-License-Identifier: Apache-2.0
#include "pool.h"

#include <stdbool.h>
#include <string.h>

/* FNV-1a; who makes two of one hash makes them be kept twice. */
static uint32_t hash_bytes(const unsigned char *bytes, size_t size)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
	return (uint32_t)(hash ^ hash >> 32);
}

static struct pooled *find_slot(struct pool *pool, uint32_t hash)
{
	return &pool->slots[hash % POOL_SLOTS];
}

static bool holds(const struct pooled *slot, uint32_t hash, const void *bytes,
		  size_t size)
{
	return slot->bytes && slot->hash == hash && slot->size == size &&
	       memcmp(slot->bytes, bytes, size) == 0;
}

const void *pool_copy(struct pool *pool, struct arena *arena, const void *bytes,
		      size_t size)
{
	uint32_t hash = hash_bytes(bytes, size);
	struct pooled *slot = find_slot(pool, hash);

	if (!holds(slot, hash, bytes, size))
		*slot = (struct pooled){ arena_copy(arena, bytes, size), hash,
					 (uint32_t)size };
	return slot->bytes;
}

const char *pool_share_text(struct pool *pool, struct arena *arena,
			    struct arena_mark mark, const char *text)
{
	size_t size = strlen(text) + 1;
	uint32_t hash = hash_bytes((const unsigned char *)text, size);
	struct pooled *slot = find_slot(pool, hash);

	if (holds(slot, hash, text, size))
		arena_rewind(arena, mark);
	else
		*slot = (struct pooled){ text, hash, (uint32_t)size };
	return slot->bytes;
}

/* A text may have the bytes of a list, but not its alignment. */
static bool is_aligned(const void *bytes)
{
	return (uintptr_t)bytes % ARENA_ALIGNMENT == 0;
}

void *pool_share(struct pool *pool, struct arena *arena, struct arena_mark mark,
		 void *bytes, size_t size)
{
	uint32_t hash = hash_bytes(bytes, size);
	struct pooled *slot = find_slot(pool, hash);

	if (holds(slot, hash, bytes, size) && is_aligned(slot->bytes))
		arena_rewind(arena, mark);
	else
		*slot = (struct pooled){ bytes, hash, (uint32_t)size };
	return (void *)slot->bytes;
}
