// SPDX-License-Identifier: Apache-2.0
/* Any bytes through the YAML reader; what it accepts is walked within its promises. */
#include <stdlib.h>

#include "collect/yaml.h"
#include "collect/yaml_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t walk(const struct yaml_node *node, unsigned depth)
{
	size_t visited = 1;
	int64_t number;
	bool truth;

	if (!node || depth > YAML_MAX_DEPTH)
		abort();
	yaml_bool(node, &truth);
	yaml_int(node, &number);
	for (size_t i = 0; i < node->count; i++) {
		if (node->kind == YAML_SEQUENCE) {
			visited += walk(node->items[i], depth + 1);
			continue;
		}
		visited += walk(node->pairs[i].key, depth + 1);
		visited += walk(node->pairs[i].value, depth + 1);
		if (yaml_get(node, node->pairs[i].key->text) != node->pairs[i].value)
			abort();
	}
	return visited;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct error error = { 0 };
	const struct yaml_node *root = NULL;
	char *copy = arena_copy(&arena, (const char *)data, size);

	if (yaml_parse("input", (struct bytes){ copy, size }, &arena, &root, &error) &&
	    root && walk(root, 1) > YAML_MAX_NODES)
		abort();
	json_decref(yaml_to_json(root));
	arena_free(&arena);
	return 0;
}
