// SPDX-License-Identifier: Apache-2.0
/* config.json of a container, which what made the pod has a say in. */
#include <stdlib.h>
#include <string.h>

#include "collect/bundles.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wasm_container container = { 0 };
	struct arena arena = { 0 };
	const char *cwd;

	if (bundle_parse(&arena, (const char *)data, size, &container, &cwd)) {
		if (!container.program || strlen(container.program) > 1024)
			abort();
		for (size_t i = 0; i < container.annotation_count; i++)
			if (!container.annotations[i].value)
				abort();
		/* names, each at most once: never a value */
		if (container.variables.count > 2)
			abort();
		for (size_t i = 0; i < container.variables.count; i++)
			if (strchr(container.variables.items[i], '='))
				abort();
	}
	arena_free(&arena);
	return 0;
}
