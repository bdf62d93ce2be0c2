// SPDX-License-Identifier: Apache-2.0
/* What `wasmdiag module FILE` prints. */
#pragma once

#include <stdio.h>

#include <wasmdiag/wasm.h>

/*
 * For a person: what the module needs and what crun with WasmEdge will say to it.  path
 * is printed as it is, made harmless.  Whether out took it is for the caller to see
 * (ferror).
 */
void render_module_text(const struct wasm_module *module, const char *path, FILE *out)
	__attribute__((nonnull));

/*
 * The same facts as JSON, schema wasmdiag.module/1: members may be added, not renamed.
 * Sizes are bytes, memories' min and max are pages; null is "none" or "not known".
 * False when memory was short or out did not take it.
 */
bool render_module_json(const struct wasm_module *module, FILE *out)
	__attribute__((nonnull));
