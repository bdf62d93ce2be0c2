// SPDX-License-Identifier: Apache-2.0
/* What a node reads on its way into a cluster.  The first byte picks what the rest is
 * taken for. */
#include <stdint.h>

#include "collect/join.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool wants_all(const char *line)
{
	(void)line;
	return true;
}

static void read_text(struct arena *arena, char kind, char *text)
{
	struct string_list list = { 0 };
	struct join_token token;

	if (kind == 't')
		join_token_parse(text, "agent", arena, &token);
	else if (kind == 'n')
		join_spares_loopback(text);
	else if (kind == 'j')
		journal_find(arena, text, 0, wants_all);
	else
		cgroups_parse(arena, text, &list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct string_list list;
	struct bytes bytes;

	if (size == 0)
		return 0;
	bytes.size = size - 1;
	bytes.data = arena_copy(&arena, (const char *)data + 1, bytes.size);
	if (*data == 'c')
		join_ca_hash(bytes, &arena);
	else if (*data == 'b')
		join_read_balancer(&arena, bytes, "https://a:6443", &list);
	else
		read_text(&arena, (char)*data, bytes.data);
	arena_free(&arena);
	return 0;
}
