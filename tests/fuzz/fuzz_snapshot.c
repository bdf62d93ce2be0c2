// SPDX-License-Identifier: Apache-2.0
/*
 * A snapshot that a stranger sent: loaded, judged by every check, shown in every format.
 * What is shown must be inert, and what is saved must be judged as what was loaded.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/focus.h"
#include "json_text.h"
#include "pod_story.h"
#include "render/pod.h"
#include "render/render.h"
#include "run.h"
#include "snapshot.h"

#define POD_LIMIT    3
#define LOADER_FLAGS (JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max) __attribute__((weak));

/* ---- what must hold ---- */

/* No control character but the newline, of ASCII or of Latin-1 (in UTF-8: c2 80-9f). */
static void demand_inert(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char byte = (unsigned char)text[i];
		unsigned char next = i + 1 < size ? (unsigned char)text[i + 1] : 0xff;

		if ((byte >= ' ' || byte == '\n') && byte != 0x7f &&
		    (byte != 0xc2 || next >= 0xa0))
			continue;
		fprintf(stderr, "byte %zu is 0x%02x in: %s\n", i, byte, text);
		abort();
	}
}

static char *render(const struct report *report, const struct renderer *renderer,
		    const struct render_options *options)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	renderer->render(report, options, out);
	fclose(out);
	demand_inert(text, size);
	return text;
}

/* Every format, in one of the languages, tersely or not: as the input's size decides. */
static void render_all(const struct report *report, size_t size)
{
	const struct render_options options = {
		.language = size % LANGUAGE_COUNT,
		.verbose = size & 2,
		.quiet = size & 4,
		.width = 100,
	};

	for (size_t i = 0; all_renderers[i]; i++)
		free(render(report, all_renderers[i], &options));
}

static void tell_story(const struct facts *facts, const struct pod *pod)
{
	static const char *const formats[] = { "text", "short", "json" };
	const struct render_options options = { .width = 100 };
	struct focus focus = { .namespace = pod->namespace, .name = pod->name };
	struct arena arena = { 0 };
	struct report report = { .arena = &arena };
	struct pod_story story;

	report_make(&report, all_checks, facts, &arena);
	for (size_t i = 0; pod_story_tell(&story, &focus, &report) && i < 3; i++) {
		char *text = NULL;
		size_t size;
		FILE *out = open_memstream(&text, &size);

		render_pod(&story, formats[i], &options, out);
		fclose(out);
		demand_inert(text, size);
		free(text);
	}
	arena_free(&arena);
}

/* The report of facts, in JSON, which the caller frees; with a size in the others, too.
 */
static char *judge(const struct facts *facts, size_t size)
{
	const struct render_options options = { .width = 100 };
	struct arena arena = { 0 };
	struct report report = { .arena = &arena };
	char *text;

	report_make(&report, all_checks, facts, &arena);
	if (size)
		render_all(&report, size);
	text = render(&report, find_renderer("json"), &options);
	arena_free(&arena);
	return text;
}

static void save_and_judge(const struct facts *facts, const char *expected)
{
	json_t *json = snapshot_save(facts);
	struct arena arena = { 0 };
	struct facts copy;
	struct error error;
	char *text;

	if (!snapshot_parse(json, &copy, &arena, &error)) {
		fprintf(stderr, "what was saved is refused: %s\n", error.text);
		abort();
	}
	text = judge(&copy, 0);
	if (strcmp(text, expected) != 0) {
		fprintf(stderr, "loaded: %s\nsaved: %s\n", expected, text);
		abort();
	}
	free(text);
	json_decref(json);
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *json = json_loadb((const char *)data, size, LOADER_FLAGS, NULL);
	struct arena arena = { 0 };
	struct facts facts;
	struct error error;

	if (json && snapshot_parse(json, &facts, &arena, &error)) {
		char *text = judge(&facts, size);

		save_and_judge(&facts, text);
		free(text);
		for (size_t i = 0; i < facts.pod_count && i < POD_LIMIT; i++)
			if (facts.pods[i].name)
				tell_story(&facts, &facts.pods[i]);
	}
	json_decref(json);
	arena_free(&arena);
	return 0;
}

/* ---- changes that leave it JSON: bytes changed at random seldom do ---- */

