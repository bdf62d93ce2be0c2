// SPDX-License-Identifier: Apache-2.0
/* How rows are written.  OF names the struct whose table it is. */
#pragma once

#include "record.h"

#define ROW(member, type_, ...)                                                          \
	{                                                                                \
		.name = #member, .type = type_, .offset = offsetof(struct OF, member),   \
		__VA_ARGS__                                                              \
	}

#define TEXT(member, path_)    ROW(member, FIELD_STRING, .path = path_)
#define PROSE(member, path_)   ROW(member, FIELD_PROSE, .path = path_)
#define NUMBER(member, path_)  ROW(member, FIELD_INTEGER, .path = path_)
#define BOOLEAN(member, path_) ROW(member, FIELD_BOOLEAN, .path = path_)
#define PRESENT(member, path_) ROW(member, FIELD_PRESENT, .path = path_)
#define TIME(member, path_)    ROW(member, FIELD_TIME, .path = path_)
#define BYTES(member, path_)   ROW(member, FIELD_BYTES, .path = path_)
#define MILLI(member, path_)   ROW(member, FIELD_MILLI, .path = path_)
#define STRINGS(member, path_) ROW(member, FIELD_STRINGS, .path = path_)
/* Of the texts, those in `allowed` (which ends with NULL). */
#define STRINGS_OF(member, path_, allowed)                                               \
	ROW(member, FIELD_STRINGS, .path = path_, .names = allowed)
#define WORD(member, words) ROW(member, FIELD_ENUM, .names = words)
#define LABELS(member, count_, path_, allowed)                                           \
	ROW(member, FIELD_LABELS, .path = path_, .names = allowed,                       \
	    .count_offset = offsetof(struct OF, count_))
#define NESTED(member, record_, path_)                                                   \
	ROW(member, FIELD_RECORD, .path = path_, .record = &record_)
#define SHARED(member, record_) ROW(member, FIELD_SHARED, .path = "", .record = &record_)
#define LIST(member, count_, record_, path_)                                             \
	ROW(member, FIELD_LIST, .path = path_, .record = &record_,                       \
	    .count_offset = offsetof(struct OF, count_))

#define RECORD(type, rows)                                                               \
	{                                                                                \
		.size = sizeof(type), .fields = rows, .field_count = ARRAY_SIZE(rows)    \
	}
