// SPDX-License-Identifier: Apache-2.0
/* /etc/ld.so.cache, from which ld.so takes the place of a library. */
#pragma once

#include "arena.h"

#include <wasmdiag/facts.h>

/*
 * The paths that the cache of size bytes lists for a library name, in its order, at most
 * 16 of them.  Reads the format 1.1 of glibc (sysdeps/generic/dl-cache.h), alone as
 * ldconfig writes it since 2.32, or behind the older one; what is damaged lists nothing.
 * false: it is no such cache.
 */
bool ld_cache_find(struct arena *arena, const char *bytes, size_t size,
		   const char *library, struct string_list *ret) __attribute__((nonnull));
