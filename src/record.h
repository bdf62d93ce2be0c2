// SPDX-License-Identifier: Apache-2.0
/*
 * Records: one row says everything about a fact - its name in a snapshot, its type, where
 * it lies in the API's object, in which member of which struct it lands.  The same rows
 * decode API replies, write snapshots and read them back; what has no row is not kept.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "error.h"
#include "pool.h"

enum field_type {
	FIELD_STRING, /* const char * */
	FIELD_PROSE, /* the same, free text: secrets are scrubbed out of it */
	FIELD_INTEGER, /* int64_t; UNSET is left out */
	FIELD_BOOLEAN, /* bool */
	FIELD_PRESENT, /* bool: the API has something there, what is not kept */
	FIELD_ENUM, /* an enum; `names` has its words */
	FIELD_STRINGS, /* struct string_list; `names`, if any, has the texts allowed */
	FIELD_LABELS, /* struct label * and a count; `names` has the keys allowed, "*"
			 globs */
	FIELD_RECORD, /* a struct by value */
	FIELD_SHARED, /* const struct *, never NULL: its members are the object's own,
			 kept apart so that many may share them */
	FIELD_LIST, /* struct * and a count */
	/* What the API writes in words and we keep as int64_t: */
	FIELD_TIME, /* RFC 3339 -> Unix seconds */
	FIELD_BYTES, /* a quantity -> bytes, or a plain count */
	FIELD_MILLI, /* a quantity -> thousandths */
	/* base64 of PEM -> struct certificates */
	FIELD_CERTIFICATES,
};

struct field {
	const char *name; /* in a snapshot */
	enum field_type type;
	size_t offset;
	size_t count_offset;
	const struct record *record;
	const char *const *names; /* ends with NULL */
	/*
	 * In the API's object: members joined by dots, "[literal key]" for a key with
	 * dots, "[]" for each element, "[0]" for one, "a.b|c" for the first there is;
	 * NULL when the API does not have it.
	 */
	const char *path;
};

struct record {
	size_t size;
	const struct field *fields;
	size_t field_count;
};

/* Set every member a row names to its "absent": NULL, UNSET, false, 0, empty. */
void record_clear(const struct record *record, void *target) __attribute__((nonnull));

/*
 * Decode the API's object into target.  Members that are missing or of another type stay
 * absent; strings longer than 4 KiB are cut.  Everything kept is in the arena.
 */
void record_decode(const struct record *record, const json_t *object, void *target,
		   struct arena *arena) __attribute__((nonnull));

/* The same, but texts and lists that the arena holds already are shared.  Nobody may
 * write to what was decoded so. */
void record_decode_shared(const struct record *record, const json_t *object, void *target,
			  struct arena *arena, struct pool *pool)
	__attribute__((nonnull));

/* The paths of all rows, nested ones too, as the projector wants them; count in *count.
 */
const char **record_paths(const struct record *record, struct arena *arena, size_t *count)
	__attribute__((nonnull));

/* Is the text one of the words of an enumeration, in a row or a nested one? */
bool record_has_word(const struct record *record, const char *text)
	__attribute__((nonnull));

/* The record as JSON, absent members left out; NULL without memory.  The caller owns it.
 */
json_t *record_save(const struct record *record, const void *source)
	__attribute__((nonnull));

/* The same with its lists empty, and the items of the list called name one by one; NULL
 * behind the last, or when name is no list. */
json_t *record_save_frame(const struct record *record, const void *source)
	__attribute__((nonnull));
json_t *record_save_item(const struct record *record, const void *source,
			 const char *name, size_t index) __attribute__((nonnull));

/*
 * Read back what record_save() wrote.  Members that no row knows are ignored, so that
 * newer snapshots load; one of another type is an error that names it.
 */
bool record_load(const struct record *record, const json_t *json, void *target,
		 struct arena *arena, struct error *error)
	__attribute__((nonnull(1, 3, 4)));

/* A list of records, as FIELD_LIST has it. */
json_t *record_save_list(const struct record *record, const void *items, size_t count)
	__attribute__((nonnull(1)));
/* Where a list lands: a pointer and a count, wherever they are. */
struct record_list {
	void **items;
	size_t *count;
};

bool record_load_list(const struct record *record, const json_t *json,
		      struct arena *arena, struct record_list list, struct error *error)
	__attribute__((nonnull(1, 3)));
