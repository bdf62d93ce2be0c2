// SPDX-License-Identifier: Apache-2.0
/*
 * Custom sections.  Beyond its name a custom section cannot make a module invalid, so
 * what is malformed in one is left out, not an error.
 */
#include "wasm_reader.h"

#include <wasmdiag/text.h>

static bool is_debug(const char *name)
{
	return text_starts(name, ".debug_") || text_starts(name, "reloc..debug_") ||
	       text_equal(name, "name") || text_equal(name, "sourceMappingURL") ||
	       text_equal(name, "external_debug_info");
}

/* The first bytes, as WasmEdge writes them in lib/llvm/codegen.cpp (facts C5). */
static void read_aot(struct wasm_reader *reader)
{
	static const char *const systems[] = { "linux", "macos", "windows" };
	static const char *const machines[] = { "x86_64", "aarch64", "riscv64", "armv7",
						"s390x" };
	struct wasm_aot *aot = &reader->module->aot;
	uint32_t version;
	uint8_t os, arch;

	*aot = (struct wasm_aot){ .present = true, .version = UNSET };
	if (!wasm_read_u32(reader, &version) || !wasm_read_byte(reader, &os) ||
	    !wasm_read_byte(reader, &arch))
		return;
	aot->version = version;
	aot->os = os >= 1 && os <= ARRAY_SIZE(systems)
			  ? systems[os - 1]
			  : arena_format(reader->arena, "unknown (%u)", os);
	aot->arch = arch >= 1 && arch <= ARRAY_SIZE(machines)
			    ? machines[arch - 1]
			    : arena_format(reader->arena, "unknown (%u)", arch);
}

/* "C11", "C99", "C_plus_plus_14": every module that is linked with a C library has it. */
static bool is_c(const char *language)
{
	return (language[0] == 'C' && language[1] >= '0' && language[1] <= '9') ||
	       text_starts(language, "C_plus_plus");
}

static bool read_producer(struct wasm_reader *reader, const char *field)
{
	struct wasm_module *module = reader->module;
	char name[WASM_NAME_SIZE], version[WASM_NAME_SIZE];

	if (!wasm_read_name(reader, name) || !wasm_read_name(reader, version))
		return false;
	if (text_equal(field, "language") &&
	    (!module->language || (is_c(module->language) && !is_c(name))))
		module->language = arena_string(reader->arena, name);
	if (text_equal(field, "processed-by") && !module->toolchain)
		module->toolchain = arena_format(reader->arena, "%s%s%s", name,
						 *version ? " " : "", version);
	return true;
}

/* tool-conventions/ProducersSection.md */
static void read_producers(struct wasm_reader *reader)
{
	char field[WASM_NAME_SIZE];
	uint32_t fields, values;

	if (!wasm_read_count(reader, &fields))
		return;
	while (fields--) {
		if (!wasm_read_name(reader, field) || !wasm_read_count(reader, &values))
			return;
		while (values--)
			if (!read_producer(reader, field))
				return;
	}
}

/* tool-conventions/Linking.md: '+' used, '-' must not be linked with, '=' older */
static void read_target_features(struct wasm_reader *reader)
{
	char feature[1 + WASM_NAME_SIZE];
	uint32_t count;
	uint8_t prefix;

	if (!wasm_read_count(reader, &count))
		return;
	while (count--) {
		if (!wasm_read_byte(reader, &prefix) ||
		    !wasm_read_name(reader, feature + 1))
			return;
		feature[0] = (char)prefix;
		if (prefix == '+' || prefix == '-' || prefix == '=')
			wasm_note(reader->arena, &reader->module->target_features,
				  feature);
	}
}

static const struct {
	const char *name;
	void (*read)(struct wasm_reader *reader);
} known_sections[] = {
	{ "wasmedge", read_aot },
	{ "producers", read_producers },
	{ "target_features", read_target_features },
};

/* Without an error to fill, failing is silent. */
static void read_payload(struct wasm_reader *reader, const char *name)
{
	struct error *error = reader->error;

	reader->error = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(known_sections); i++)
		if (text_equal(name, known_sections[i].name))
			known_sections[i].read(reader);
	reader->error = error;
}

bool wasm_read_custom(struct wasm_reader *reader, uint64_t start)
{
	struct wasm_module *module = reader->module;
	uint64_t end = reader->end;
	char name[WASM_NAME_SIZE];

	if (!wasm_read_name(reader, name))
		return false;
	module->custom_bytes += (int64_t)(end - start);
	if (is_debug(name))
		module->debug_bytes += (int64_t)(end - start);
	if (reader->depth == 0) {
		wasm_note(reader->arena, &module->custom_sections, name);
		read_payload(reader, name);
	}
	reader->end = end;
	reader->at = end;
	return true;
}
