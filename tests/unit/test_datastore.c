// SPDX-License-Identifier: Apache-2.0
/* K3s's datastore: real SQLite databases of kine's making, whole and broken. */
#include "test.h"

#include <dirent.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>

#include "setting.h"

#include <wasmdiag/text.h>

#include "collect/host_system.h"
#include "collect/sqlite_check.h"
#include "file.h"

#define FOLDER "/var/lib/rancher/k3s/server/db"
#define STATE  FOLDER "/state.db"

/* ---- databases ---- */

static void sql(sqlite3 *database, const char *text)
{
	char *error = NULL;

	if (sqlite3_exec(database, text, NULL, NULL, &error) != SQLITE_OK)
		fail_msg("%s: %s", text, error);
}

static sqlite3 *open_kine(const struct fixture *fixture, const char *path,
			  const char *journal)
{
	sqlite3 *database;
	char pragma[64];

	assert_int_equal(sqlite3_open(fixture_path(fixture, path), &database), SQLITE_OK);
	snprintf(pragma, sizeof(pragma), "PRAGMA journal_mode=%s", journal);
	sql(database, pragma);
	sql(database, "CREATE TABLE IF NOT EXISTS kine (id INTEGER PRIMARY KEY "
		      "AUTOINCREMENT, name TEXT, created INTEGER, deleted INTEGER, "
		      "create_revision INTEGER, prev_revision INTEGER, lease INTEGER, "
		      "value BLOB, old_value BLOB);"
		      "CREATE INDEX IF NOT EXISTS kine_name_index ON kine (name)");
	return database;
}

static void add_rows(sqlite3 *database, int count)
{
	char text[320];

	snprintf(text, sizeof(text),
		 "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
		 "WHERE i < %d) INSERT INTO kine (name, created, value) "
		 "SELECT '/registry/pods/default/p' || i, 1, randomblob(300) FROM n",
		 count);
	sql(database, text);
}

