// SPDX-License-Identifier: Apache-2.0
/* Bytes from outside, and how a bounded number of them is read. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"

/* Bytes an arena holds: data ends in a NUL that size does not count.  NULL = absent. */
struct bytes {
	char *data;
	size_t size;
};

/* Collects what a descriptor yields, limit bytes at most.  Starts as { .limit = n }. */
struct byte_reader {
	char *data;
	size_t size;
	size_t room;
	size_t limit;
	bool full; /* there was more than limit bytes */
};

/*
 * Take what one read() of fd yields.  Returns its result: above 0 go on, 0 the end,
 * -1 an error (errno).  Past the limit bytes are read and dropped, and full is set.
 */
long byte_reader_take(struct byte_reader *reader, int fd) __attribute__((nonnull));

/* Move what was read into the arena; the reader's own copy is wiped and freed. */
struct bytes byte_reader_finish(struct byte_reader *reader, struct arena *arena)
	__attribute__((nonnull));
