// SPDX-License-Identifier: Apache-2.0
/* Where dlopen() finds a library, told without loading it. */
#pragma once

#include "collect/host.h"

/*
 * Find a library, such as libwasmedge.so.0, as ld.so would for the program at path
 * program: in ld.so.cache, then in the folders that are always searched (ld.so(8); musl
 * has no cache and searches /usr/local/lib too).  It must be an ELF file for the same
 * machine.  Returns its path; or NULL, and then *ret_error is why it is not found
 * although a copy is there, or why the search proves nothing, if either is so.  The
 * program's own RUNPATH and LD_LIBRARY_PATH are not looked at.
 */
const char *find_library(struct host_context *context, const char *program,
			 const char *library, const char **ret_error)
	__attribute__((nonnull));
