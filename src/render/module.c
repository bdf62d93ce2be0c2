// SPDX-License-Identifier: Apache-2.0
#include "module.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include <wasmdiag/text.h>

#define LABEL_WIDTH 10
#define LINE_WIDTH  90
#define SHOWN_MAX   200 /* of a name, in bytes */

/* A line "label: text", or the next of the same label when it is "". */
static void put_label(FILE *out, const char *label)
{
	fprintf(out, "%-*s  ", LABEL_WIDTH, label);
}

static void put_line(FILE *out, const char *label, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void put_line(FILE *out, const char *label, const char *format, ...)
{
	va_list arguments;

	put_label(out, label);
	va_start(arguments, format);
	vfprintf(out, format, arguments);
	va_end(arguments);
	fputc('\n', out);
}

struct shown {
	char text[SHOWN_MAX];
};

/* A name of the module, harmless to a terminal. */
static struct shown show(const char *name)
{
	struct shown shown;

	text_escape(text_or_empty(name), strlen(text_or_empty(name)), shown.text,
		    sizeof(shown.text));
	return shown;
}

/* Bytes as people read them: "36 B", "2.3 MiB", "4 GiB". */
static struct shown show_bytes(int64_t bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB" };
	struct shown shown;
	double value = (double)bytes;
	size_t unit = 0;

	while (value >= 1024 && unit + 1 < ARRAY_SIZE(units)) {
		value /= 1024;
		unit++;
	}
	snprintf(shown.text, sizeof(shown.text), "%.*f %s",
		 value != (double)(int64_t)value, value, units[unit]);
	return shown;
}

/* Words separated by ", ", in lines that begin under the text of their label. */
struct words {
	FILE *out;
	size_t column; /* 0: nothing on this line yet */
};

static void put_word(struct words *words, const char *name)
{
	struct shown shown = show(name);
	size_t length = strlen(shown.text);

	if (words->column && words->column + 2 + length > LINE_WIDTH) {
		fputs(",\n", words->out);
		words->column = 0;
	} else if (words->column) {
		fputs(", ", words->out);
		words->column += 2;
	}
	if (!words->column) {
		fprintf(words->out, "%*s", LABEL_WIDTH + 4, "");
		words->column = LABEL_WIDTH + 4;
	}
	fputs(shown.text, words->out);
	words->column += length;
}

static void put_list(FILE *out, const char *label, const struct string_list *list)
{
	if (!list->count)
		return;
	put_label(out, label);
	for (size_t i = 0; i < list->count; i++)
		fprintf(out, "%s%s", i ? ", " : "", show(list->items[i]).text);
	fputc('\n', out);
}

static void put_maximum(const struct wasm_memory *memory, FILE *out)
{
	if (memory->max != UNSET)
		fprintf(out, ", at most %" PRId64 " (%s)", memory->max,
			show_bytes(memory->max > INT64_MAX / memory->page_size
					   ? INT64_MAX
					   : memory->max * memory->page_size)
				.text);
	else if (memory->memory64)
		fputs(", no maximum but the pod's memory limit", out);
	else
		fputs(", no maximum but 4 GiB and the pod's memory limit", out);
}

static void put_memory(const struct wasm_memory *memory, const char *label, FILE *out)
{
	int64_t bytes = memory->min > INT64_MAX / memory->page_size
				? INT64_MAX
				: memory->min * memory->page_size;

	put_label(out, label);
	fprintf(out, "%" PRId64 " page%s (%s) at start", memory->min,
		memory->min == 1 ? "" : "s", show_bytes(bytes).text);
	put_maximum(memory, out);
	if (memory->page_size != WASM_PAGE_SIZE)
		fprintf(out, "; pages of %s", show_bytes(memory->page_size).text);
	fprintf(out, "%s%s%s%s\n", memory->memory64 ? "; 64-bit" : "",
		memory->shared ? "; shared" : "", memory->imported ? "; imported" : "",
		memory->nested ? "; in a core module inside" : "");
}

static void put_memories(const struct wasm_module *module, FILE *out)
{
	if (!module->memory_count)
		put_line(out, "Memory", "none");
	for (size_t i = 0; i < module->memory_count; i++)
		put_memory(&module->memories[i], i ? "" : "Memory", out);
	if (module->stack_bytes != UNSET)
		put_line(out, "Stack", "%s, fixed when it was linked",
			 show_bytes(module->stack_bytes).text);
}

static void put_entry(const struct wasm_module *module, FILE *out)
{
	if (module->kind == WASM_COMPONENT)
		return;
	put_line(out, "Entry", "%s%s",
		 module->command   ? "_start is exported: a command"
		 : module->reactor ? "_initialize, but no _start: a reactor, a library"
				   : "no _start: a library",
		 module->start_section ? "; a start section runs before" : "");
}

static void put_sockets(const struct wasm_module *module, FILE *out)
{
	if (module->kind == WASM_COMPONENT)
		put_line(out, "Sockets", module->sockets ? "yes, by wasi:sockets" : "no");
	else if (!module->sockets)
		put_line(out, "Sockets", "no: it cannot open a connection");
	else if (module->socket_version == UNSET)
		put_line(out, "Sockets", "yes, by WasmEdge's socket extension");
	else
		put_line(out, "Sockets",
			 "yes, by WasmEdge's socket extension, version %" PRId64,
			 module->socket_version);
}

static size_t imports_from(const struct wasm_module *module, const char *from)
{
	size_t count = 0;

	for (size_t i = 0; i < module->import_count; i++)
		count += text_equal(module->imports[i].module, from);
	return count;
}

/* One module's imports under its name; a component's stand for themselves. */
static void put_imports_from(const struct wasm_module *module, const char *from,
			     FILE *out)
{
	struct words words = { .out = out };

	fprintf(out, "%*s%s", LABEL_WIDTH + 2, "", show(from).text);
	if (module->kind == WASM_CORE)
		fprintf(out, ": %zu\n", imports_from(module, from));
	for (size_t i = 0; i < module->import_count; i++)
		if (text_equal(module->imports[i].module, from) &&
		    *text_or_empty(module->imports[i].name))
			put_word(&words, module->imports[i].name);
	fputc('\n', out);
}

static void put_imports(const struct wasm_module *module, FILE *out)
{
	if (!module->import_total) {
		put_line(out, "Imports", "none");
		return;
	}
	put_line(out, "Imports", "%" PRId64 "%s", module->import_total,
		 (int64_t)module->import_count < module->import_total ? "; the first are:"
								      : "");
	for (size_t i = 0; i < module->import_modules.count; i++)
		if (imports_from(module, module->import_modules.items[i]))
			put_imports_from(module, module->import_modules.items[i], out);
}

static void put_exports(const struct wasm_module *module, FILE *out)
{
	struct words words = { .out = out };

	if (!module->export_total) {
		put_line(out, "Exports", "none");
		return;
	}
	put_line(out, "Exports", "%" PRId64 "%s", module->export_total,
		 (int64_t)module->export_count < module->export_total ? "; the first are:"
								      : "");
	for (size_t i = 0; i < module->export_count; i++)
		put_word(&words, module->exports[i].name);
	fputc('\n', out);
}

static void put_aot(const struct wasm_aot *aot, FILE *out)
{
	if (!aot->present)
		put_line(out, "AOT", "none: it is interpreted");
	else if (aot->version == UNSET)
		put_line(out, "AOT", "a damaged wasmedge section: it is interpreted");
	else
		put_line(out, "AOT",
			 "for %s on %s, version %" PRId64
			 " (%s); crun with WasmEdge 0.17 ignores it",
			 show(aot->os).text, show(aot->arch).text, aot->version,
			 aot->version == 1   ? "WasmEdge up to 0.14.1"
			 : aot->version == 2 ? "WasmEdge from 0.15 on"
					     : "of no WasmEdge known");
}

/* Safe to paste after a command's name. */
static bool is_plain(const char *path)
{
	if (!*path || *path == '-')
		return false;
	for (; *path; path++)
		if (!isalnum((unsigned char)*path) && !strchr("/._+-", *path))
			return false;
	return true;
}

static void put_debug(const struct wasm_module *module, const char *path, FILE *out)
{
	int64_t share;

	if (!module->debug_bytes) {
		put_line(out, "Debug", "none");
		return;
	}
	share = module->size ? (int64_t)((double)module->debug_bytes * 100 /
					 (double)module->size)
			     : 0;
	put_line(out, "Debug", "%s of debug data and names, %" PRId64 " %% of the file",
		 show_bytes(module->debug_bytes).text, share);
	if (module->kind != WASM_CORE || share < 5)
		return;
	if (module->aot.present)
		put_line(out, "",
			 "wasm-strip before `wasmedge compile` removes it "
			 "(after, it removes the AOT section too)");
	else
		put_line(out, "", "`wasm-strip %s` removes it",
			 is_plain(path) ? path : "FILE");
}

static void put_origin(const struct wasm_module *module, FILE *out)
{
	if (module->language && module->toolchain)
		put_line(out, "Built from", "%s, by %s", show(module->language).text,
			 show(module->toolchain).text);
	else if (module->language || module->toolchain)
		put_line(out, module->language ? "Built from" : "Built by", "%s",
			 show(module->language ? module->language : module->toolchain)
				 .text);
}

/* What stands against running it with any WasmEdge; true when something does. */
static bool put_refusals(const struct wasm_module *module, FILE *out)
{
	const struct wasm_import *unknown = wasm_unknown_import(module);

	if (module->kind == WASM_COMPONENT) {
		put_line(out, "crun",
			 "refuses it: WasmEdge under crun takes no "
			 "components; rebuild it for wasm32-wasip1");
		return true;
	}
	if (unknown)
		put_line(out, "crun",
			 "refuses it, `unknown import`: no %s %s.%s in WasmEdge%s",
			 wasm_extern_name(unknown->kind), show(unknown->module).text,
			 show(unknown->name).text,
			 text_equal(unknown->module, "wasi_unstable") ||
					 text_starts(unknown->module, "wasi:")
				 ? "; rebuild it for wasm32-wasip1"
				 : "");
	if (!module->command)
		put_line(out, unknown ? "" : "crun",
			 "cannot start it: `wasm function not found`; build a program "
			 "with main(), not a library");
	return unknown || !module->command;
}

static const char *needed_plugin(const struct wasm_module *module)
{
	for (size_t i = 0; i < module->import_count; i++)
		if (wasm_import_plugin(&module->imports[i]))
			return wasm_import_plugin(&module->imports[i]);
	return NULL;
}

static void put_verdict(const struct wasm_module *module, FILE *out)
{
	const char *in_14 = wasm_refused_feature(module, 14);
	const char *in_17 = wasm_refused_feature(module, 17);
	const char *plugin = needed_plugin(module);
	bool refused = put_refusals(module, out);
	const char *label = refused ? "" : "crun";

	if (module->kind != WASM_CORE)
		return;
	if (in_14 && in_17)
		put_line(out, label, "refuses it: WasmEdge 0.14 lacks %s, 0.17 %s", in_14,
			 in_17);
	else if (in_14)
		put_line(out, label, "WasmEdge 0.14 refuses it (%s); 0.17 takes it",
			 in_14);
	else if (in_17)
		put_line(out, label, "WasmEdge 0.14 takes it; 0.17 refuses it (%s)",
			 in_17);
	else if (!refused)
		put_line(out, label, "runs it with WasmEdge");
	if (plugin)
		put_line(out, "",
			 "needs the plugin %s, which crun loads only by "
			 "WASMEDGE_PLUGIN_PATH",
			 plugin);
}

void render_module_text(const struct wasm_module *module, const char *path, FILE *out)
{
	fprintf(out, "%s: WebAssembly %s, %s\n\n", show(path).text,
		module->kind == WASM_COMPONENT ? "component" : "core module",
		show_bytes(module->size).text);
	put_memories(module, out);
	put_entry(module, out);
	put_sockets(module, out);
	put_imports(module, out);
	put_exports(module, out);
	if (module->kind == WASM_CORE)
		put_aot(&module->aot, out);
	put_debug(module, path, out);
	put_origin(module, out);
	put_list(out, "Needs", &module->features);
	put_list(out, "Built for", &module->target_features);
	fputc('\n', out);
	put_verdict(module, out);
}
