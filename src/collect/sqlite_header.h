// SPDX-License-Identifier: Apache-2.0
/* The first 100 bytes of a SQLite database (sqlite.org/fileformat2.html, 1.3). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SQLITE_HEADER_SIZE 100

struct sqlite_header {
	int64_t page_size; /* bytes */
	int64_t page_count; /* of the file as last written; 0: the header does not tell */
	int64_t free_pages;
	bool uses_log; /* write-ahead logging: what was written last may be in the -wal */
};

/*
 * Read the header.  False when this is not how a database begins: the magic, a page size
 * that is no power of two from 512 to 65536, fixed bytes that are others.  Pages are
 * counted only where the change counter says that the count is that of this very file.
 */
bool sqlite_header_parse(const void *bytes, size_t length, struct sqlite_header *ret)
	__attribute__((nonnull));
