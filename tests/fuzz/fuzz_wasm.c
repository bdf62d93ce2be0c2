// SPDX-License-Identifier: Apache-2.0
/* Any bytes: read as a module, printed both ways, the same from memory and from a file.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <jansson.h>

#include "collect/wasm.h"
#include "render/module.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void print(const struct wasm_module *module)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	json_t *json;

	if (!out)
		abort();
	if (!render_module_json(module, out) || fflush(out) != 0)
		abort();
	json = json_loadb(text, length, 0, NULL);
	if (!json)
		abort();
	json_decref(json);
	render_module_text(module, "fuzz.wasm", out);
	fclose(out);
	free(text);
}

/* Reading by pieces must come to the same end. */
static void compare_file(const uint8_t *data, size_t size, bool good,
			 const struct error *expected)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct arena arena = { 0 };
	struct wasm_module module;
	struct error error = { 0 };

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	if (wasm_read_fd(fd, &arena, &module, &error) != good ||
	    strcmp(error.text, expected->text) != 0)
		abort();
	close(fd);
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct wasm_module module;
	struct error error = { 0 };
	bool good = wasm_read(data, size, &arena, &module, &error);

	if (good)
		print(&module);
	else if (!error.text[0])
		abort();
	compare_file(data, size, good, &error);
	arena_free(&arena);
	return 0;
}
