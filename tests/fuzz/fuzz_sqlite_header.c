// SPDX-License-Identifier: Apache-2.0
/* The head of a database of any bytes: what is read of it can be reckoned with. */
#include <stdlib.h>

#include "collect/sqlite_header.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sqlite_header header;
	int64_t bytes;

	if (!sqlite_header_parse(data, size, &header))
		return 0;
	if (size < SQLITE_HEADER_SIZE || header.page_size < 512 ||
	    header.page_size > 65536 || header.page_count < 0 || header.free_pages < 0 ||
	    __builtin_mul_overflow(header.page_size, header.page_count, &bytes))
		abort();
	return 0;
}
