// SPDX-License-Identifier: Apache-2.0
/* What an event may say: every part that is found lies within it, and it comes to an end.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gatekeeper.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void within(const char *start, size_t length, const char *text, size_t size)
{
	if (text < start || text > start + size || length > (size_t)(start + size - text))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	const char *cursor = text, *before;
	struct denial_text denial;

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	for (before = cursor; next_denial(&cursor, &denial); before = cursor) {
		if (cursor <= before || denial.constraint_length > 253)
			abort();
		within(text, denial.constraint_length, denial.constraint, size);
		within(text, denial.message_length, denial.message, size);
		if (denial.template)
			within(text, denial.template_length, denial.template, size);
	}
	free(text);
	return 0;
}
