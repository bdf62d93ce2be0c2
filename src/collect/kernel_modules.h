// SPDX-License-Identifier: Apache-2.0
/*
 * Is a kernel module loaded, built in, to be had, or missing?  libkmod alone is wrong
 * about this: it takes a built-in without index for one that is being loaded, and looks
 * at our own /proc and /sys only (facts: ecosystem 4).  In order: /proc/modules,
 * /sys/module, modules.builtin, what the kernel can do, libkmod's index.  Without an
 * index of the running kernel the answer is MODULE_UNKNOWN, never MODULE_MISSING.
 */
#pragma once

#include "collect/host.h"

/* What is known of module name, for kernel release; host for its links. */
struct kernel_module find_module(struct host_context *context, const struct host *host,
				 const char *release, const char *name)
	__attribute__((nonnull));
