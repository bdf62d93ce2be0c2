// SPDX-License-Identifier: Apache-2.0
#include "collect/ld_cache.h"

#include <string.h>

#define FOUND_MAX  16
#define OLD_HEADER 16 /* "ld.so-1.7.0", NUL, u32 count */
#define OLD_ENTRY  12
#define NEW_HEADER 48
#define NEW_ENTRY  24 /* i32 flags, u32 key, u32 value, u32, u64 */
#define FLAG_TYPE  0xff
#define FLAG_ELF   1 /* a.out would be 0 */

static const char old_magic[] = "ld.so-1.7.0";
static const char new_magic[] = "glibc-ld.so.cache1.1";

static uint32_t get_u32(const char *bytes)
{
	uint32_t number;

	memcpy(&number, bytes, sizeof(number));
	return number;
}

/* Where the new format begins: behind the old entries, aligned to 8. */
static bool find_start(const char *bytes, size_t size, size_t *ret_start)
{
	size_t start = 0;

	if (size >= OLD_HEADER && memcmp(bytes, old_magic, sizeof(old_magic) - 1) == 0) {
		size_t count = get_u32(bytes + 12);

		if (count > size / OLD_ENTRY)
			return false;
		start = (OLD_HEADER + count * OLD_ENTRY + 7) / 8 * 8;
	}
	*ret_start = start;
	return start <= size && size - start >= NEW_HEADER &&
	       memcmp(bytes + start, new_magic, sizeof(new_magic) - 1) == 0;
}

/* The string at an offset; NULL when it does not end within the cache. */
static const char *get_string(const char *bytes, size_t size, uint32_t offset)
{
	if (offset >= size || !memchr(bytes + offset, '\0', size - offset))
		return NULL;
	return bytes + offset;
}

bool ld_cache_find(struct arena *arena, const char *bytes, size_t size,
		   const char *library, struct string_list *ret)
{
	size_t start, count;

	*ret = (struct string_list){ 0 };
	if (!find_start(bytes, size, &start))
		return false;
	bytes += start;
	size -= start;
	count = get_u32(bytes + 20);
	if (count > (size - NEW_HEADER) / NEW_ENTRY)
		count = (size - NEW_HEADER) / NEW_ENTRY;
	for (size_t i = 0; i < count && ret->count < FOUND_MAX; i++) {
		const char *entry = bytes + NEW_HEADER + i * NEW_ENTRY;
		const char *name = get_string(bytes, size, get_u32(entry + 4));
		const char *path = get_string(bytes, size, get_u32(entry + 8));

		if (!name || !path || strcmp(name, library) != 0 ||
		    (get_u32(entry) & FLAG_TYPE) < FLAG_ELF)
			continue;
		ret->items =
			arena_grow(arena, ret->items, ret->count, sizeof(*ret->items));
		ret->items[ret->count++] = arena_string(arena, path);
	}
	return true;
}
