// SPDX-License-Identifier: Apache-2.0
/* config.json of a bundle (OCI runtime specification). */
#include <jansson.h>
#include <string.h>

#include <wasmdiag/text.h>

#include "collect/bundles.h"
#include "collect/host_system.h"
#include "facts_rows.h"

#define ANNOTATIONS_MAX 64
#define TEXT_MAX        1024 /* bytes of a path, name or value that are kept */

static const char *take(struct arena *arena, const json_t *value)
{
	const char *text = json_string_value(value);

	return text ? arena_copy(arena, text, strnlen(text, TEXT_MAX)) : NULL;
}

static void keep_annotation(struct arena *arena, struct wasm_container *container,
			    const char *key, const json_t *value)
{
	struct label *label;

	if (!text_has(key, "wasm") && !text_starts(key, "module.") &&
	    !text_starts(key, "run.oci."))
		return;
	if (!json_is_string(value) || container->annotation_count >= ANNOTATIONS_MAX)
		return;
	container->annotations =
		arena_grow(arena, container->annotations, container->annotation_count,
			   sizeof(*container->annotations));
	label = &container->annotations[container->annotation_count++];
	label->key = arena_copy(arena, key, strnlen(key, TEXT_MAX));
	label->value = take(arena, value);
}

/* Which of the variables we look for are there: names only, the values are secrets. */
static void keep_variables(struct arena *arena, struct wasm_container *container,
			   const json_t *environment)
{
	const json_t *entry;
	size_t i;

	for (const char *const *name = kept_variables; *name; name++)
		json_array_foreach(environment, i, entry)
		{
			const char *text = json_string_value(entry);
			size_t length = strlen(*name);

			if (!text_starts(text, *name) || text[length] != '=')
				continue;
			host_list_add(arena, &container->variables, *name);
			break;
		}
}

bool bundle_parse(struct arena *arena, const char *json, size_t length,
		  struct wasm_container *container, const char **cwd)
{
	json_auto_t *root = json_loadb(json, length, JSON_ALLOW_NUL, NULL);
	json_t *annotations = json_object_get(root, "annotations");
	json_t *process = json_object_get(root, "process"), *value;
	const struct {
		const char *key, **field;
	} names[] = {
		{ "io.kubernetes.cri.sandbox-namespace", &container->namespace },
		{ "io.kubernetes.cri.sandbox-name", &container->pod },
		{ "io.kubernetes.cri.sandbox-uid", &container->pod_uid },
		{ "io.kubernetes.cri.container-name", &container->container },
	};
	const char *key, *type = json_string_value(json_object_get(
				 annotations, "io.kubernetes.cri.container-type"));

	if (!text_equal(type, "container"))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		*names[i].field = take(arena, json_object_get(annotations, names[i].key));
	container->program =
		take(arena, json_array_get(json_object_get(process, "args"), 0));
	*cwd = take(arena, json_object_get(process, "cwd"));
	keep_variables(arena, container, json_object_get(process, "env"));
	json_object_foreach(annotations, key, value)
		keep_annotation(arena, container, key, value);
	return container->program != NULL;
}
