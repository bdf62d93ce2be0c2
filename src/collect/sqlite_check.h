// SPDX-License-Identifier: Apache-2.0
/* Asking SQLite itself whether a database is sound, without a trace beside it. */
#pragma once

#include <wasmdiag/storage.h>

#include "arena.h"

/* How the database may be opened so that no file is made or written. */
enum sqlite_access {
	/*
	 * Its -shm is there, so K3s has it open or was killed: read as any reader does,
	 * the log included, but with the shared index opened read-only.  Left behind by a
	 * killed process that index is stale; SQLite then keeps one of its own, in
	 * memory.
	 */
	SQLITE_SHARED,
	/*
	 * It has neither log nor index, so no process has it open and all commits are in
	 * the file.  Plain read-only would make both files; immutable makes none.  The
	 * caller must see afterwards that it stayed so, and distrust the verdict
	 * otherwise.
	 */
	SQLITE_AT_REST,
	/* It keeps no write-ahead log: SQLite locks the file while it reads. */
	SQLITE_PLAIN,
};

/*
 * Run PRAGMA quick_check(1) on the database at path, an absolute one without symbolic
 * links, and set the store's state and detail; when it is sound also page_count,
 * free_pages, revision and compacted.
 *
 * A read transaction keeps the log from being reset (measured: 4 to 187 MB in 6 s under
 * 2000 writes/s), so there is one statement to a transaction, and after timeout_ms the
 * statement is interrupted: DATABASE_UNCHECKED.  The same for a database that is locked
 * or may not be opened.
 */
void sqlite_check(const char *path, enum sqlite_access access, int timeout_ms,
		  struct arena *arena, struct datastore *store) __attribute__((nonnull));
