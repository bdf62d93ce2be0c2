// SPDX-License-Identifier: Apache-2.0
/* containerd's configuration: which files, and what they add up to. */
#pragma once

#include "collect/host.h"
#include "collect/toml.h"

/*
 * HOST_CONTAINERD.  Reads K3s's generated configuration, else the one a running
 * containerd was given (-c, --config), else /etc/containerd/config.toml, and what it
 * imports.  A configuration that containerd cannot load is known, with
 * host->containerd.error: that is the finding.  Without one containerd runs with its
 * defaults, which are what is told then.  FACT_ABSENT: no trace of containerd.
 */
void collect_containerd(struct host_context *context, struct host *host)
	__attribute__((nonnull));

/* A file of the configuration, read. */
struct containerd_file {
	const char *path;
	const struct toml_node *root;
	int64_t version; /* its own; 0 when it has none, which means 1 */
	bool imported;
};

/* Lay one file over what the files before it said, as containerd's mergeConfig does. */
void containerd_apply(struct host_context *context, struct host *host,
		      const struct containerd_file *file) __attribute__((nonnull));

/* The handler that containerd always has, unless the files named it. */
void containerd_add_default(struct host_context *context, struct containerd *containerd)
	__attribute__((nonnull));

/* Does the handler run an OCI runtime, through containerd-shim-runc? */
bool handler_runs_oci(const struct runtime_handler *handler) __attribute__((nonnull));
