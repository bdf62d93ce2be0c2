// SPDX-License-Identifier: Apache-2.0
/* CNI network configuration. */
#pragma once

#include "arena.h"
#include "bytes.h"
#include "error.h"

#include <wasmdiag/host.h>

/*
 * Read one configuration: a list (has "plugins") or a single plugin.  cni gets its name
 * and its plugins' types; programs gets every program that is needed to run them: the
 * types, their ipam's, and those that flannel delegates to (bridge and host-local unless
 * it says otherwise; flannel's cni-plugin README).  At most 64 plugins.
 */
bool cni_parse(struct arena *arena, struct bytes bytes, struct cni *cni,
	       struct string_list *programs, struct error *error)
	__attribute__((nonnull(1, 3, 4)));
