// SPDX-License-Identifier: Apache-2.0
/* The first byte picks what the rest is taken for. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collect/cgroup.h"
#include "collect/container_resources.h"
#include "collect/engine_library.h"
#include "collect/pulls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_cgroup(const char *text)
{
	struct cgroup_places places;

	cgroup_parse(text, "0123", &places);
	if (strstr(places.unified, "/../") || strstr(places.memory, "/../"))
		abort();
	cgroup_number(text);
	cgroup_value(text, "oom_kill");
}

static void read_pull(struct arena *arena, const char *text)
{
	struct pull pull = { 0 };

	if (pull_parse(text, &pull, arena) &&
	    (!pull.image || pull.took_ms < 0 || strlen(pull.image) > 1024))
		abort();
}

/* Whole or in pieces must be the same. */
static void scan_library(const char *bytes, size_t size)
{
	struct engine_scan whole = { 0 }, pieces = { 0 };

	engine_scan_feed(&whole, bytes, size);
	for (size_t i = 0; i < size; i += 7)
		engine_scan_feed(&pieces, bytes + i, size - i < 7 ? size - i : 7);
	if (strcmp(whole.version, pieces.version) != 0 ||
	    whole.has_run_modes != pieces.has_run_modes)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct container_resources resources = { 0 };
	struct arena arena = { 0 };
	char *text;

	if (size == 0)
		return 0;
	text = arena_copy(&arena, (const char *)data + 1, size - 1);
	if (*data == 'p')
		read_pull(&arena, text);
	else if (*data == 'l')
		scan_library(text, size - 1);
	else if (*data == 's')
		cri_status_parse(text, size - 1, &resources);
	else
		read_cgroup(text);
	arena_free(&arena);
	return 0;
}
