// SPDX-License-Identifier: Apache-2.0
/*
 * Bytes that grow and are used again: an item split over two reads, a projection, a
 * reply's body.  What is kept for the run belongs in the arena instead.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Starts as { 0 }. */
struct buffer {
	char *bytes;
	size_t length, capacity; /* bytes */
};

/*
 * Append length bytes.  False, and nothing is appended, when the buffer would then
 * hold more than limit bytes or there is no memory.
 */
bool buffer_append(struct buffer *buffer, const char *bytes, size_t length, size_t limit)
	__attribute__((nonnull(1)));

/* Give the memory back; the buffer may be used again.  For cleanup, too. */
void buffer_release(struct buffer *buffer) __attribute__((nonnull));
