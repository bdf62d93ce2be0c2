// SPDX-License-Identifier: Apache-2.0
/*
 * A module that `wasmedge compile` made holds machine code in the custom section
 * `wasmedge`.  When the engine does not take it, it interprets the module: slower, and
 * larger for nothing (facts C5).
 */
#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#include "common.h"
#include "startup.h"
#include "startup.words.h"
#include "wasm_container.h"

/* The format of the section that a WasmEdge 0.minor reads: 2 since 0.15. */
static int64_t format_of(int64_t minor)
{
	return minor >= 15 ? 2 : 1;
}

/* uname -m against what WasmEdge calls it. */
static bool same_architecture(const char *machine, const char *arch)
{
	return text_equal(machine, arch) ||
	       (text_starts(machine, "armv7") && text_equal(arch, "armv7"));
}

/* Why the engine does not take it, in its own words; NULL: it does, or who knows. */
static const char *refusal(const struct host *host, const struct wasm_aot *aot,
			   const struct engine_library *library)
{
	if (library && library->has_run_modes)
		return "run mode: interpreter";
	if (library && library->minor != UNSET && aot->version != UNSET &&
	    aot->version != format_of(library->minor))
		return "AOT binary version unmatched.";
	if (aot->os && !text_equal(aot->os, "linux"))
		return "AOT OS type unmatched.";
	if (aot->arch && host->architecture &&
	    !same_architecture(host->architecture, aot->arch))
		return "AOT arch type unmatched.";
	return NULL;
}

/* The library that this container's runtime loads, else the only one there is. */
static const struct engine_library *library_of(const struct host *host,
					       const struct wasm_container *wasm)
{
	const struct runtime_binary *runtime = find_runtime(host, wasm->runtime);

	if (runtime && runtime->library_path)
		return find_engine_library(host, runtime->library_path);
	return host->engine_library_count == 1 ? host->engine_libraries : NULL;
}

static const char *library_text(struct report *report,
				const struct engine_library *library)
{
	if (!library)
		return "WasmEdge";
	if (library->version)
		return report_text(report, "WasmEdge %s (%s)", library->version,
				   text_or_empty(library->path));
	return report_text(report, "WasmEdge (%s)", text_or_empty(library->path));
}

static const char *number_text(struct report *report, int64_t number)
{
	return number == UNSET ? "?" : report_text(report, "%lld", (long long)number);
}

/* What the engine would take. */
static const char *wanted_text(struct report *report, const struct host *host,
			       const struct engine_library *library)
{
	int64_t format =
		library && library->minor != UNSET ? format_of(library->minor) : UNSET;

	return report_text(report, "format %s, linux, %s", number_text(report, format),
			   host->architecture ? host->architecture : "?");
}

static const char *section_text(struct report *report, const struct wasm_aot *aot)
{
	return report_text(report, "format %s, %s, %s", number_text(report, aot->version),
			   aot->os ? aot->os : "?", aot->arch ? aot->arch : "?");
}

void judge_compiled(struct report *report, const struct facts *facts,
		    const struct host *host, const struct wasm_container *wasm)
{
	const struct wasm_aot *aot = &wasm->module.aot;
	const struct engine_library *library = library_of(host, wasm);
	const char *reason = aot->present ? refusal(host, aot, library) : NULL;
	bool interprets = library && library->has_run_modes;
	struct finding *finding;

	if (!reason)
		return;
	finding = wasm_finding(report, facts, &WD6105, host, wasm);
	finding_value(finding, "library", "%s", library_text(report, library));
	finding_value(finding, "reason", "%s", reason);
	finding_value(finding, "path", "%s", text_or_empty(wasm->module_path));
	/* {file}: no compiling helps; {module}: compiling for this engine does */
	finding_value(finding, interprets ? "file" : "module", "%s",
		      base_name(wasm->module_path));
	finding_saw(finding, "custom section wasmedge", section_text(report, aot),
		    interprets ? NULL : wanted_text(report, host, library),
		    wasm->module_path);
	finding_saw(finding, "engine", library_text(report, library),
		    interprets ? "before 0.17" : NULL, reason);
}

/* The line that says so; NULL: none does. */
static const char *heard_line(const struct log_excerpt *log)
{
	for (size_t i = 0; i < log->lines.count; i++)
		if (guide_matches(&WD6105, text_or_empty(log->lines.items[i])))
			return log->lines.items[i];
	return NULL;
}

/* What the engine says behind its time and level: "[...] [info]     AOT ..." */
static const char *without_prefix(const char *line)
{
	while (*line == '[' && strchr(line, ']')) {
		line = strchr(line, ']') + 1;
		line += strspn(line, " ");
	}
	return line;
}

static void report_heard(struct report *report, const struct facts *facts,
			 const struct log_excerpt *log, const char *line)
{
	struct place place = { log->namespace, log->pod, log->container };
	struct finding *finding = container_finding(report, facts, &WD6105, &place);
	const struct pod *pod = find_pod(facts, log->namespace, log->pod);
	const char *module = pod ? module_program(pod) : NULL;

	finding_value(finding, "library", "WasmEdge");
	finding_value(finding, "reason", "%s", without_prefix(line));
	finding_value(finding, "path", "%s", module ? module : "*.wasm");
	if (module)
		finding_value(finding, "module", "%s", base_name(module));
	finding_saw(finding, "log", line, NULL,
		    report_text(report, "log of %s/%s, container %s",
				text_or_empty(log->namespace), text_or_empty(log->pod),
				text_or_empty(log->container)));
}

void judge_compiled_heard(struct report *report, const struct facts *facts)
{
	bool pods = facts->source[FACT_PODS].state == FACT_KNOWN;
	struct log_cursor cursor = { 0 };
	const struct log_excerpt *log;

	while ((log = next_log(facts, &cursor))) {
		const char *line = heard_line(log);

		if (line && (!pods || log_pod(facts, log)))
			report_heard(report, facts, log, line);
	}
}
