// SPDX-License-Identifier: Apache-2.0
/* At how little free space kubelet evicts: evictionHard of its configuration. */
#pragma once

#include "collect/host.h"

/* The thresholds as written, "5%" or "1Gi"; NULL: none is set. */
struct eviction {
	const char *nodefs; /* nodefs.available */
	const char *imagefs; /* imagefs.available */
};

/*
 * What kubelet was told: by the file its --config names (kubeadm's when it is not
 * running), by K3s's drop-ins below data_dir, and over those by its --eviction-hard.
 * A map that is set replaces kubelet's defaults as a whole.  False when none sets any.
 */
bool eviction_read(struct host_context *context, const char *data_dir,
		   struct eviction *ret) __attribute__((nonnull));

/* A threshold in bytes, of a file system of total bytes; 0 for NULL, UNSET for what is
 * no threshold. */
int64_t eviction_reserve(const char *threshold, int64_t total);
