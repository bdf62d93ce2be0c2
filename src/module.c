// SPDX-License-Identifier: Apache-2.0
#include "module.h"

#include <wasmdiag/text.h>

#include "collect/wasm.h"
#include "render/module.h"
#include "run.h"

int run_module(const struct options *options, struct arena *arena)
{
	struct wasm_module module;
	struct error error;
	const char *path;

	if (options->argument_count != 2) {
		fail(&error, ERROR_USAGE,
		     "module wants one file: wasmdiag module FILE.wasm");
		return report_error(&error);
	}
	path = options->arguments[1];
	if (!wasm_read_file(path, arena, &module, &error)) {
		report_error(&error);
		return 2;
	}
	if (text_equal(options->outputs[0].format, "json"))
		return render_module_json(&module, stdout) ? 0 : 1;
	render_module_text(&module, path, stdout);
	return 0;
}
