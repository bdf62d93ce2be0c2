// SPDX-License-Identifier: Apache-2.0
#include "collect/sqlite_check.h"

#include <ctype.h>
#include <pthread.h>
#include <sqlite3.h>
#include <string.h>
#include <time.h>

#include <wasmdiag/text.h>

#define STEPS_BETWEEN_LOOKS 10000 /* of SQLite's machine: well under 1 ms */
#define LONGEST_VALUE       (64 << 20) /* an object is 3 MB at most (API server) */
#define LOCK_WAIT_MS        300

/* Interrupts the connection when time is up, wherever it is: SQLite looks at the progress
 * handler between instructions only, and the walk over all pages is a single one. */
struct watchdog {
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t over;
	sqlite3 *database;
	struct timespec deadline; /* CLOCK_MONOTONIC */
	bool started;
	bool done;
};

struct session {
	sqlite3 *database;
	struct arena *arena;
	struct datastore *store;
	struct watchdog watchdog;
	int timeout_ms;
};

/* ---- the deadline ---- */

static struct timespec in_future(int milliseconds)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	time.tv_sec += milliseconds / 1000;
	time.tv_nsec += milliseconds % 1000 * 1000000L;
	if (time.tv_nsec >= 1000000000L) {
		time.tv_sec++;
		time.tv_nsec -= 1000000000L;
	}
	return time;
}

static bool is_past(const struct timespec *deadline)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec > deadline->tv_sec ||
	       (now.tv_sec == deadline->tv_sec && now.tv_nsec >= deadline->tv_nsec);
}

static int give_up(void *context)
{
	const struct watchdog *watchdog = context;

	return is_past(&watchdog->deadline);
}

static void *watch(void *argument)
{
	struct watchdog *watchdog = argument;
	int result = 0;

	pthread_mutex_lock(&watchdog->mutex);
	while (!watchdog->done && result == 0)
		result = pthread_cond_timedwait(&watchdog->over, &watchdog->mutex,
						&watchdog->deadline);
	if (!watchdog->done)
		sqlite3_interrupt(watchdog->database);
	pthread_mutex_unlock(&watchdog->mutex);
	return NULL;
}

static void watchdog_start(struct watchdog *watchdog, sqlite3 *database, int timeout_ms)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_mutex_init(&watchdog->mutex, NULL);
	pthread_cond_init(&watchdog->over, &attributes);
	pthread_condattr_destroy(&attributes);
	watchdog->database = database;
	watchdog->deadline = in_future(timeout_ms);
	watchdog->done = false;
	sqlite3_progress_handler(database, STEPS_BETWEEN_LOOKS, give_up, watchdog);
	watchdog->started = pthread_create(&watchdog->thread, NULL, watch, watchdog) == 0;
}

static void watchdog_stop(struct watchdog *watchdog)
{
	pthread_mutex_lock(&watchdog->mutex);
	watchdog->done = true;
	pthread_cond_signal(&watchdog->over);
	pthread_mutex_unlock(&watchdog->mutex);
	if (watchdog->started)
		pthread_join(watchdog->thread, NULL);
	pthread_cond_destroy(&watchdog->over);
	pthread_mutex_destroy(&watchdog->mutex);
}

/* ---- opening ---- */

/* A file: URI; what means something in one is written as %XX. */
static const char *uri_of(const char *path, enum sqlite_access access,
			  struct arena *arena)
{
	static const char *const options[] = {
		[SQLITE_SHARED] = "?mode=ro&readonly_shm=1",
		[SQLITE_AT_REST] = "?mode=ro&immutable=1",
		[SQLITE_PLAIN] = "?mode=ro",
	};
	static const char hex[] = "0123456789ABCDEF";
	char *escaped = arena_alloc(arena, strlen(path) * 3 + 1), *to = escaped;

	for (; *path; path++) {
		unsigned char c = (unsigned char)*path;

		if (isalnum(c) || strchr("/._-", c)) {
			*to++ = (char)c;
		} else {
			*to++ = '%';
			*to++ = hex[c >> 4];
			*to++ = hex[c & 15];
		}
	}
	return arena_format(arena, "file:%s%s", escaped, options[access]);
}

