// SPDX-License-Identifier: Apache-2.0
#include "collect/yaml_json.h"

#include <stdlib.h>
#include <string.h>

#define MAX_TEXT ((size_t)64 << 10)

static bool is_decimal(const char *text)
{
	const char *digits = "0123456789";
	size_t whole, fraction;

	text += *text == '-';
	whole = strspn(text, digits);
	if (!whole || text[whole] != '.')
		return false;
	fraction = strspn(text + whole + 1, digits);
	return fraction && !text[whole + 1 + fraction];
}

static json_t *scalar_to_json(const struct yaml_node *node, size_t *room)
{
	size_t length = strlen(node->text);
	int64_t number;
	bool truth;

	if (length > *room)
		return NULL;
	*room -= length;
	if (yaml_is_null(node))
		return json_null();
	if (yaml_bool(node, &truth))
		return json_boolean(truth);
	if (yaml_int(node, &number))
		return json_integer(number);
	if (node->plain && is_decimal(node->text))
		return json_real(strtod(node->text, NULL));
	return json_string(node->text);
}

/* Recursion and visits are bounded by yaml.h. */
static json_t *node_to_json(const struct yaml_node *node, size_t *room);

static json_t *sequence_to_json(const struct yaml_node *node, size_t *room)
{
	json_t *array = json_array();

	for (size_t i = 0; i < node->count; i++) {
		if (json_array_append_new(array, node_to_json(node->items[i], room)) == 0)
			continue;
		json_decref(array);
		return NULL;
	}
	return array;
}

static json_t *mapping_to_json(const struct yaml_node *node, size_t *room)
{
	json_t *object = json_object();

	for (size_t i = 0; i < node->count; i++) {
		const char *key = node->pairs[i].key->text;
		size_t length = strlen(key);
		json_t *value =
			length > *room ? NULL : node_to_json(node->pairs[i].value, room);

		*room -= length > *room ? *room : length;
		if (json_object_set_new(object, key, value) == 0)
			continue;
		json_decref(object);
		return NULL;
	}
	return object;
}

static json_t *node_to_json(const struct yaml_node *node, size_t *room)
{
	switch (node->kind) {
	case YAML_SEQUENCE:
		return sequence_to_json(node, room);
	case YAML_MAPPING:
		return mapping_to_json(node, room);
	default:
		return scalar_to_json(node, room);
	}
}

json_t *yaml_to_json(const struct yaml_node *node)
{
	size_t room = MAX_TEXT;

	return node ? node_to_json(node, &room) : json_null();
}
