// SPDX-License-Identifier: Apache-2.0
/* Whatever is piped into `wasmdiag match`: the same however it is cut. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "match_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	struct arena arena = { 0 };
	struct match_text *whole = match_text_new(&arena), *cut = match_text_new(&arena);
	struct matches a, b;

	match_text_feed(whole, bytes, size);
	for (size_t i = 0; i < size; i++)
		match_text_feed(cut, bytes + i, 1);
	a = match_text_end(whole);
	b = match_text_end(cut);
	if (a.count != b.count || a.lines != b.lines)
		abort();
	for (size_t i = 0; i < a.count; i++)
		if (a.items[i].line != b.items[i].line ||
		    a.items[i].count != b.items[i].count ||
		    strcmp(a.items[i].text, b.items[i].text) != 0)
			abort();
	arena_free(&arena);
	return 0;
}
