// SPDX-License-Identifier: Apache-2.0
/* Facts to a file and back: what a customer sends, what a test case is made of. */
#pragma once

#include <jansson.h>
#include <stdio.h>
#include <wasmdiag/facts.h>

#include "arena.h"
#include "error.h"

#define SNAPSHOT_SCHEMA "wasmdiag.facts/1"

/* The facts as JSON, only what rows allow; NULL without memory.  The caller owns it. */
json_t *snapshot_save(const struct facts *facts) __attribute__((nonnull));

/* Read facts from JSON of this schema.  facts is overwritten. */
bool snapshot_parse(const json_t *json, struct facts *facts, struct arena *arena,
		    struct error *error) __attribute__((nonnull(1, 2, 3)));

/* Is the text one that some member of a snapshot takes its value from? */
bool snapshot_has_word(const char *text) __attribute__((nonnull));

/*
 * Read facts from a file, JSON as it is or in gzip, up to 64 MiB when unpacked; "-" is
 * standard input.  Refuses other and newer schemas, truncated files, bombs: in a
 * sentence.
 */
bool snapshot_load(const char *path, struct facts *facts, struct arena *arena,
		   struct error *error) __attribute__((nonnull(1, 2, 3)));

/* Write what snapshot_save() makes, sorted, without holding it.  False when it could not
 * be written. */
bool snapshot_print(const struct facts *facts, FILE *out) __attribute__((nonnull));

/* Write facts to path, in gzip when it ends in .gz; "-" is standard output, as JSON. */
bool snapshot_write(const struct facts *facts, const char *path, struct error *error)
	__attribute__((nonnull(1, 2)));

/* Everything absent, nothing sought. */
void facts_clear(struct facts *facts) __attribute__((nonnull));
