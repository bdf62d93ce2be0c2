// SPDX-License-Identifier: Apache-2.0
#include <jansson.h>

#include "json_text.h"
#include "module.h"

static json_t *number(int64_t value)
{
	return value == UNSET ? json_null() : json_integer(value);
}

/* NULL when either is: one member that is lost loses the document. */
static json_t *append(json_t *array, json_t *item)
{
	if (json_array_append_new(array, item) == 0)
		return array;
	json_decref(array);
	return NULL;
}

static json_t *strings(const struct string_list *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->count; i++)
		array = append(array, json_string(list->items[i]));
	return array;
}

static json_t *memories(const struct wasm_module *module)
{
	json_t *array = json_array();

	for (size_t i = 0; i < module->memory_count; i++) {
		const struct wasm_memory *memory = &module->memories[i];

		array = append(
			array,
			json_pack("{s:I, s:o, s:I, s:b, s:b, s:b, s:b}", "min",
				  (json_int_t)memory->min, "max", number(memory->max),
				  "page_size", (json_int_t)memory->page_size, "memory64",
				  memory->memory64, "shared", memory->shared, "imported",
				  memory->imported, "nested", memory->nested));
	}
	return array;
}

static json_t *imports(const struct wasm_module *module)
{
	json_t *array = json_array();

	for (size_t i = 0; i < module->import_count; i++)
		array = append(array,
			       json_pack("{s:s?, s:s?, s:s}", "module",
					 module->imports[i].module, "name",
					 module->imports[i].name, "kind",
					 wasm_extern_name(module->imports[i].kind)));
	return array;
}

static json_t *exports(const struct wasm_module *module)
{
	json_t *array = json_array();

	for (size_t i = 0; i < module->export_count; i++)
		array = append(array,
			       json_pack("{s:s?, s:s}", "name", module->exports[i].name,
					 "kind",
					 wasm_extern_name(module->exports[i].kind)));
	return array;
}

static json_t *aot(const struct wasm_aot *aot_section)
{
	if (!aot_section->present)
		return json_null();
	return json_pack("{s:o, s:s?, s:s?}", "version", number(aot_section->version),
			 "os", aot_section->os, "arch", aot_section->arch);
}

/* What does not fit 64 bits, or has no end, is null. */
static json_t *bytes(int64_t value)
{
	return value == INT64_MAX ? json_null() : number(value);
}

static json_t *to_json(const struct wasm_module *module)
{
	json_t *object = json_pack(
		"{s:s, s:s, s:I, s:o, s:o, s:o, s:b, s:o, s:I}", "schema",
		"wasmdiag.module/1", "kind", wasm_kind_name(module->kind), "size",
		(json_int_t)module->size, "memories", memories(module), "imports",
		imports(module), "exports", exports(module), "sockets", module->sockets,
		"aot", aot(&module->aot), "debug_bytes", (json_int_t)module->debug_bytes);
	json_t *more =
		json_pack("{s:o, s:o, s:I, s:I, s:o, s:b, s:b, s:b, s:o, s:o, s:o}",
			  "minimum_bytes", bytes(wasm_minimum_bytes(module)),
			  "maximum_bytes", bytes(wasm_maximum_bytes(module)),
			  "import_total", (json_int_t)module->import_total,
			  "export_total", (json_int_t)module->export_total,
			  "socket_version", number(module->socket_version), "command",
			  module->command, "reactor", module->reactor, "start_section",
			  module->start_section, "features", strings(&module->features),
			  "target_features", strings(&module->target_features),
			  "custom_sections", strings(&module->custom_sections));
	json_t *rest = json_pack("{s:I, s:I, s:I, s:o, s:s?, s:s?}", "code_bytes",
				 (json_int_t)module->code_bytes, "data_bytes",
				 (json_int_t)module->data_bytes, "custom_bytes",
				 (json_int_t)module->custom_bytes, "stack_bytes",
				 number(module->stack_bytes), "language",
				 module->language, "toolchain", module->toolchain);

	if (!more || !rest || json_object_update(object, more) != 0 ||
	    json_object_update(object, rest) != 0) {
		json_decref(object);
		object = NULL;
	}
	json_decref(more);
	json_decref(rest);
	return object;
}

bool render_module_json(const struct wasm_module *module, FILE *out)
{
	json_auto_t *object = to_json(module);

	return object && json_print(object, JSON_INDENT(2), out);
}
