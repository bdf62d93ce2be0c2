// SPDX-License-Identifier: Apache-2.0
/* /proc/config.gz: how the running kernel was configured. */
#pragma once

#include "collect/host.h"

/*
 * Does <root>/proc/config.gz say that module name is built in ("CONFIG_VXLAN=y")?  Of
 * the modules K3s wants; false for others, and without that file, which many kernels
 * lack.
 */
bool kernel_config_has(struct host_context *context, const char *name)
	__attribute__((nonnull));
