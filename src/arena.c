// SPDX-License-Identifier: Apache-2.0
#include "arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE ((size_t)16384)

struct arena_block {
	struct arena_block *older;
	size_t used;
	size_t size;
	alignas(max_align_t) unsigned char bytes[];
};

static _Noreturn void out_of_memory(void)
{
	fputs("wasmdiag: out of memory\n", stderr);
	exit(1);
}

static struct arena_block *add_block(struct arena *arena, size_t size)
{
	size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
	struct arena_block *block;

	if (room > SIZE_MAX / 2)
		out_of_memory();
	block = calloc(1, sizeof(*block) + room);
	if (!block)
		out_of_memory();
	block->size = room;
	block->older = arena->newest;
	arena->newest = block;
	return block;
}

/* Texts lie close together; what came before decides where the next one may. */
static void *take(struct arena *arena, size_t size, size_t alignment)
{
	struct arena_block *block = arena->newest;
	size_t start;

	if (size > SIZE_MAX / 4)
		out_of_memory();
	if (!block || block->size - block->used < size + alignment)
		block = add_block(arena, size);
	start = (block->used + alignment - 1) & ~(alignment - 1);
	arena->total += start + size - block->used;
	block->used = start + size;
	return block->bytes + start;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return take(arena, size, alignof(max_align_t));
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / 4 / size)
		out_of_memory();
	return arena_alloc(arena, count * size);
}

/* Room is made for 8, 16, 32 ... */
static bool has_room(const void *array, size_t count)
{
	return array && count && (count < 8 || (count & (count - 1)));
}

void *arena_grow(struct arena *arena, void *array, size_t count, size_t size)
{
	void *moved;

	if (has_room(array, count))
		return array;
	moved = arena_array(arena, count < 8 ? 8 : count * 2, size);
	if (array && count)
		memcpy(moved, array, count * size);
	return moved;
}

/* Take the block that the array has for itself out of the arena; NULL: it has none. */
static struct arena_block *take_block_of(struct arena *arena, const void *array)
{
	struct arena_block **link = &arena->newest, *block;

	while (*link && (*link)->bytes != array)
		link = &(*link)->older;
	block = *link;
	if (block)
		*link = block->older;
	return block;
}

void *arena_regrow(struct arena *arena, void *array, size_t count, size_t size)
{
	struct arena_block *left = NULL;
	void *moved;

	if (has_room(array, count))
		return array;
	if (array && count * size > BLOCK_SIZE)
		left = take_block_of(arena, array);
	moved = arena_grow(arena, array, count, size);
	free(left);
	return moved;
}

char *arena_copy(struct arena *arena, const char *bytes, size_t length)
{
	char *copy = take(arena, length + 1, 1);

	memcpy(copy, bytes, length);
	return copy;
}

char *arena_string(struct arena *arena, const char *text)
{
	return text ? arena_copy(arena, text, strlen(text)) : NULL;
}

char *arena_vformat(struct arena *arena, const char *format, va_list arguments)
{
	va_list again;
	int length;
	char *text;

	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length < 0)
		return arena_alloc(arena, 1);
	text = arena_alloc(arena, (size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, arguments);
	return text;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = arena_vformat(arena, format, arguments);
	va_end(arguments);
	return text;
}

struct arena_mark arena_mark(const struct arena *arena)
{
	return (struct arena_mark){ arena->newest,
				    arena->newest ? arena->newest->used : 0,
				    arena->total };
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
	while (arena->newest != mark.block) {
		struct arena_block *older = arena->newest->older;

		free(arena->newest);
		arena->newest = older;
	}
	if (mark.block) {
		memset(mark.block->bytes + mark.used, 0, mark.block->used - mark.used);
		mark.block->used = mark.used;
	}
	arena->total = mark.total;
}

void arena_adopt(struct arena *arena, struct arena *other)
{
	struct arena_block *oldest = other->newest;

	if (!oldest)
		return;
	while (oldest->older)
		oldest = oldest->older;
	oldest->older = arena->newest;
	arena->newest = other->newest;
	arena->total += other->total;
	*other = (struct arena){ 0 };
}

void arena_free(struct arena *arena)
{
	struct arena_block *block = arena->newest;

	while (block) {
		struct arena_block *older = block->older;

		free(block);
		block = older;
	}
	*arena = (struct arena){ 0 };
}

void arena_wipe(struct arena *arena)
{
	for (struct arena_block *block = arena->newest; block; block = block->older)
		explicit_bzero(block->bytes, block->used);
	arena_free(arena);
}
