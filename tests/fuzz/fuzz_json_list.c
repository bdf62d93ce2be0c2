// SPDX-License-Identifier: Apache-2.0
/* A list reply in chunks, whose sizes the input's first byte chooses, and its items. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include <wasmdiag/text.h>

#include "collect/json_project.h"
#include "collect/json_scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const paths[] = { "metadata.name", "a[].b", "a[].c[0]", "b[*x*]",
				     "b[y.z/w]",      "c[2]",  "d",        "e[].n=x",
				     "e[].n=y" };

struct target {
	struct arena arena;
	const struct json_projection *projection;
	struct json_projector projector;
};

static void project(void *context, const char *bytes, size_t length)
{
	struct target *target = context;

	if (!json_project(&target->projector, target->projection, bytes, length, NULL))
		return;
	json_decref(json_loadb(target->projector.out.bytes, target->projector.out.length,
			       JSON_ALLOW_NUL, NULL));
}

/* Fed whole or in chunks, the outcome must be the same. */
static bool scan_all(struct json_scan *scan, const char *bytes, size_t size, size_t chunk)
{
	struct target target = { 0 };
	bool ok = true;

	target.projection =
		json_projection_compile(&target.arena, paths, ARRAY_SIZE(paths), NULL);
	json_scan_start(scan, project, &target);
	for (size_t at = 0; at < size && ok; at += chunk)
		ok = json_scan_feed(scan, bytes + at,
				    size - at < chunk ? size - at : chunk);
	project(&target, bytes, size);
	json_projector_release(&target.projector);
	arena_free(&target.arena);
	return json_scan_end(scan) && ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct json_scan whole, parts;
	const char *bytes = (const char *)data;
	bool ok;

	if (size < 2)
		return 0;
	ok = scan_all(&whole, bytes + 1, size - 1, size);
	if (scan_all(&parts, bytes + 1, size - 1, (size_t)(data[0] % 32) + 1) != ok)
		abort();
	if (ok && (whole.list.items != parts.list.items ||
		   whole.list.bad_items != parts.list.bad_items ||
		   strcmp(whole.list.continue_token, parts.list.continue_token) != 0))
		abort();
	return 0;
}
