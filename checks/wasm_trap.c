// SPDX-License-Identifier: Apache-2.0
#include "wasm_trap.h"

#include <stdio.h>
#include <stdlib.h>

#include <wasmdiag/text.h>
#include <wasmdiag/wasm.h>

/* Addresses from here to 2^32 are those a stack pointer reaches by running below 0: no
 * module with such a boundary has memory up there. */
#define WRAPPED UINT64_C(0xffff0000)

/* Copy what stands between two texts of the line; false when they are not there. */
static bool between(const char *line, const char *before, const char *after, char *out,
		    size_t size)
{
	const char *start = strstr(line, before), *end;

	start = start ? start + strlen(before) : NULL;
	end = start ? strstr(start, after) : NULL;
	if (!end)
		return false;
	snprintf(out, size, "%.*s", (int)(end - start > 1024 ? 1024 : end - start),
		 start);
	return true;
}

static bool read_hex(const char *line, const char *before, uint64_t *value)
{
	const char *start = strstr(line, before);
	char *end;

	if (!start)
		return false;
	start += strlen(before);
	*value = strtoull(start, &end, 16);
	return end != start;
}

/* "Accessing offset from: 0x... to: 0x... , Out of boundary: 0x..." */
static void read_offsets(const char *line, struct trap *trap)
{
	uint64_t from, boundary;

	if (!read_hex(line, "Accessing offset from: ", &from) ||
	    !read_hex(line, "Out of boundary: ", &boundary))
		return;
	trap->has_offsets = true;
	trap->from = from;
	trap->boundary = boundary;
	trap->pages = boundary / WASM_PAGE_SIZE + (boundary % WASM_PAGE_SIZE ? 1 : 0);
}

static void raise_to(struct trap *trap, enum trap_kind kind)
{
	if (kind > trap->kind)
		trap->kind = kind;
}

/* The engine cannot take the module: facts C4, D. */
static bool is_unsupported(const char *reason)
{
	static const char *const texts[] = { "unknown import", "incompatible import type",
					     "integer too large", "illegal opcode",
					     "malformed value type" };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (text_has(reason, texts[i]))
			return true;
	return false;
}

/* Nothing ran that could trap: the check pod-start answers for a missing entry point. */
static bool never_began(const char *line)
{
	return text_has(line, "wasm function not found") ||
	       text_has(line, "invalid path");
}

/*
 * "[error] <phase> failed: <text>, Code: 0x408".  As "[info]" it stopped nothing: so
 * 0.14 speaks of compiled code that it cannot use, and interprets (WD6105).
 */
static void read_failure(const char *line, struct trap *trap)
{
	char reason[sizeof(trap->reason)];

	if (text_has(line, "] [info] ") || never_began(line))
		return;
	if (!between(line, " failed: ", ", Code: 0x", reason, sizeof(reason)))
		return;
	if (text_has(line, "out of bounds memory access"))
		raise_to(trap, TRAP_OUT_OF_BOUNDS);
	else
		raise_to(trap, is_unsupported(reason) ? TRAP_UNSUPPORTED : TRAP_OTHER);
	if (!trap->reason[0])
		memcpy(trap->reason, reason, sizeof(reason));
}

static void read_allocation(const char *line, struct trap *trap)
{
	const char *at = strstr(line, "memory allocation of ");

	if (at && text_has(at, " bytes failed")) {
		long long bytes = strtoll(at + strlen("memory allocation of "), NULL, 10);

		raise_to(trap, TRAP_ALLOCATION);
		trap->bytes = bytes > 0 ? bytes : UNSET;
	} else if (text_has(line, "Memory grow page failed")) {
		raise_to(trap, TRAP_ALLOCATION);
	}
}

/* WASI 0.2 is told by these; the check wasi-dns answers for it.  wasi:logging is a
 * plugin's, for core modules. */
static bool is_component(const char *line)
{
	return text_has(line, "Component Model") ||
	       (text_has(line, "When linking module: \"wasi:") &&
		!text_has(line, "\"wasi:logging/"));
}

void trap_read(const struct string_list *lines, struct trap *trap)
{
	*trap = (struct trap){ .bytes = UNSET };
	for (size_t i = 0; i < lines->count; i++) {
		const char *line = lines->items[i];

		if (!line)
			continue;
		if (is_component(line)) {
			trap->kind = TRAP_NONE;
			return;
		}
		read_failure(line, trap);
		read_offsets(line, trap);
		read_allocation(line, trap);
		between(line, "When linking module: \"", "\"", trap->module,
			sizeof(trap->module));
	}
	if (trap->kind == TRAP_OUT_OF_BOUNDS && trap->has_offsets &&
	    trap->from >= WRAPPED && trap->boundary < WRAPPED)
		trap->kind = TRAP_STACK;
}

bool trap_concerns(const char *line)
{
	static const char *const texts[] = {
		", Code: 0x",           "Accessing offset",  "In instruction",
		"memory allocation of", "Memory grow page",  "panicked at",
		"When linking module",  "requires enabling", "When executing"
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (text_has(line, texts[i]))
			return true;
	return false;
}
