// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <jansson.h>

#include "collect/yaml.h"

/*
 * The same value as JSON, as go-yaml reads YAML: what is not quoted may be null, a
 * boolean, an integer or a decimal number.  json_null() for no node; NULL when it holds
 * more than 64 KiB of text (aliases multiply) or memory is short.  Owned by the caller.
 */
json_t *yaml_to_json(const struct yaml_node *node);
