// SPDX-License-Identifier: Apache-2.0
/* Components: design/mvp/Binary.md of the component model, version 0xd. */
#include "wasm_reader.h"

#include <inttypes.h>

#include <wasmdiag/text.h>

static bool read_index(struct wasm_reader *reader)
{
	uint32_t index;

	return wasm_read_u32(reader, &index);
}

/* importname' and exportname': a form, the name, in form 2 a version suffix. */
static bool read_extern_name(struct wasm_reader *reader, char name[WASM_NAME_SIZE])
{
	char suffix[WASM_NAME_SIZE];
	uint8_t form;

	if (!wasm_read_byte(reader, &form))
		return false;
	if (form > 2)
		return wasm_wrong(reader, reader->at - 1, "name form 0x%02x is not known",
				  form);
	return wasm_read_name(reader, name) &&
	       (form != 2 || wasm_read_name(reader, suffix));
}

/* A byte that chooses between an index (or a type) and nothing more. */
static bool read_bound(struct wasm_reader *reader, bool is_type)
{
	int64_t value_type;
	uint8_t form;

	if (!wasm_read_byte(reader, &form))
		return false;
	if (form > 1)
		return wasm_wrong(reader, reader->at - 1, "bound 0x%02x is not known",
				  form);
	if (form == 0)
		return read_index(reader);
	return is_type || wasm_read_signed(reader, 33, &value_type);
}

/* core:sort and sort use the same byte for what follows core's 0x00. */
static bool read_core_sort(struct wasm_reader *reader, enum wasm_extern *ret_kind)
{
	uint8_t sort;

	if (!wasm_read_byte(reader, &sort))
		return false;
	switch (sort) {
	case WASM_FUNCTION:
	case WASM_TABLE:
	case WASM_MEMORY:
	case WASM_GLOBAL:
	case WASM_TAG:
		*ret_kind = (enum wasm_extern)sort;
		return true;
	case 0x10:
		*ret_kind = WASM_TYPE;
		return true;
	case 0x11:
		*ret_kind = WASM_CORE_MODULE;
		return true;
	case 0x12:
		*ret_kind = WASM_INSTANCE;
		return true;
	default:
		return wasm_wrong(reader, reader->at - 1, "core sort 0x%02x is not known",
				  sort);
	}
}

static bool read_sort(struct wasm_reader *reader, enum wasm_extern *ret_kind)
{
	static const enum wasm_extern kinds[] = {
		WASM_CORE_MODULE, WASM_FUNCTION,         WASM_VALUE,
		WASM_TYPE,        WASM_NESTED_COMPONENT, WASM_INSTANCE
	};
	uint8_t sort;

	if (!wasm_read_byte(reader, &sort))
		return false;
	if (sort >= ARRAY_SIZE(kinds))
		return wasm_wrong(reader, reader->at - 1, "sort 0x%02x is not known",
				  sort);
	*ret_kind = kinds[sort];
	return sort != 0 || read_core_sort(reader, ret_kind);
}

/* What is imported, or the type an export is given. */
static bool read_extern_type(struct wasm_reader *reader, enum wasm_extern *ret_kind)
{
	uint64_t start = reader->at;

	if (!read_sort(reader, ret_kind))
		return false;
	switch (*ret_kind) {
	case WASM_VALUE:
	case WASM_TYPE:
		return read_bound(reader, *ret_kind == WASM_TYPE);
	case WASM_CORE_MODULE:
	case WASM_FUNCTION:
	case WASM_NESTED_COMPONENT:
	case WASM_INSTANCE:
		return read_index(reader);
	default:
		return wasm_wrong(reader, start, "a %s where none can be",
				  wasm_extern_name(*ret_kind));
	}
}

static bool read_import(struct wasm_reader *reader)
{
	char name[WASM_NAME_SIZE];
	struct wasm_import import = { .module = name, .name = "" };

	if (!read_extern_name(reader, name) || !read_extern_type(reader, &import.kind))
		return false;
	if (reader->depth == 0 && text_starts(import.module, "wasi:sockets/"))
		reader->module->sockets = true;
	wasm_keep_import(reader, import);
	return true;
}

