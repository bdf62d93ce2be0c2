// SPDX-License-Identifier: Apache-2.0
/* The TOML reader: any bytes give a whole tree or one sentence. */
#include <stdlib.h>
#include <string.h>

#include "collect/toml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every node can be reached, and is what its type says. */
static void walk(const struct toml_node *node, int depth)
{
	bool container = node->type == TOML_ARRAY || node->type == TOML_TABLE;

	if (depth > 3 * TOML_DEPTH_MAX || node->line < 1)
		abort();
	if (!container && node->first)
		abort();
	if (node->type == TOML_STRING && strlen(node->text) > TOML_SIZE_MAX)
		abort();
	for (const struct toml_node *child = node->first; child; child = child->next) {
		if ((node->type == TOML_TABLE) != (child->key != NULL))
			abort();
		walk(child, depth + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct error error = { 0 };
	struct toml toml;

	if (toml_parse(&arena, (const char *)data, size, &toml, &error))
		walk(toml.root, 0);
	else if (error.kind == ERROR_NONE || !error.text[0] || toml.root)
		abort();
	arena_free(&arena);
	return 0;
}
