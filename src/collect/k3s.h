// SPDX-License-Identifier: Apache-2.0
/* K3s's options, as its configuration files and its systemd unit give them. */
#pragma once

#include "arena.h"
#include "bytes.h"
#include "error.h"

#include <wasmdiag/host.h>

/*
 * Put what one configuration file says over what k3s has (K3s docs, configuration file):
 * a later file wins, "key+" appends to a list.  Only data-dir, node-name,
 * flannel-backend, disable and what tells the datastore are looked at: tokens are never
 * kept, nor what follows the scheme of datastore-endpoint.  name is for the
 * error's text.
 */
bool k3s_apply_config(struct arena *arena, struct k3s *k3s, const char *name,
		      struct bytes bytes, struct error *error)
	__attribute__((nonnull(1, 2, 3)));

/*
 * Put the flags of a unit's ExecStart over what k3s has: --disable, --flannel-backend,
 * --data-dir (-d), --node-name, and those that tell the datastore.  Of a repeated flag the command line replaces the files'
 * list.  role is set from "server" or "agent".  text is the unit file; it is taken apart.
 */
void k3s_apply_unit(struct arena *arena, struct k3s *k3s, char *text)
	__attribute__((nonnull));

/* Likewise of a unit's environment file: K3S_DATA_DIR, K3S_NODE_NAME and what tells the
 * datastore, nothing else. */
void k3s_apply_environment(struct arena *arena, struct k3s *k3s, char *text)
	__attribute__((nonnull));
