// SPDX-License-Identifier: Apache-2.0
/* What OCI runtimes say of themselves. */
#include <ctype.h>
#include <jansson.h>
#include <string.h>

#include <wasmdiag/text.h>

#include "collect/runtimes.h"

#define FEATURES_MAX 64

/* The order in which crun asks its handlers (custom-handler.c): the first wins. */
static const char *const engines[] = { "wasmedge", "wasmer", "wasmtime", "wamr" };

/* A number of at most 6 digits; moves *at past it.  UNSET when there is none. */
static int64_t take_number(const char **at)
{
	int64_t number = 0;
	size_t digits = strspn(*at, "0123456789");

	if (digits == 0 || digits > 6)
		return UNSET;
	for (size_t i = 0; i < digits; i++)
		number = number * 10 + (*at)[i] - '0';
	*at += digits;
	return number;
}

/* PROGRAM version MAJOR.MINOR[.PATCH][anything] */
static bool parse_first_line(struct arena *arena, const char *line,
			     struct runtime_binary *binary)
{
	static const char middle[] = " version ";
	const char *at = strstr(line, middle);
	size_t name = strcspn(line, " ");

	if (!at || at != line + name || name == 0 || name > 32)
		return false;
	binary->program = arena_copy(arena, line, name);
	at += sizeof(middle) - 1;
	binary->version = arena_copy(arena, at, strcspn(at, " \t"));
	binary->major = take_number(&at);
	if (binary->major == UNSET || *at++ != '.')
		return false;
	binary->minor = take_number(&at);
	if (binary->minor == UNSET)
		return false;
	binary->patch = 0;
	if (at[0] == '.' && isdigit((unsigned char)at[1])) {
		at++;
		binary->patch = take_number(&at);
	}
	return true;
}

static void add_features(struct arena *arena, char *line, struct runtime_binary *binary)
{
	char *rest = line, *token;

	while ((token = strsep(&rest, " \t")) && binary->features.count < FEATURES_MAX) {
		struct string_list *list = &binary->features;

		if (token[0] != '+')
			continue;
		list->items =
			arena_grow(arena, list->items, list->count, sizeof(*list->items));
		list->items[list->count++] = token;
	}
}

static void set_engine(struct runtime_binary *binary)
{
	static const char prefix[] = "+WASM:";
	size_t best = ARRAY_SIZE(engines);

	binary->wasm = ANSWER_NO;
	binary->engine_source = "crun --version";
	for (size_t i = 0; i < binary->features.count; i++) {
		const char *token = binary->features.items[i];
		size_t rank = 0;

		if (!text_starts(token, prefix))
			continue;
		token += sizeof(prefix) - 1;
		while (rank < ARRAY_SIZE(engines) && !text_equal(engines[rank], token))
			rank++;
		if (!binary->engine || rank < best) {
			binary->engine = token;
			best = rank;
		}
		binary->wasm = ANSWER_YES;
	}
}

bool parse_runtime_version(struct arena *arena, const char *output, size_t length,
			   struct runtime_binary *binary)
{
	char *rest = arena_copy(arena, output, strnlen(output, length));
	const char *first = strsep(&rest, "\n");
	char *line;

	if (!parse_first_line(arena, first, binary))
		return false;
	while ((line = strsep(&rest, "\n")))
		if (line[0] == '+')
			add_features(arena, line, binary);
	if (binary->features.count)
		set_engine(binary);
	/* runc has no such handlers at all */
	if (text_equal(binary->program, "runc"))
		binary->wasm = ANSWER_NO;
	return true;
}

bool parse_runtime_features(const char *output, size_t length,
			    struct runtime_binary *binary)
{
	json_t *root = json_loadb(output, length, 0, NULL);
	const char *wasm = json_string_value(json_object_get(
		json_object_get(root, "annotations"), "run.oci.crun.wasm"));
	bool yes = text_equal(wasm, "true"), known = yes || text_equal(wasm, "false");

	if (known) {
		binary->wasm = yes ? ANSWER_YES : ANSWER_NO;
		binary->engine_source = "crun features";
		if (!yes)
			binary->engine = NULL;
	}
	json_decref(root);
	return known;
}

const char *engine_library(const struct runtime_binary *binary)
{
	static const struct {
		const char *engine, *library;
	} libraries[] = {
		{ "wasmedge", "libwasmedge.so.0" },
		{ "wasmer", "libwasmer.so" },
		{ "wasmtime", "libwasmtime.so" },
		{ "wamr", "libiwasm.so" },
	};

	if (text_equal(binary->engine, "wasmedge") && binary->major == 1 &&
	    binary->minor < 6)
		return "libwasmedge_c.so";
	for (size_t i = 0; i < ARRAY_SIZE(libraries); i++)
		if (text_equal(binary->engine, libraries[i].engine))
			return libraries[i].library;
	return NULL;
}
