// SPDX-License-Identifier: Apache-2.0
#include "hash.h"

#define FIRST_CAPACITY 32

/* FNV-1a.  A collision costs a step, and no more than a search from the front would. */
uint64_t hash_text(uint64_t hash, const char *text)
{
	static const uint64_t prime = UINT64_C(0x100000001b3);

	if (!text)
		return (hash ^ 0x100) * prime;
	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * prime;
	return hash * prime; /* so that "a", "bc" is not "ab", "c" */
}

static size_t slot_of(const struct hash_table *table, uint64_t hash, size_t step)
{
	return (size_t)((hash ^ hash >> 32) + step) & (table->capacity - 1);
}

static void put(struct hash_table *table, struct hash_slot slot)
{
	size_t step = 0;

	while (table->slots[slot_of(table, slot.hash, step)].place)
		step++;
	table->slots[slot_of(table, slot.hash, step)] = slot;
}

static void resize(struct hash_table *table, struct arena *arena, size_t capacity)
{
	struct hash_table moved = { .capacity = capacity, .count = table->count };

	moved.slots = arena_array(arena, capacity, sizeof(*moved.slots));
	for (size_t i = 0; i < table->capacity; i++)
		if (table->slots[i].place)
			put(&moved, table->slots[i]);
	*table = moved;
}

void hash_reserve(struct hash_table *table, struct arena *arena, size_t count)
{
	size_t capacity = table->capacity ? table->capacity : FIRST_CAPACITY;

	while (capacity / 2 < count)
		capacity *= 2;
	if (capacity != table->capacity)
		resize(table, arena, capacity);
}

void hash_add(struct hash_table *table, struct arena *arena, uint64_t hash, size_t place)
{
	hash_reserve(table, arena, table->count + 1);
	put(table, (struct hash_slot){ hash, place + 1 });
	table->count++;
}

size_t hash_next(const struct hash_table *table, uint64_t hash, size_t *cursor)
{
	while (table->capacity) {
		const struct hash_slot *slot =
			&table->slots[slot_of(table, hash, (*cursor)++)];

		if (!slot->place)
			break;
		if (slot->hash == hash)
			return slot->place - 1;
	}
	return HASH_NOWHERE;
}
