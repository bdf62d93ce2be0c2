// SPDX-License-Identifier: Apache-2.0
#include "arena.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define BLOCK_SIZE ((size_t)65536 - sizeof(struct arena_block))

/* What is larger has a block for itself, of that size. */
struct arena_block {
	struct arena_block *older;
	size_t used;
	size_t size;
	alignas(ARENA_ALIGNMENT) unsigned char bytes[];
};

/*
 * Under AddressSanitizer what was not handed out, or was given back, must not be touched,
 * and a gap lies behind each piece: else nobody would see who writes past its end.
 */
#ifdef __SANITIZE_ADDRESS__
#define GUARDED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GUARDED
#endif
#endif

#ifdef GUARDED
#include <sanitizer/asan_interface.h>

#define GAP ARENA_ALIGNMENT

static void allow(const void *bytes, size_t size)
{
	__asan_unpoison_memory_region(bytes, size);
}

static void forbid(const void *bytes, size_t size)
{
	__asan_poison_memory_region(bytes, size);
}
#else
#define GAP ((size_t)0)

static void allow(const void *bytes, size_t size)
{
	(void)bytes;
	(void)size;
}

static void forbid(const void *bytes, size_t size)
{
	(void)bytes;
	(void)size;
}
#endif

static _Noreturn void out_of_memory(void)
{
	fputs("wasmdiag: out of memory\n", stderr);
	exit(1);
}

/*
 * Mapped and not from malloc(): what was never written takes no room, a large block grows
 * without a copy, and what libraries free in between leaves no holes.
 */
static struct arena_block *map_block(size_t size)
{
	struct arena_block *block;

	if (size > SIZE_MAX / 2)
		out_of_memory();
	block = mmap(NULL, sizeof(*block) + size, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (block == MAP_FAILED)
		out_of_memory();
	block->size = size;
	forbid(block->bytes, size);
	return block;
}

static void unmap_block(struct arena_block *block)
{
	if (!block)
		return;
	allow(block->bytes, block->size);
	munmap(block, sizeof(*block) + block->size);
}

/* Give back what lies behind the first kept bytes: the next is to find zeros. */
static void clear_block(struct arena_block *block, size_t kept)
{
	allow(block->bytes + kept, block->used - kept);
	memset(block->bytes + kept, 0, block->used - kept);
	forbid(block->bytes + kept, block->size - kept);
	block->used = kept;
}

/* An arena that is rewound often would map and unmap a block each time. */
static struct arena_block *take_spare(struct arena *arena)
{
	struct arena_block *block = arena->spare;

	if (!block)
		return map_block(BLOCK_SIZE);
	arena->spare = NULL;
	clear_block(block, 0);
	return block;
}

static struct arena_block *add_block(struct arena *arena, size_t size)
{
	struct arena_block *block =
		size > BLOCK_SIZE ? map_block(size) : take_spare(arena);

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
	if (GAP)
		alignment = ARENA_ALIGNMENT;
	if (!block || block->size - block->used < size + GAP + alignment)
		block = add_block(arena, size + GAP);
	start = (block->used + alignment - 1) & ~(alignment - 1);
	block->used = start + size + GAP;
	allow(block->bytes + start, size);
	return block->bytes + start;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return take(arena, size, ARENA_ALIGNMENT);
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / 4 / size)
		out_of_memory();
	return arena_alloc(arena, count * size);
}

/* Room is made for 2, 4, 8 ...: most lists of a finding have one element. */
static bool has_room(const void *array, size_t count)
{
	return array && count && (count < 2 || (count & (count - 1)));
}

void *arena_grow(struct arena *arena, void *array, size_t count, size_t size)
{
	void *moved;

	if (has_room(array, count))
		return array;
	moved = arena_array(arena, count < 2 ? 2 : count * 2, size);
	if (array && count)
		memcpy(moved, array, count * size);
	return moved;
}

/* Where the block that the array has for itself hangs; NULL: it has none. */
static struct arena_block **find_block(struct arena *arena, const void *array)
{
	struct arena_block **link = &arena->newest;

	while (*link && (*link)->bytes != array)
		link = &(*link)->older;
	return *link && (*link)->size > BLOCK_SIZE ? link : NULL;
}

void *arena_regrow(struct arena *arena, void *array, size_t count, size_t size)
{
	struct arena_block **link, *block;
	size_t more = count * size;

	if (has_room(array, count))
		return array;
	link = array ? find_block(arena, array) : NULL;
	if (!link)
		return arena_grow(arena, array, count, size);
	block = *link;
	block = mremap(block, sizeof(*block) + block->size,
		       sizeof(*block) + block->size + more, MREMAP_MAYMOVE);
	if (block == MAP_FAILED)
		out_of_memory();
	block->size += more;
	block->used += more;
	allow(block->bytes, block->size);
	forbid(block->bytes + block->used - GAP, block->size - block->used + GAP);
	*link = block;
	return block->bytes;
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
				    arena->newest ? arena->newest->used : 0 };
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
	while (arena->newest != mark.block) {
		struct arena_block *block = arena->newest;

		arena->newest = block->older;
		if (arena->spare || block->size > BLOCK_SIZE)
			unmap_block(block);
		else
			arena->spare = block;
	}
	if (mark.block)
		clear_block(mark.block, mark.used);
}

void arena_adopt(struct arena *arena, struct arena *other)
{
	struct arena_block *oldest = other->newest;

	unmap_block(other->spare);
	other->spare = NULL;
	if (!oldest)
		return;
	while (oldest->older)
		oldest = oldest->older;
	oldest->older = arena->newest;
	arena->newest = other->newest;
	*other = (struct arena){ 0 };
}

void arena_free(struct arena *arena)
{
	struct arena_block *block = arena->newest;

	while (block) {
		struct arena_block *older = block->older;

		unmap_block(block);
		block = older;
	}
	unmap_block(arena->spare);
	*arena = (struct arena){ 0 };
}

static void wipe_block(struct arena_block *block)
{
	allow(block->bytes, block->used);
	explicit_bzero(block->bytes, block->used);
}

void arena_wipe(struct arena *arena)
{
	if (arena->spare)
		wipe_block(arena->spare);
	for (struct arena_block *block = arena->newest; block; block = block->older)
		wipe_block(block);
	arena_free(arena);
}
