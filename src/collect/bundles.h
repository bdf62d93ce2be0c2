// SPDX-License-Identifier: Apache-2.0
/* The containers on this node that run, or should run, a Wasm module. */
#pragma once

#include "collect/host.h"

/*
 * HOST_WASM_CONTAINERS, from the bundles that containerd's shims keep while a container
 * exists (facts E).  A container counts when its process runs in the engine, its program
 * is named .wasm or .wat, an annotation makes crun run it in the engine whatever it is,
 * or there is a Wasm annotation and its program is a module.  A bundle that is half
 * written or goes away costs that container only.  At most 500 are kept.
 *
 * Of a container's environment is kept whether kept_variables are there, of its arguments
 * the first, of its annotations those about Wasm (*wasm*, module.*, run.oci.*).
 */
void collect_wasm_containers(struct host_context *context, struct host *host)
	__attribute__((nonnull));

/*
 * What config.json of a bundle says of a container, into container: the arena's.  *cwd is
 * its working folder.  false: it is not valid, or is a sandbox or none of Kubernetes'.
 */
bool bundle_parse(struct arena *arena, const char *json, size_t length,
		  struct wasm_container *container, const char **cwd)
	__attribute__((nonnull));