/* As K3s leaves it when it stops: no log, no index. */
static void make_kine(const struct fixture *fixture, const char *path,
		      const char *journal)
{
	sqlite3 *database = open_kine(fixture, path, journal);

	add_rows(database, 1000);
	sql(database, "INSERT INTO kine (name, prev_revision) "
		      "VALUES ('compact_rev_key', 640)");
	assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

/* Runs write in a child of its own, as locks are a process's; returns once the child
 * says that it is ready. */
static pid_t start_writer(struct setting *setting,
			  void (*write_on)(struct setting *, int ready))
{
	int pipes[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(pipes), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(pipes[0]);
		write_on(setting, pipes[1]);
		_exit(1);
	}
	close(pipes[1]);
	assert_int_equal(read(pipes[0], &byte, 1), 1);
	close(pipes[0]);
	return pid;
}

static void kill_writer(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void say_ready(int ready)
{
	if (write(ready, "x", 1) != 1)
		_exit(1);
}

static void write_without_end(struct setting *setting, int ready)
{
	sqlite3 *database = open_kine(&setting->fixture, STATE, "WAL");

	add_rows(database, 1000);
	say_ready(ready);
	for (;;)
		add_rows(database, 20);
}

static void hold_write_lock(struct setting *setting, int ready)
{
	sqlite3 *database = open_kine(&setting->fixture, STATE, "WAL");

	add_rows(database, 100);
	sql(database, "BEGIN IMMEDIATE");
	add_rows(database, 100);
	say_ready(ready);
	for (;;)
		pause();
}

static void hold_file_lock(struct setting *setting, int ready)
{
	sqlite3 *database = open_kine(&setting->fixture, STATE, "DELETE");

	sql(database, "BEGIN EXCLUSIVE");
	say_ready(ready);
	for (;;)
		pause();
}

/* ---- looking ---- */

static const struct datastore *look(struct setting *setting)
{
	collect_datastore(&setting->context, &setting->host);
	return &setting->host.datastore;
}

static void expect_state(struct setting *setting, enum database_state state,
			 const char *detail)
{
	const struct datastore *store = look(setting);

	assert_int_equal(setting->host.source[HOST_DATASTORE].state, FACT_KNOWN);
	assert_int_equal(store->kind, DATASTORE_SQLITE);
	if (store->state != state)
		fail_msg("state %d, not %d: %s", store->state, state,
			 text_or_empty(store->detail));
	if (detail && !text_has(store->detail, detail))
		fail_msg("\"%s\" does not hold \"%s\"", text_or_empty(store->detail),
			 detail);
}

static int count_files(const struct fixture *fixture)
{
	DIR *dir = opendir(fixture_path(fixture, FOLDER));
	int count = 0;

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count - 2;
}

static void patch(const struct fixture *fixture, const char *path, long at, int byte,
		  int length)
{
	FILE *file = fopen(fixture_path(fixture, path), "r+b");

	assert_non_null(file);
	assert_int_equal(fseek(file, at, SEEK_SET), 0);
	while (length-- > 0)
		fputc(byte, file);
	assert_int_equal(fclose(file), 0);
}

static void no_server_no_datastore(void **state)
{
	struct setting setting;

	(void)state;
	begin(&setting);
	look(&setting);
	assert_int_equal(setting.host.source[HOST_DATASTORE].state, FACT_ABSENT);
	fixture_put(&setting.fixture, FOLDER "/x", "");
	assert_int_equal(look(&setting)->kind, DATASTORE_NONE);
	assert_int_equal(setting.host.source[HOST_DATASTORE].state, FACT_KNOWN);
	setting.host.k3s.role = "agent";
	look(&setting);
	assert_int_equal(setting.host.source[HOST_DATASTORE].state, FACT_ABSENT);
	end(&setting);
}

static void a_folder_of_roots_is_denied(void **state)
{
	struct setting setting;

	(void)state;
	if (geteuid() != 0)
		skip();
	begin(&setting);
	make_kine(&setting.fixture, STATE, "WAL");
	assert_int_equal(chmod(setting.fixture.root, 0755), 0);
	assert_int_equal(chmod(fixture_path(&setting.fixture, FOLDER), 0700), 0);
	assert_int_equal(seteuid(65534), 0);
	look(&setting);
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(setting.host.source[HOST_DATASTORE].state, FACT_DENIED);
	end(&setting);
}

static void a_sound_one_at_rest_is_left_alone(void **state)
{
	struct setting setting;
	const struct datastore *store = &setting.host.datastore;

	(void)state;
	begin(&setting);
	make_kine(&setting.fixture, STATE, "WAL");
	expect_state(&setting, DATABASE_SOUND, NULL);
	assert_null(store->detail);
	assert_int_equal(store->revision, 1001);
	assert_int_equal(store->compacted, 640);
	assert_int_equal(store->page_size, 4096);
	assert_int_equal(store->page_count * store->page_size, store->size);
	assert_int_equal(store->wal_size, UNSET);
	assert_string_equal(store->file, STATE);
	assert_int_equal(count_files(&setting.fixture), 1);
	end(&setting);
}

static void one_without_a_log_is_read_too(void **state)
{
	struct setting setting;

	(void)state;
	begin(&setting);
	make_kine(&setting.fixture, STATE, "DELETE");
	expect_state(&setting, DATABASE_SOUND, NULL);
	assert_int_equal(count_files(&setting.fixture), 1);
	end(&setting);
}

static void another_table_is_not_kines(void **state)
{
	struct setting setting;
	sqlite3 *database;

	(void)state;
	begin(&setting);
	assert_int_equal(sqlite3_open(fixture_path(&setting.fixture, STATE), &database),
			 SQLITE_OK);
	sql(database, "CREATE TABLE t (kine); INSERT INTO t VALUES (7)");
	sqlite3_close(database);
	expect_state(&setting, DATABASE_SOUND, NULL);
	assert_int_equal(setting.host.datastore.revision, UNSET);
	assert_int_equal(setting.host.datastore.compacted, UNSET);
	end(&setting);
}

static void odd_names_reach_sqlite(void **state)
{
	struct setting setting;

	(void)state;
	begin(&setting);
	make_kine(&setting.fixture, "/srv/a?mode=rwc%41#b/server/db/state.db", "WAL");
	fixture_link(&setting.fixture, "/data", "/srv/a?mode=rwc%41#b");
	setting.host.k3s.data_dir = "/data";
	expect_state(&setting, DATABASE_SOUND, NULL);
	assert_int_equal(setting.host.datastore.revision, 1001);
	end(&setting);
}

static void damage_is_told_apart(void **state)
{
	struct setting setting;
	const char *path;

	(void)state;
	begin(&setting);
	make_kine(&setting.fixture, STATE, "WAL");
	patch(&setting.fixture, STATE, 4096L * 20, 0xff, 4096);
	expect_state(&setting, DATABASE_DAMAGED, "");
	assert_false(text_starts(setting.host.datastore.detail, "***"));
	assert_int_equal(count_files(&setting.fixture), 1);

	path = fixture_path(&setting.fixture, STATE);
	assert_int_equal(truncate(path, 4096 * 10 + 100), 0);
	expect_state(&setting, DATABASE_TRUNCATED, "has 10");
	assert_int_equal(truncate(fixture_path(&setting.fixture, STATE), 0), 0);
	expect_state(&setting, DATABASE_TRUNCATED, "empty");

	fixture_put(&setting.fixture, STATE, "SQLite format 2 and so on and so forth");
	expect_state(&setting, DATABASE_FOREIGN, "not a database");
	fixture_put_bytes(&setting.fixture, STATE, (char[8192]){ 1, 2, 3 }, 8192);
	expect_state(&setting, DATABASE_FOREIGN, "not a database");
	end(&setting);
}

static void a_log_alone_is_not_a_database(void **state)
{
	struct setting setting;

	(void)state;
	begin(&setting);
	fixture_put(&setting.fixture, STATE "-wal", "x");
	expect_state(&setting, DATABASE_MISSING, "-wal");
	end(&setting);
}

static void it_is_checked_while_it_is_written(void **state)
{
	struct setting setting;
	pid_t writer;
	int64_t before;

	(void)state;
	begin(&setting);
	fixture_path(&setting.fixture, STATE);
	writer = start_writer(&setting, write_without_end);
	expect_state(&setting, DATABASE_SOUND, NULL);
	before = setting.host.datastore.revision;
	assert_true(before >= 1000);
	for (int i = 0; i < 20; i++)
		expect_state(&setting, DATABASE_SOUND, NULL);
	assert_true(setting.host.datastore.revision > before);
	assert_true(setting.host.datastore.wal_size > 0);
	kill_writer(writer);
	end(&setting);
}

static void what_a_killed_one_left_is_not_touched(void **state)
{
	static const char *const names[] = { STATE, STATE "-wal", STATE "-shm" };
	struct setting setting;
	struct bytes before[3], after;

	(void)state;
	begin(&setting);
	fixture_path(&setting.fixture, STATE);
	kill_writer(start_writer(&setting, write_without_end));
	for (int i = 0; i < 3; i++)
		assert_true(file_read(fixture_path(&setting.fixture, names[i]), 64 << 20,
				      &setting.arena, &before[i], NULL));
	expect_state(&setting, DATABASE_SOUND, NULL);
	assert_true(setting.host.datastore.revision >= 1000); /* those of the log too */
	for (int i = 0; i < 3; i++) {
		assert_true(file_read(fixture_path(&setting.fixture, names[i]), 64 << 20,
				      &setting.arena, &after, NULL));
		assert_int_equal(after.size, before[i].size);
		assert_memory_equal(after.data, before[i].data, after.size);
	}
	assert_int_equal(count_files(&setting.fixture), 3);
	end(&setting);
}

static void a_writer_does_not_keep_readers_out(void **state)
{
	struct setting setting;
	pid_t writer;

	(void)state;
	begin(&setting);
	fixture_path(&setting.fixture, STATE);
	writer = start_writer(&setting, hold_write_lock);
	expect_state(&setting, DATABASE_SOUND, NULL);
	assert_int_equal(setting.host.datastore.revision, 100);
	kill_writer(writer);
	end(&setting);
}

static void a_lock_costs_the_check_and_no_more(void **state)
{
	struct setting setting;
	pid_t writer;

	(void)state;
	begin(&setting);
	make_kine(&setting.fixture, STATE, "DELETE");
	writer = start_writer(&setting, hold_file_lock);
	expect_state(&setting, DATABASE_UNCHECKED, "locked");
	assert_true(setting.host.datastore.size > 0);
	kill_writer(writer);
	end(&setting);
}

static void grow(const struct fixture *fixture, const char *path, long long size)
{
	assert_int_equal(truncate(fixture_path(fixture, path), size), 0);
}

static void what_is_too_large_is_not_opened(void **state)
{
	struct setting setting;

	(void)state;
	begin(&setting);
	make_kine(&setting.fixture, STATE, "WAL");
	fixture_put(&setting.fixture, STATE "-wal", "");
	fixture_put(&setting.fixture, STATE "-shm", "");
	grow(&setting.fixture, STATE "-wal", 240LL << 30); /* a hole */
	expect_state(&setting, DATABASE_UNCHECKED, "64 MiB");
	assert_int_equal(setting.host.datastore.wal_size, 240LL << 30);
	assert_int_equal(remove(fixture_path(&setting.fixture, STATE "-wal")), 0);
	assert_int_equal(remove(fixture_path(&setting.fixture, STATE "-shm")), 0);
	grow(&setting.fixture, STATE, 2LL << 30);
	expect_state(&setting, DATABASE_UNCHECKED, "1 GiB");
	end(&setting);
}

static void a_reader_makes_no_file(void **state)
{
	struct setting setting;

	(void)state;
	begin(&setting);
	make_kine(&setting.fixture, STATE, "WAL");
	fixture_put(&setting.fixture, STATE "-wal", "a log without its index");
	expect_state(&setting, DATABASE_UNCHECKED, "-shm");
	assert_int_equal(count_files(&setting.fixture), 2);
	fixture_put(&setting.fixture, STATE "-wal", "");
	expect_state(&setting, DATABASE_SOUND, NULL);
	assert_int_equal(count_files(&setting.fixture), 2);
	assert_int_equal(remove(fixture_path(&setting.fixture, STATE "-wal")), 0);
	fixture_put(&setting.fixture, STATE "-journal", "half a transaction");
	expect_state(&setting, DATABASE_UNCHECKED, "-journal");
	assert_int_equal(count_files(&setting.fixture), 2);
	end(&setting);
}

static void time_runs_out(void **state)
{
	struct setting setting;
	struct datastore store = { 0 };
	sqlite3 *database;

	(void)state;
	begin(&setting);
	database = open_kine(&setting.fixture, STATE, "DELETE");
	add_rows(database, 30000);
	sqlite3_close(database);
	sqlite_check(fixture_path(&setting.fixture, STATE), SQLITE_PLAIN, 0,
		     &setting.arena, &store);
	assert_int_equal(store.state, DATABASE_UNCHECKED);
	assert_true(text_has(store.detail, "not done"));
	end(&setting);
}

static void files_and_options_tell_the_kind(void **state)
{
	struct setting setting;
	const struct datastore *store = &setting.host.datastore;

	(void)state;
	begin(&setting);
	make_kine(&setting.fixture, STATE, "WAL");
	setting.host.k3s.datastore = "postgres";
	look(&setting);
	assert_int_equal(store->kind, DATASTORE_EXTERNAL);
	assert_string_equal(store->external, "postgres");
	assert_null(store->file);
	setting.host.k3s.datastore = "etcd"; /* as yet without files */
	look(&setting);
	assert_int_equal(store->kind, DATASTORE_ETCD);
	assert_int_equal(store->size, UNSET);
	setting.host.k3s.datastore = "sqlite";
	expect_state(&setting, DATABASE_SOUND, NULL);
	setting.host.k3s.datastore = "mysql";
	fixture_put(&setting.fixture, FOLDER "/etcd/member/snap/db", "bolt");
	look(&setting);
	assert_int_equal(store->kind, DATASTORE_ETCD);
	assert_int_equal(store->size, 4);
	assert_string_equal(store->file, FOLDER "/etcd/member/snap/db");
	end(&setting);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_server_no_datastore),
		cmocka_unit_test(a_folder_of_roots_is_denied),
		cmocka_unit_test(a_sound_one_at_rest_is_left_alone),
		cmocka_unit_test(one_without_a_log_is_read_too),
		cmocka_unit_test(another_table_is_not_kines),
		cmocka_unit_test(odd_names_reach_sqlite),
		cmocka_unit_test(damage_is_told_apart),
		cmocka_unit_test(a_log_alone_is_not_a_database),
		cmocka_unit_test(it_is_checked_while_it_is_written),
		cmocka_unit_test(what_a_killed_one_left_is_not_touched),
		cmocka_unit_test(a_writer_does_not_keep_readers_out),
		cmocka_unit_test(a_lock_costs_the_check_and_no_more),
		cmocka_unit_test(what_is_too_large_is_not_opened),
		cmocka_unit_test(a_reader_makes_no_file),
		cmocka_unit_test(time_runs_out),
		cmocka_unit_test(files_and_options_tell_the_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
