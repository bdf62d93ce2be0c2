// SPDX-License-Identifier: Apache-2.0
/* What a runtime may print for --version and features. */
#include <stdlib.h>

#include "collect/runtimes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct runtime_binary binary = { .major = UNSET, .minor = UNSET };
	struct arena arena = { 0 };

	if (parse_runtime_version(&arena, (const char *)data, size, &binary) &&
	    (binary.major < 0 || binary.minor < 0 || !binary.version))
		abort();
	engine_library(&binary);
	parse_runtime_features((const char *)data, size, &binary);
	arena_free(&arena);
	return 0;
}
