// SPDX-License-Identifier: Apache-2.0
/* K3s's options, as its configuration files and its systemd unit give them. */
#pragma once

#include "arena.h"
#include "bytes.h"
#include "collect/host.h"
#include "error.h"

#include <wasmdiag/host.h>

/* One option, and the file that gives it. */
struct k3s_setting {
	const char *value; /* NULL: not given */
	const char *file;
};

/*
 * What K3s is told about the way into its cluster.  The token is a secret and a proxy's
 * address may hold one: all of it lives in an arena of its own, which goes once the
 * questions have been answered.  Starts as { .arena = ... }.
 */
struct k3s_secrets {
	struct arena *arena;
	const char *file; /* being read */
	struct k3s_setting server, token, token_file, listen_port;
	struct k3s_setting https_proxy, no_proxy;
};

/* Where what is read goes. */
struct k3s_target {
	struct arena *arena; /* of what k3s keeps */
	struct k3s *k3s;
	struct k3s_secrets *secrets; /* NULL: they are not wanted */
};

/*
 * Put what one configuration file says over what k3s has (K3s docs, configuration file):
 * a later file wins, "key+" appends to a list.  Only data-dir, node-name,
 * flannel-backend, disable and what tells the datastore are looked at, of its endpoint no
 * more than the scheme; and for secrets what they have members for.  name is for the
 * error's text.
 */
bool k3s_apply_config(const struct k3s_target *target, const char *name,
		      struct bytes bytes, struct error *error)
	__attribute__((nonnull(1, 2)));

/*
 * Put the flags of a unit's ExecStart over what k3s has: --disable, --flannel-backend,
 * --data-dir (-d), --node-name, and those that tell the datastore; over what secrets
 * have: --server (-s), --token (-t), --token-file, --https-listen-port.  Of a repeated
 * flag the command line replaces the files' list.  role is set from "server" or "agent".
 * text is the unit file; it is taken apart.
 */
void k3s_apply_unit(const struct k3s_target *target, char *text) __attribute__((nonnull));

/* Likewise of a unit's environment file: K3S_DATA_DIR, K3S_NODE_NAME and what tells the
 * datastore; K3S_URL,
 * K3S_TOKEN, K3S_TOKEN_FILE, HTTPS_PROXY and NO_PROXY for secrets; nothing else. */
void k3s_apply_environment(const struct k3s_target *target, char *text)
	__attribute__((nonnull));

/*
 * Read all of them, in the order in which K3s has them win: configuration files,
 * environment, flags.  The unit of role (NULL: not known) counts last where both are
 * left.  True when there is a unit.
 */
bool k3s_read(struct host_context *context, const char *role, struct k3s *k3s,
	      struct k3s_secrets *secrets) __attribute__((nonnull(1, 3)));
