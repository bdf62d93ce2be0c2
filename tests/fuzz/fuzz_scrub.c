// SPDX-License-Identifier: Apache-2.0
/* Scrubbing shortens, ends, and finds nothing more the second time. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "scrub.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	size_t length;

	if (!text)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	length = strlen(text);
	scrub(text);
	if (strlen(text) > length)
		abort();
	free(text);
	return 0;
}
