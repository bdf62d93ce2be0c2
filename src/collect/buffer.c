// SPDX-License-Identifier: Apache-2.0
#include "collect/buffer.h"

#include <stdlib.h>
#include <string.h>

static bool make_room(struct buffer *buffer, size_t wanted)
{
	size_t capacity = buffer->capacity ? buffer->capacity : 1024;
	char *bytes;

	while (capacity < wanted)
		capacity *= 2;
	bytes = realloc(buffer->bytes, capacity);
	if (!bytes)
		return false;
	buffer->bytes = bytes;
	buffer->capacity = capacity;
	return true;
}

bool buffer_append(struct buffer *buffer, const char *bytes, size_t length, size_t limit)
{
	if (length > limit || buffer->length > limit - length)
		return false;
	if (length == 0)
		return true;
	if (buffer->capacity - buffer->length < length &&
	    !make_room(buffer, buffer->length + length))
		return false;
	memcpy(buffer->bytes + buffer->length, bytes, length);
	buffer->length += length;
	return true;
}

void buffer_release(struct buffer *buffer)
{
	free(buffer->bytes);
	*buffer = (struct buffer){ 0 };
}
