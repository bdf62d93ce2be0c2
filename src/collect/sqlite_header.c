// SPDX-License-Identifier: Apache-2.0
#include "collect/sqlite_header.h"

#include <string.h>

/* Offsets into the header. */
enum {
	AT_PAGE_SIZE = 16,
	AT_WRITE_VERSION = 18,
	AT_READ_VERSION = 19,
	AT_FRACTIONS = 21,
	AT_CHANGES = 24,
	AT_PAGE_COUNT = 28,
	AT_FREE_PAGES = 36,
	AT_VALID_FOR = 92,
};

#define VERSION_LOG 2

static uint32_t big_endian(const unsigned char *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
	       (uint32_t)bytes[2] << 8 | bytes[3];
}

/* Two bytes; 1 stands for 65536, which they cannot hold. */
static int64_t page_size(const unsigned char *bytes)
{
	int64_t size = bytes[AT_PAGE_SIZE] << 8 | bytes[AT_PAGE_SIZE + 1];

	return size == 1 ? 65536 : size;
}

bool sqlite_header_parse(const void *bytes, size_t length, struct sqlite_header *ret)
{
	static const char magic[16] = "SQLite format 3";
	static const unsigned char fractions[] = { 64, 32, 32 };
	const unsigned char *header = bytes;
	int64_t size;

	if (length < SQLITE_HEADER_SIZE || memcmp(header, magic, sizeof(magic)) != 0 ||
	    memcmp(header + AT_FRACTIONS, fractions, sizeof(fractions)) != 0)
		return false;
	size = page_size(header);
	if (size < 512 || size > 65536 || (size & (size - 1)) != 0)
		return false;
	*ret = (struct sqlite_header){
		.page_size = size,
		.free_pages = big_endian(header + AT_FREE_PAGES),
		.uses_log = header[AT_WRITE_VERSION] == VERSION_LOG ||
			    header[AT_READ_VERSION] == VERSION_LOG,
	};
	if (big_endian(header + AT_CHANGES) == big_endian(header + AT_VALID_FOR))
		ret->page_count = big_endian(header + AT_PAGE_COUNT);
	return true;
}