/* What SQLite advises for a file that may have been tampered with (security.html). */
static void harden(sqlite3 *database)
{
	sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_limit(database, SQLITE_LIMIT_LENGTH, LONGEST_VALUE);
	sqlite3_exec(database, "PRAGMA cell_size_check=ON", NULL, NULL, NULL);
	sqlite3_exec(database, "PRAGMA mmap_size=0", NULL, NULL, NULL);
}

/* ---- asking ---- */

static void settle(struct session *session, enum database_state state, const char *detail)
{
	session->store->state = state;
	session->store->detail = arena_string(session->arena, detail);
}

static void settle_error(struct session *session, int code)
{
	const char *words = sqlite3_errmsg(session->database);

	switch (code & 0xff) {
	case SQLITE_CORRUPT:
		settle(session, DATABASE_DAMAGED, words);
		break;
	case SQLITE_NOTADB:
		settle(session, DATABASE_FOREIGN, words);
		break;
	case SQLITE_IOERR:
		settle(session, DATABASE_UNREADABLE, words);
		break;
	case SQLITE_INTERRUPT:
		settle(session, DATABASE_UNCHECKED,
		       arena_format(session->arena,
				    "quick_check was not done after %d ms, and reading "
				    "on would hold up K3s",
				    session->timeout_ms));
		break;
	default:
		settle(session, DATABASE_UNCHECKED, words);
		break;
	}
}

/* The only row of a statement, by visit; SQLITE_ROW, or what kept it from coming. */
static int ask(struct session *session, const char *text,
	       void (*visit)(struct session *, sqlite3_stmt *))
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(session->database, text, -1, &statement, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		visit(session, statement);
	sqlite3_finalize(statement); /* ends the transaction */
	return code;
}

/* "ok", or "*** in database main ***\nPage 3: btreeInitPage() returns error code 11" */
static void take_verdict(struct session *session, sqlite3_stmt *statement)
{
	const char *words = (const char *)sqlite3_column_text(statement, 0);
	const char *line =
		words && text_starts(words, "***") ? strchr(words, '\n') : NULL;

	if (text_equal(words, "ok"))
		settle(session, DATABASE_SOUND, NULL);
	else
		settle(session, DATABASE_DAMAGED, line ? line + 1 : words);
}

static int64_t number_at(sqlite3_stmt *statement, int column)
{
	if (sqlite3_column_type(statement, column) != SQLITE_INTEGER)
		return UNSET;
	return sqlite3_column_int64(statement, column);
}

static void take_pages(struct session *session, sqlite3_stmt *statement)
{
	session->store->page_count = number_at(statement, 0);
}

static void take_free_pages(struct session *session, sqlite3_stmt *statement)
{
	session->store->free_pages = number_at(statement, 0);
}

static void take_revision(struct session *session, sqlite3_stmt *statement)
{
	session->store->revision = number_at(statement, 0);
	session->store->compacted = number_at(statement, 1);
}

static void ask_all(struct session *session)
{
	int code = ask(session, "PRAGMA quick_check(1)", take_verdict);

	if (code != SQLITE_ROW)
		settle_error(session, code);
	if (session->store->state != DATABASE_SOUND)
		return;
	/* these fail where the table is another's: then they are not known */
	ask(session, "PRAGMA page_count", take_pages);
	ask(session, "PRAGMA freelist_count", take_free_pages);
	ask(session,
	    "SELECT MAX(id), (SELECT prev_revision FROM kine "
	    "WHERE name = 'compact_rev_key' LIMIT 1) FROM kine",
	    take_revision);
}

void sqlite_check(const char *path, enum sqlite_access access, int timeout_ms,
		  struct arena *arena, struct datastore *store)
{
	struct session session = { .arena = arena,
				   .store = store,
				   .timeout_ms = timeout_ms };
	int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
	int code = sqlite3_open_v2(uri_of(path, access, arena), &session.database, flags,
				   NULL);

	if (code == SQLITE_OK) {
		sqlite3_busy_timeout(session.database, LOCK_WAIT_MS);
		watchdog_start(&session.watchdog, session.database, timeout_ms);
		harden(session.database);
		ask_all(&session);
		watchdog_stop(&session.watchdog);
	} else {
		settle_error(&session, code);
	}
	sqlite3_close(session.database);
}