static bool read_export(struct wasm_reader *reader)
{
	char name[WASM_NAME_SIZE];
	struct wasm_export export = { .name = name };
	enum wasm_extern ascribed;
	uint8_t has_type;

	if (!read_extern_name(reader, name) || !read_sort(reader, &export.kind) ||
	    !read_index(reader) || !wasm_read_byte(reader, &has_type))
		return false;
	if (has_type > 1)
		return wasm_wrong(reader, reader->at - 1, "option 0x%02x is not known",
				  has_type);
	if (has_type && !read_extern_type(reader, &ascribed))
		return false;
	wasm_keep_export(reader, export);
	return true;
}

static bool read_imports(struct wasm_reader *reader)
{
	uint32_t count;

	if (!wasm_read_count(reader, &count))
		return false;
	while (count--)
		if (!read_import(reader))
			return false;
	return true;
}

static bool read_exports(struct wasm_reader *reader)
{
	uint32_t count;

	if (!wasm_read_count(reader, &count))
		return false;
	while (count--)
		if (!read_export(reader))
			return false;
	return true;
}

static bool read_nested(struct wasm_reader *reader, enum wasm_kind expected)
{
	const char *part = reader->part;
	uint64_t start = reader->at;
	enum wasm_kind kind;
	bool good;

	if (reader->depth >= WASM_NESTING_MAX)
		return fail(reader->error, ERROR_LIMIT,
			    "byte %" PRIu64 ": %s: nested more than %d deep", start,
			    reader->part, WASM_NESTING_MAX);
	if (!wasm_read_preamble(reader, &kind))
		return false;
	reader->part = part;
	if (kind != expected)
		return wasm_wrong(reader, start, "holds a %s",
				  kind == WASM_CORE ? "core module" : "component");
	reader->depth++;
	good = kind == WASM_CORE ? wasm_read_core(reader) : wasm_read_component(reader);
	reader->depth--;
	return good;
}

static bool read_core_module(struct wasm_reader *reader)
{
	return read_nested(reader, WASM_CORE);
}

static bool read_nested_component(struct wasm_reader *reader)
{
	return read_nested(reader, WASM_COMPONENT);
}

static bool step_over(struct wasm_reader *reader)
{
	reader->at = reader->end;
	return true;
}

/* By number; 0 is a custom section.  They come in any order, any number of times. */
static const struct {
	const char *part;
	bool (*read)(struct wasm_reader *reader);
} sections[] = {
	{ "custom section", NULL },
	{ "core module section", read_core_module },
	{ "core instance section", step_over },
	{ "core type section", step_over },
	{ "component section", read_nested_component },
	{ "instance section", step_over },
	{ "alias section", step_over },
	{ "type section", step_over },
	{ "canon section", step_over },
	{ "start section", step_over },
	{ "component import section", read_imports },
	{ "component export section", read_exports },
	{ "value section", step_over },
};

static bool read_section(struct wasm_reader *reader)
{
	uint64_t start = reader->at, end, outer_end = reader->end;
	uint8_t id;

	reader->part = "component section";
	if (!wasm_read_section_head(reader, &id, &end))
		return false;
	if (id >= ARRAY_SIZE(sections))
		return wasm_wrong(reader, start, "number %u is not known", id);
	reader->part = sections[id].part;
	reader->end = end;
	if (id == 0 ? !wasm_read_custom(reader, start) : !sections[id].read(reader))
		return false;
	if (reader->at != end)
		return wasm_wrong(reader, reader->at,
				  "%" PRIu64 " stray bytes at its end", end - reader->at);
	reader->end = outer_end;
	return true;
}

bool wasm_read_component(struct wasm_reader *reader)
{
	wasm_note(reader->arena, &reader->module->features, "component-model");
	while (reader->at < reader->end)
		if (!read_section(reader))
			return false;
	return true;
}
