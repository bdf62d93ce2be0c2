// SPDX-License-Identifier: Apache-2.0
/* Core modules: WebAssembly 3.0, section 5.5.  Code and data are stepped over. */
#include "wasm_reader.h"

#include <inttypes.h>

#include <wasmdiag/text.h>

#define TYPES_KEPT 4096 /* whose parameter counts are remembered */

enum section_id {
	SECTION_TYPE = 1,
	SECTION_CODE = 10,
	SECTION_DATA = 11,
	SECTION_COUNT = 14,
};

/* A core module while it is read. */
struct core {
	struct wasm_reader *reader;
	int last_rank; /* of the sections seen */
	uint32_t types;
	uint32_t spaces[WASM_TAG + 1]; /* how many of each there are, imports included */
	uint32_t defined; /* functions the module itself declares */
	uint32_t bodies; /* and has code for */
	bool has_segments, has_segment_count;
	uint32_t segments; /* of data */
	uint32_t segment_count; /* as the data count section says */
	uint32_t memories;
	int64_t stack_pointer; /* what the first global starts at; UNSET: not an i32 */
	int64_t first_data; /* where the first segment goes; UNSET: not told */
	uint8_t parameters[TYPES_KEPT];
};

static bool read_types(struct core *core)
{
	struct wasm_reader *reader = core->reader;
	uint32_t groups, types, parameters;

	if (!wasm_read_count(reader, &groups))
		return false;
	while (groups--) {
		if (!wasm_read_type_group(reader, &types, &parameters))
			return false;
		core->types += types;
		if (core->types && core->types <= TYPES_KEPT)
			core->parameters[core->types - 1] =
				parameters < UINT8_MAX ? (uint8_t)parameters : UINT8_MAX;
	}
	return true;
}

static bool read_type_index(struct core *core, uint32_t *ret_index)
{
	uint64_t start = core->reader->at;

	if (!wasm_read_u32(core->reader, ret_index))
		return false;
	if (*ret_index >= core->types)
		return wasm_wrong(core->reader, start, "type %" PRIu32 " does not exist",
				  *ret_index);
	return true;
}

/* How far the addresses of a memory reach, in pages; saturated. */
static uint64_t pages_max(const struct wasm_limits *limits)
{
	unsigned bits = limits->flags & WASM_IS_64 ? 64 : 32;

	bits -= limits->page_size_log2;
	return bits == 64 ? UINT64_MAX : (uint64_t)1 << bits;
}

static int64_t saturated(uint64_t value)
{
	return value > INT64_MAX ? INT64_MAX : (int64_t)value;
}

