// SPDX-License-Identifier: Apache-2.0
/* Folders of configuration files. */
#pragma once

#include "collect/host.h"

/*
 * The names in a folder below root that end in one of endings (ends with NULL), in
 * lexical order; hidden ones are left out, at most 1024 are looked at.  Empty when the
 * folder cannot be read.
 */
struct string_list folder_files(struct host_context *context, const char *folder,
				const char *const *endings) __attribute__((nonnull));
