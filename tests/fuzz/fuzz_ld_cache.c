// SPDX-License-Identifier: Apache-2.0
/* ld.so.cache of any bytes: every path named lies within it. */
#include <stdlib.h>
#include <string.h>

#include "collect/ld_cache.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct string_list list;

	ld_cache_find(&arena, (const char *)data, size, "libwasmedge.so.0", &list);
	for (size_t i = 0; i < list.count; i++)
		if (strlen(list.items[i]) >= size)
			abort();
	arena_free(&arena);
	return 0;
}