static void note_memory_features(struct wasm_reader *reader,
				 const struct wasm_limits *limits)
{
	static const struct {
		uint8_t flag;
		const char *feature;
	} rows[] = {
		{ WASM_IS_64, "memory64" },
		{ WASM_IS_SHARED, "threads" },
		{ WASM_HAS_PAGE_SIZE, "custom-page-sizes" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (limits->flags & rows[i].flag)
			wasm_note(reader->arena, &reader->module->features,
				  rows[i].feature);
}

static bool keep_memory(struct core *core, const struct wasm_limits *limits,
			bool imported)
{
	struct wasm_reader *reader = core->reader;
	struct wasm_module *module = reader->module;
	bool has_max = limits->flags & WASM_HAS_MAX;

	if (module->memory_count >= WASM_MEMORIES_MAX)
		return fail(reader->error, ERROR_LIMIT,
			    "byte %" PRIu64 ": %s: more than %d memories", reader->at,
			    reader->part, WASM_MEMORIES_MAX);
	if (++core->memories > 1)
		wasm_note(reader->arena, &module->features, "multi-memory");
	note_memory_features(reader, limits);
	module->memories = arena_grow(reader->arena, module->memories,
				      module->memory_count, sizeof(*module->memories));
	module->memories[module->memory_count++] = (struct wasm_memory){
		.min = saturated(limits->min),
		.max = has_max ? saturated(limits->max) : UNSET,
		.page_size = (int64_t)1 << limits->page_size_log2,
		.memory64 = limits->flags & WASM_IS_64,
		.shared = limits->flags & WASM_IS_SHARED,
		.imported = imported,
		.nested = reader->depth > 0,
	};
	return true;
}

static bool read_memory(struct core *core, bool imported)
{
	struct wasm_reader *reader = core->reader;
	uint64_t start = reader->at, most;
	struct wasm_limits limits;

	if (!wasm_read_limits(reader,
			      WASM_HAS_MAX | WASM_IS_SHARED | WASM_IS_64 |
				      WASM_HAS_PAGE_SIZE,
			      &limits))
		return false;
	most = pages_max(&limits);
	if (limits.min > most || limits.max > most)
		return wasm_wrong(reader, start,
				  "a memory of %" PRIu64 " pages, at most %" PRIu64
				  " can be addressed",
				  limits.min > most ? limits.min : limits.max, most);
	return keep_memory(core, &limits, imported);
}

static bool read_memories(struct core *core)
{
	uint32_t count;

	if (!wasm_read_count(core->reader, &count))
		return false;
	core->spaces[WASM_MEMORY] += count;
	while (count--)
		if (!read_memory(core, false))
			return false;
	return true;
}

static bool read_function_import(struct core *core, const struct wasm_import *import)
{
	struct wasm_reader *reader = core->reader;
	uint32_t type;

	if (!read_type_index(core, &type))
		return false;
	if (reader->depth == 0 && text_equal(import->module, "wasi_snapshot_preview1"))
		wasm_note_socket(reader->module, import->name,
				 type < TYPES_KEPT ? core->parameters[type] : 0);
	return true;
}

static bool read_table_type(struct wasm_reader *reader)
{
	struct wasm_limits limits;
	uint8_t type;

	return wasm_read_value_type(reader, false, &type) &&
	       wasm_read_limits(reader, WASM_HAS_MAX | WASM_IS_64, &limits);
}

static bool read_global_type(struct wasm_reader *reader, uint8_t *ret_type,
			     uint8_t *ret_mutable)
{
	if (!wasm_read_value_type(reader, false, ret_type) ||
	    !wasm_read_byte(reader, ret_mutable))
		return false;
	if (*ret_mutable > 1)
		return wasm_wrong(reader, reader->at - 1,
				  "mutability 0x%02x is not known", *ret_mutable);
	return true;
}

static bool read_tag(struct core *core)
{
	struct wasm_reader *reader = core->reader;
	uint8_t attribute;
	uint32_t type;

	wasm_note(reader->arena, &reader->module->features, "exception-handling");
	if (!wasm_read_byte(reader, &attribute))
		return false;
	if (attribute != 0)
		return wasm_wrong(reader, reader->at - 1,
				  "tag attribute 0x%02x is not known", attribute);
	return read_type_index(core, &type);
}

static bool read_import(struct core *core)
{
	struct wasm_reader *reader = core->reader;
	char module[WASM_NAME_SIZE], name[WASM_NAME_SIZE];
	struct wasm_import import = { .module = module, .name = name };
	uint8_t kind, type, mutable;
	bool good;

	if (!wasm_read_name(reader, module) || !wasm_read_name(reader, name) ||
	    !wasm_read_byte(reader, &kind))
		return false;
	if (kind > WASM_TAG)
		return wasm_wrong(reader, reader->at - 1,
				  "import kind 0x%02x is not known", kind);
	import.kind = (enum wasm_extern)kind;
	core->spaces[kind]++;
	good = import.kind == WASM_FUNCTION ? read_function_import(core, &import)
	       : import.kind == WASM_TABLE  ? read_table_type(reader)
	       : import.kind == WASM_MEMORY ? read_memory(core, true)
	       : import.kind == WASM_GLOBAL ? read_global_type(reader, &type, &mutable)
					    : read_tag(core);
	if (good)
		wasm_keep_import(reader, import);
	return good;
}

static bool read_imports(struct core *core)
{
	uint32_t count;

	if (!wasm_read_count(core->reader, &count))
		return false;
	while (count--)
		if (!read_import(core))
			return false;
	return true;
}

static bool read_functions(struct core *core)
{
	uint32_t type;

	if (!wasm_read_count(core->reader, &core->defined))
		return false;
	core->spaces[WASM_FUNCTION] += core->defined;
	for (uint32_t i = 0; i < core->defined; i++)
		if (!read_type_index(core, &type))
			return false;
	return true;
}

static bool read_tags(struct core *core)
{
	uint32_t count;

	if (!wasm_read_count(core->reader, &count))
		return false;
	core->spaces[WASM_TAG] += count;
	while (count--)
		if (!read_tag(core))
			return false;
	return true;
}

static bool step_over(struct core *core)
{
	core->reader->at = core->reader->end;
	return true;
}

static bool read_tables(struct core *core)
{
	uint32_t count;

	if (!wasm_read_count(core->reader, &count))
		return false;
	core->spaces[WASM_TABLE] += count;
	return step_over(core);
}

/* `i32.const N`: *ret_value is N; UNSET for any other expression. */
static bool read_constant(struct wasm_reader *reader, int64_t *ret_value)
{
	uint8_t opcode;

	*ret_value = UNSET;
	if (!wasm_read_byte(reader, &opcode))
		return false;
	return opcode != 0x41 || wasm_read_signed(reader, 32, ret_value);
}

/* LLVM's first global is __stack_pointer, a mutable i32. */
static bool read_globals(struct core *core)
{
	struct wasm_reader *reader = core->reader;
	uint8_t type, mutable;
	uint32_t count;

	if (!wasm_read_count(reader, &count))
		return false;
	core->spaces[WASM_GLOBAL] += count;
	if (count) {
		if (!read_global_type(reader, &type, &mutable) ||
		    !read_constant(reader, &core->stack_pointer))
			return false;
		if (type != 0x7f || mutable != 1)
			core->stack_pointer = UNSET;
	}
	return step_over(core);
}

static bool read_export(struct core *core)
{
	struct wasm_reader *reader = core->reader;
	char name[WASM_NAME_SIZE];
	struct wasm_export export = { .name = name };
	uint64_t start;
	uint32_t index;
	uint8_t kind;

	if (!wasm_read_name(reader, name) || !wasm_read_byte(reader, &kind))
		return false;
	if (kind > WASM_TAG)
		return wasm_wrong(reader, reader->at - 1,
				  "export kind 0x%02x is not known", kind);
	start = reader->at;
	if (!wasm_read_u32(reader, &index))
		return false;
	export.kind = (enum wasm_extern)kind;
	if (index >= core->spaces[kind])
		return wasm_wrong(reader, start, "exports %s %" PRIu32 " of %" PRIu32,
				  wasm_extern_name(export.kind), index,
				  core->spaces[kind]);
	wasm_keep_export(reader, export);
	return true;
}

static bool read_exports(struct core *core)
{
	uint32_t count;

	if (!wasm_read_count(core->reader, &count))
		return false;
	while (count--)
		if (!read_export(core))
			return false;
	return true;
}

static bool read_start(struct core *core)
{
	uint64_t start = core->reader->at;
	uint32_t index;

	if (!wasm_read_u32(core->reader, &index))
		return false;
	if (index >= core->spaces[WASM_FUNCTION])
		return wasm_wrong(core->reader, start,
				  "function %" PRIu32 " does not exist", index);
	if (core->reader->depth == 0)
		core->reader->module->start_section = true;
	return true;
}

static bool read_segment_count(struct core *core)
{
	core->has_segment_count = true;
	return wasm_read_u32(core->reader, &core->segment_count);
}

static bool read_code(struct core *core)
{
	struct wasm_reader *reader = core->reader;

	reader->module->code_bytes += (int64_t)(reader->end - reader->at);
	return wasm_read_count(reader, &core->bodies) && step_over(core);
}

static bool read_data(struct core *core)
{
	struct wasm_reader *reader = core->reader;
	uint32_t flags;

	reader->module->data_bytes += (int64_t)(reader->end - reader->at);
	core->has_segments = true;
	if (!wasm_read_count(reader, &core->segments))
		return false;
	if (core->segments) {
		if (!wasm_read_u32(reader, &flags))
			return false;
		if (flags == 0 && !read_constant(reader, &core->first_data))
			return false;
	}
	return step_over(core);
}

/* Rank is the order in which sections must come; the number is not. */
static const struct {
	const char *part;
	int rank;
	bool (*read)(struct core *core);
} sections[SECTION_COUNT] = {
	[0] = { "custom section", 0, NULL },
	[SECTION_TYPE] = { "type section", 1, read_types },
	[2] = { "import section", 2, read_imports },
	[3] = { "function section", 3, read_functions },
	[4] = { "table section", 4, read_tables },
	[5] = { "memory section", 5, read_memories },
	[6] = { "global section", 7, read_globals },
	[7] = { "export section", 8, read_exports },
	[8] = { "start section", 9, read_start },
	[9] = { "element section", 10, step_over },
	[SECTION_CODE] = { "code section", 12, read_code },
	[SECTION_DATA] = { "data section", 13, read_data },
	[12] = { "data count section", 11, read_segment_count },
	[13] = { "tag section", 6, read_tags },
};

static bool check_place(struct core *core, uint64_t start, uint8_t id)
{
	if (sections[id].rank == core->last_rank)
		return wasm_wrong(core->reader, start, "there are two");
	if (sections[id].rank < core->last_rank)
		return wasm_wrong(core->reader, start, "comes too late");
	core->last_rank = sections[id].rank;
	return true;
}

static bool read_section(struct core *core)
{
	struct wasm_reader *reader = core->reader;
	uint64_t start = reader->at, end, outer_end = reader->end;
	uint8_t id;

	reader->part = "section";
	if (!wasm_read_section_head(reader, &id, &end))
		return false;
	if (id >= SECTION_COUNT)
		return wasm_wrong(reader, start, "number %u is not known", id);
	reader->part = sections[id].part;
	reader->end = end;
	if (id == 0 ? !wasm_read_custom(reader, start)
		    : !check_place(core, start, id) || !sections[id].read(core))
		return false;
	if (reader->at != end)
		return wasm_wrong(reader, reader->at,
				  "%" PRIu64 " stray bytes at its end", end - reader->at);
	reader->end = outer_end;
	return true;
}

static bool check_counts(struct core *core)
{
	struct wasm_reader *reader = core->reader;

	reader->part = "module";
	if (core->defined != core->bodies)
		return wasm_wrong(reader, reader->at,
				  "declares %" PRIu32
				  " functions and has code for %" PRIu32
				  ": is the file cut?",
				  core->defined, core->bodies);
	if (core->has_segment_count && core->segment_count != core->segments)
		return wasm_wrong(reader, reader->at,
				  "declares %" PRIu32 " data segments and has %" PRIu32
				  ": is the file cut?",
				  core->segment_count, core->segments);
	return true;
}

/* The stack grows down from the stack pointer: to 0 when the data begins above it, as in
 * Rust and newer LLVM; else to where the data ends, which is not told. */
static void note_stack(const struct core *core)
{
	if (core->reader->depth == 0 && core->stack_pointer >= 1024 &&
	    core->stack_pointer % 16 == 0 && core->first_data >= core->stack_pointer)
		core->reader->module->stack_bytes = core->stack_pointer;
}

bool wasm_read_core(struct wasm_reader *reader)
{
	struct core core = { .reader = reader,
			     .stack_pointer = UNSET,
			     .first_data = UNSET };

	while (reader->at < reader->end)
		if (!read_section(&core))
			return false;
	if (!check_counts(&core))
		return false;
	note_stack(&core);
	return true;
}