/* A value somewhere in a document, by the container that holds it. */
struct place {
	json_t *container;
	const char *key; /* in an object */
	size_t index; /* in an array */
};

struct places {
	struct place *items;
	size_t count;
};

static void find_places(json_t *json, struct places *places)
{
	const char *key;
	json_t *value;
	size_t i;

	json_object_foreach(json, key, value)
	{
		places->items = realloc(places->items,
					(places->count + 1) * sizeof(struct place));
		places->items[places->count++] = (struct place){ json, key, 0 };
		find_places(value, places);
	}
	json_array_foreach(json, i, value)
	{
		places->items = realloc(places->items,
					(places->count + 1) * sizeof(struct place));
		places->items[places->count++] = (struct place){ json, NULL, i };
		find_places(value, places);
	}
}

static json_t *value_at(const struct place *place)
{
	return place->key ? json_object_get(place->container, place->key)
			  : json_array_get(place->container, place->index);
}

static json_t *nasty_value(unsigned random)
{
	static const char *const texts[] = {
		"",
		"\033[2J\r\b\177\302\233m",
		"..",
		"/",
		"10.42.0.0/33",
		"::/0",
		"0.0.0.0",
		"-",
		"{pod}",
		"%s%n",
		"1e99",
		"18446744073709551616Ki",
		"a:b:c:d:e",
		"\"'\\",
		"v1.",
		"=",
		"a=",
		"*",
		"[",
		"\xed\x9f\xbf",
	};
	static const json_int_t numbers[] = {
		0, 1, -1, INT32_MAX, INT32_MIN, UINT32_MAX, INT64_MAX, INT64_MIN, 65536,
	};
	const size_t text_count = sizeof(texts) / sizeof(*texts);
	const size_t number_count = sizeof(numbers) / sizeof(*numbers);

	switch (random % 8) {
	case 0:
		return json_null();
	case 1:
		return random & 8 ? json_true() : json_false();
	case 2:
		return json_real(-1e308);
	case 3:
		return random & 8 ? json_array() : json_object();
	case 4:
	case 5:
		return json_integer(numbers[random / 8 % number_count]);
	default:
		return json_string(texts[random / 8 % text_count]);
	}
}

/* A string with some of its bytes changed, if it is one still. */
static json_t *changed_text(const json_t *value)
{
	char bytes[512];
	size_t length = json_string_length(value);

	if (length > sizeof(bytes))
		length = sizeof(bytes);
	if (length)
		memcpy(bytes, json_string_value(value), length);
	length = LLVMFuzzerMutate((uint8_t *)bytes, length, sizeof(bytes));
	return json_stringn(bytes, length);
}

static void put(const struct place *place, json_t *value)
{
	if (!value)
		return;
	if (place->key)
		json_object_set_new(place->container, place->key, value);
	else
		json_array_set_new(place->container, place->index, value);
}

static void change(const struct places *places)
{
	const struct place *place = &places->items[(size_t)rand() % places->count];
	const struct place *other = &places->items[(size_t)rand() % places->count];

	switch (rand() % 6) {
	case 0:
		if (place->key)
			json_object_del(place->container, place->key);
		else
			json_array_remove(place->container, place->index);
		break;
	case 1:
		if (json_is_array(place->container))
			json_array_append_new(place->container,
					      json_deep_copy(value_at(place)));
		break;
	case 2:
		put(place, json_deep_copy(value_at(other)));
		break;
	case 3:
		put(place, nasty_value((unsigned)rand()));
		break;
	default:
		if (json_is_string(value_at(place)))
			put(place, changed_text(value_at(place)));
		else if (json_is_integer(value_at(place)))
			put(place, json_integer(json_integer_value(value_at(place)) ^
						(1 << rand() % 16)));
	}
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	json_t *json = json_loadb((const char *)data, size, LOADER_FLAGS, NULL);
	size_t length;

	srand(seed);
	if (!json || rand() % 16 == 0) {
		json_decref(json);
		return LLVMFuzzerMutate(data, size, max);
	}
	for (int i = rand() % 4; i >= 0; i--) {
		struct places places = { 0 };

		find_places(json, &places);
		if (places.count)
			change(&places);
		free(places.items);
	}
	length = json_dumpb(json, (char *)data, max, JSON_COMPACT);
	json_decref(json);
	return length <= max ? length : LLVMFuzzerMutate(data, size, max);
}
