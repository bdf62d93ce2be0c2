// SPDX-License-Identifier: Apache-2.0
#include "bytes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK ((size_t)16384)

static void discard(struct byte_reader *reader)
{
	if (reader->data)
		explicit_bzero(reader->data, reader->size);
	free(reader->data);
	reader->data = NULL;
	reader->size = reader->room = 0;
}

/* Not realloc(): what is left behind may be a key. */
static bool make_room(struct byte_reader *reader)
{
	size_t room = reader->room ? reader->room * 2 : CHUNK;
	char *moved;
	size_t size = reader->size;

	if (reader->room > size)
		return true;
	moved = malloc(room);
	if (!moved)
		return false;
	if (size)
		memcpy(moved, reader->data, size);
	discard(reader);
	reader->data = moved;
	reader->size = size;
	reader->room = room;
	return true;
}

static ssize_t read_again(int fd, char *into, size_t room)
{
	ssize_t length;

	do {
		length = read(fd, into, room);
	} while (length < 0 && errno == EINTR);
	return length;
}

long byte_reader_take(struct byte_reader *reader, int fd)
{
	char beyond[CHUNK];
	size_t room;
	ssize_t length;

	if (reader->size == reader->limit) {
		length = read_again(fd, beyond, sizeof(beyond));
		reader->full |= length > 0;
		return length;
	}
	if (!make_room(reader))
		return -1;
	room = reader->room - reader->size;
	if (room > reader->limit - reader->size)
		room = reader->limit - reader->size;
	length = read_again(fd, reader->data + reader->size, room);
	if (length > 0)
		reader->size += (size_t)length;
	return length;
}

struct bytes byte_reader_finish(struct byte_reader *reader, struct arena *arena)
{
	struct bytes bytes = { .size = reader->size };

	bytes.data = arena_copy(arena, reader->data ? reader->data : "", reader->size);
	discard(reader);
	return bytes;
}
