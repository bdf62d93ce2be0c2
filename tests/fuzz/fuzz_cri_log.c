// SPDX-License-Identifier: Apache-2.0
/* A container's log: its text is whatever the container wrote. */
#include <stdlib.h>
#include <string.h>

#include "collect/cri_log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool wanted(const char *line)
{
	return strstr(line, "error") || strlen(line) % 3 == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct string_list list = cri_log_find(&arena, (const char *)data, size, wanted);

	if (list.count > CRI_LOG_LINES)
		abort();
	for (size_t i = 0; i < list.count; i++)
		if (strlen(list.items[i]) > CRI_LOG_WIDTH)
			abort();
	arena_free(&arena);
	return 0;
}
