// SPDX-License-Identifier: Apache-2.0
/* Types and limits of core modules: WebAssembly 3.0, section 5.3. */
#include "wasm_reader.h"

#include <inttypes.h>

static void note_feature(struct wasm_reader *reader, const char *feature)
{
	wasm_note(reader->arena, &reader->module->features, feature);
}

/* References other than funcref and externref came with garbage collection, and those to
 * exceptions with exception handling. */
static bool is_reference(struct wasm_reader *reader, uint8_t type)
{
	if (type == 0x6f || type == 0x70)
		return true;
	if (type < 0x69 || type > 0x74)
		return false;
	note_feature(reader, type == 0x69 || type == 0x74 ? "exception-handling" : "gc");
	return true;
}

bool wasm_read_value_type(struct wasm_reader *reader, bool storage, uint8_t *ret_type)
{
	uint64_t start = reader->at;
	int64_t heap_type;

	if (!wasm_read_byte(reader, ret_type))
		return false;
	if (*ret_type == 0x63 || *ret_type == 0x64) {
		note_feature(reader, "gc");
		return wasm_read_signed(reader, 33, &heap_type);
	}
	if ((*ret_type >= 0x7b && *ret_type <= 0x7f) || is_reference(reader, *ret_type))
		return true;
	if (storage && (*ret_type == 0x77 || *ret_type == 0x78))
		return true;
	return wasm_wrong(reader, start, "type 0x%02x is not known", *ret_type);
}

static bool read_value_types(struct wasm_reader *reader, uint32_t *ret_count)
{
	uint8_t type;

	if (!wasm_read_count(reader, ret_count))
		return false;
	for (uint32_t i = 0; i < *ret_count; i++)
		if (!wasm_read_value_type(reader, false, &type))
			return false;
	return true;
}

static bool read_fields(struct wasm_reader *reader, uint32_t count)
{
	uint8_t type, mutable;

	note_feature(reader, "gc");
	for (uint32_t i = 0; i < count; i++) {
		if (!wasm_read_value_type(reader, true, &type) ||
		    !wasm_read_byte(reader, &mutable))
			return false;
		if (mutable > 1)
			return wasm_wrong(reader, reader->at - 1,
					  "mutability 0x%02x is not known", mutable);
	}
	return true;
}

/* A function, struct or array, after its first byte. */
static bool read_composite(struct wasm_reader *reader, uint8_t form,
			   uint32_t *ret_parameters)
{
	uint32_t results, fields;

	switch (form) {
	case 0x60:
		return read_value_types(reader, ret_parameters) &&
		       read_value_types(reader, &results);
	case 0x5f:
		return wasm_read_count(reader, &fields) && read_fields(reader, fields);
	case 0x5e:
		return read_fields(reader, 1);
	default:
		return wasm_wrong(reader, reader->at - 1, "type form 0x%02x is not known",
				  form);
	}
}

static bool read_subtype(struct wasm_reader *reader, uint8_t form,
			 uint32_t *ret_parameters)
{
	uint32_t supertypes, index;

	if (form != 0x4f && form != 0x50)
		return read_composite(reader, form, ret_parameters);
	note_feature(reader, "gc");
	if (!wasm_read_count(reader, &supertypes))
		return false;
	while (supertypes--)
		if (!wasm_read_u32(reader, &index))
			return false;
	return wasm_read_byte(reader, &form) &&
	       read_composite(reader, form, ret_parameters);
}

bool wasm_read_type_group(struct wasm_reader *reader, uint32_t *ret_types,
			  uint32_t *ret_parameters)
{
	uint8_t form;

	*ret_types = 1;
	*ret_parameters = 0;
	if (!wasm_read_byte(reader, &form))
		return false;
	if (form != 0x4e)
		return read_subtype(reader, form, ret_parameters);
	note_feature(reader, "gc");
	if (!wasm_read_count(reader, ret_types))
		return false;
	for (uint32_t i = 0; i < *ret_types; i++)
		if (!wasm_read_byte(reader, &form) ||
		    !read_subtype(reader, form, ret_parameters))
			return false;
	return true;
}

static bool read_limit(struct wasm_reader *reader, bool wide, uint64_t *ret_value)
{
	uint32_t narrow;

	if (wide)
		return wasm_read_u64(reader, ret_value);
	if (!wasm_read_u32(reader, &narrow))
		return false;
	*ret_value = narrow;
	return true;
}

/* The proposal allows 1 and 65536 bytes today; its format has room for those between. */
static bool read_page_size(struct wasm_reader *reader, uint32_t *ret_log2)
{
	uint64_t start = reader->at;

	if (!wasm_read_u32(reader, ret_log2))
		return false;
	if (*ret_log2 > 16)
		return wasm_wrong(reader, start,
				  "a page of 2^%" PRIu32
				  " bytes, at most 2^16 are allowed",
				  *ret_log2);
	return true;
}

bool wasm_read_limits(struct wasm_reader *reader, uint8_t allowed,
		      struct wasm_limits *limits)
{
	uint64_t start = reader->at;
	bool wide;

	*limits = (struct wasm_limits){ .page_size_log2 = 16 };
	if (!wasm_read_byte(reader, &limits->flags))
		return false;
	if (limits->flags & ~allowed)
		return wasm_wrong(reader, start, "flags 0x%02x are not known",
				  limits->flags);
	if ((limits->flags & (WASM_IS_SHARED | WASM_HAS_MAX)) == WASM_IS_SHARED)
		return wasm_wrong(reader, start, "shared, but without a maximum");
	wide = limits->flags & WASM_IS_64;
	start = reader->at;
	if (!read_limit(reader, wide, &limits->min))
		return false;
	if (limits->flags & WASM_HAS_MAX) {
		if (!read_limit(reader, wide, &limits->max))
			return false;
		if (limits->max < limits->min)
			return wasm_wrong(reader, start,
					  "the maximum %" PRIu64
					  " is below the minimum %" PRIu64,
					  limits->max, limits->min);
	}
	return !(limits->flags & WASM_HAS_PAGE_SIZE) ||
	       read_page_size(reader, &limits->page_size_log2);
}
