// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "collect/command.h"
#include "file.h"

static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* The tests may use a shell; the program may not. */
static struct command_result run_script(const char *script, int timeout_ms, size_t limit)
{
	const char *argv[] = { "sh", "-c", script, NULL };
	struct command command = {
		.path = "/bin/sh",
		.argv = argv,
		.timeout_ms = timeout_ms,
		.output_limit = limit,
	};
	struct command_result result = { 0 };
	struct error error = { 0 };

	if (!command_run(&command, &arena, &result, &error))
		fail_msg("%s", error.text);
	return result;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void output_and_status_come_back(void **state)
{
	struct command_result result =
		run_script("echo out; echo err >&2; exit 3", 5000, 100);

	(void)state;
	assert_string_equal(result.out.data, "out\n");
	assert_string_equal(result.err.data, "err\n");
	assert_int_equal(result.exit_status, 3);
	assert_int_equal(result.signal, 0);
	assert_false(result.truncated);
	assert_false(result.timed_out);
}

static void a_signal_is_told_from_a_status(void **state)
{
	struct command_result result = run_script("kill -TERM $$", 5000, 100);

	(void)state;
	assert_int_equal(result.exit_status, -1);
	assert_int_equal(result.signal, SIGTERM);
}

static void the_environment_and_stdin_are_ours(void **state)
{
	struct command_result result;

	(void)state;
	setenv("WASMDIAG_SECRET", "swordfish", 1);
	result = run_script("env | sort; cat; readlink /proc/self/fd/0", 5000, 4096);
	assert_non_null(strstr(result.out.data, "LC_ALL=C\n"));
	assert_non_null(strstr(result.out.data, "/dev/null\n"));
	assert_null(strstr(result.out.data, "swordfish"));
}

static void no_descriptor_of_ours_leaks(void **state)
{
	struct command_result result =
		run_script("for f in /proc/$$/fd/*; do echo ${f##*/}; done", 5000, 4096);

	(void)state;
	/* 3 is what the shell itself holds while it reads the directory, if anything */
	assert_null(strstr(result.out.data, "4\n"));
	assert_null(strstr(result.out.data, "5\n"));
}

static void the_deadline_kills_the_whole_group(void **state)
{
	int64_t start = now_ms();
	struct command_result result = run_script("sleep 60 & echo $!; wait", 200, 100);
	pid_t grandchild = (pid_t)strtol(result.out.data, NULL, 10);

	(void)state;
	assert_true(result.timed_out);
	assert_int_equal(result.signal, SIGKILL);
	assert_in_range(now_ms() - start, 190, 3000);
	/* gone, or a zombie that its new parent has yet to reap */
	for (int i = 0; i < 100 && kill(grandchild, 0) == 0; i++) {
		char path[64];
		struct error error = { 0 };
		struct bytes status;

		snprintf(path, sizeof(path), "/proc/%d/stat", (int)grandchild);
		if (!file_read(path, 4096, &arena, &status, &error) ||
		    strstr(status.data, ") Z "))
			return;
		usleep(10000);
	}
	assert_int_not_equal(kill(grandchild, 0), 0);
}

static void closed_pipes_do_not_end_the_wait(void **state)
{
	struct command_result result =
		run_script("exec >&- 2>&-; sleep 0.3; exit 7", 5000, 100);

	(void)state;
	assert_int_equal(result.exit_status, 7);
	result = run_script("exec >&- 2>&-; sleep 60", 200, 100);
	assert_true(result.timed_out);
}

static void a_grandchild_that_holds_the_pipe_does_not_delay(void **state)
{
	int64_t start = now_ms();
	struct command_result result = run_script("sleep 60 & echo done", 20000, 100);

	(void)state;
	assert_string_equal(result.out.data, "done\n");
	assert_int_equal(result.exit_status, 0);
	assert_false(result.timed_out);
	assert_in_range(now_ms() - start, 0, 5000);
}

static void output_is_capped(void **state)
{
	struct command_result result = run_script("yes", 20000, 100000);

	(void)state;
	assert_true(result.truncated);
	assert_int_equal(result.out.size, 100000);
	result = run_script("printf 0123456789", 5000, 10);
	assert_false(result.truncated);
	assert_int_equal(result.out.size, 10);
}

static void much_stderr_neither_blocks_nor_is_kept(void **state)
{
	struct command_result result =
		run_script("yes | head -c 500000 >&2; echo ok", 20000, 100);

	(void)state;
	assert_string_equal(result.out.data, "ok\n");
	assert_int_equal(result.err.size, COMMAND_ERROR_OUTPUT);
	assert_int_equal(result.exit_status, 0);
}

static void what_cannot_start_says_why(void **state)
{
	const char *argv[] = { "x", NULL };
	struct command command = { .path = "/nonexistent/x", .argv = argv };
	struct command_result result = { 0 };
	struct error error = { 0 };

	(void)state;
	assert_false(command_run(&command, &arena, &result, &error));
	assert_int_equal(error.kind, ERROR_ABSENT);
	assert_string_equal(error.text,
			    "cannot run /nonexistent/x: No such file or directory");
	command.path = "/etc/passwd";
	assert_false(command_run(&command, &arena, &result, &error));
	assert_int_equal(error.kind, ERROR_DENIED);
}

static void it_runs_without_standard_descriptors(void **state)
{
	int kept[3];
	struct command_result result;

	(void)state;
	for (int i = 0; i < 3; i++)
		kept[i] = dup(i);
	for (int i = 0; i < 3; i++)
		close(i);
	result = run_script("echo out; echo err >&2", 5000, 100);
	for (int i = 0; i < 3; i++) {
		dup2(kept[i], i);
		close(kept[i]);
	}
	assert_string_equal(result.out.data, "out\n");
	assert_string_equal(result.err.data, "err\n");
}

static void root_is_where_the_path_is_looked_up(void **state)
{
	const char *argv[] = { "x", NULL };
	struct command command = {
		.path = "/bin/sh", .argv = argv, .root = "/proc", .timeout_ms = 5000
	};
	struct command_result result = { 0 };
	struct error error = { 0 };

	(void)state;
	/* without CAP_SYS_CHROOT: denied; with it: /proc has no /bin/sh */
	assert_false(command_run(&command, &arena, &result, &error));
	assert_int_equal(error.kind, geteuid() == 0 ? ERROR_ABSENT : ERROR_DENIED);
}

static void success_is_one_question(void **state)
{
	struct command command = { .path = "/bin/x",
				   .timeout_ms = 50,
				   .output_limit = 9 };
	struct command_result result = { 0 };
	struct error error = { 0 };

	(void)state;
	assert_true(command_succeeded(&command, &result, &error));
	result.exit_status = 3;
	assert_false(command_succeeded(&command, &result, &error));
	assert_string_equal(error.text, "/bin/x exited with status 3");
	result.err =
		(struct bytes){ .data = (char[]){ "first\033[m\nsecond" }, .size = 15 };
	assert_false(command_succeeded(&command, &result, &error));
	assert_string_equal(error.text, "/bin/x exited with status 3: first\\x1b[m");
	result.timed_out = true;
	assert_false(command_succeeded(&command, &result, &error));
	assert_int_equal(error.kind, ERROR_TIMEOUT);
	result = (struct command_result){ .truncated = true };
	assert_false(command_succeeded(&command, &result, &error));
	assert_int_equal(error.kind, ERROR_LIMIT);
}

static void files_are_read_whole_and_bounded(void **state)
{
	struct bytes bytes = { 0 };
	struct error error = { 0 };

	(void)state;
	assert_true(file_read("/proc/self/status", 65536, &arena, &bytes, &error));
	assert_non_null(strstr(bytes.data, "Pid:"));
	assert_int_equal(strlen(bytes.data), bytes.size);
	assert_false(file_read("/proc/self/status", 16, &arena, &bytes, &error));
	assert_int_equal(error.kind, ERROR_LIMIT);
	assert_string_equal(error.text, "/proc/self/status is larger than 16 bytes");
	assert_false(file_read("/proc/self/exe", 1024, &arena, &bytes, &error));
	assert_string_equal(error.text, "/proc/self/exe is larger than 1 KiB");
	assert_false(file_read("/nonexistent", 16, &arena, &bytes, &error));
	assert_int_equal(error.kind, ERROR_ABSENT);
}

static void only_regular_files_are_read(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char folder[] = "/tmp/wasmdiag-test-XXXXXX", path[64];
	int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct bytes bytes = { 0 };
	struct error error = { 0 };

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_false(file_read(folder, 16, &arena, &bytes, &error));
	assert_non_null(strstr(error.text, "is a directory, not a file"));
	assert_false(file_read("/dev/zero", 16, &arena, &bytes, &error));
	assert_string_equal(error.text, "/dev/zero is a device, not a file");
	snprintf(path, sizeof(path), "%s/fifo", folder);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_false(file_read(path, 16, &arena, &bytes, &error));
	assert_non_null(strstr(error.text, "is a FIFO, not a file"));
	unlink(path);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/socket", folder);
	assert_int_equal(bind(server, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_false(file_read(address.sun_path, 16, &arena, &bytes, &error));
	assert_non_null(strstr(error.text, "is a socket, not a file"));
	unlink(address.sun_path);
	close(server);
	rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(output_and_status_come_back, forget),
		cmocka_unit_test_teardown(a_signal_is_told_from_a_status, forget),
		cmocka_unit_test_teardown(the_environment_and_stdin_are_ours, forget),
		cmocka_unit_test_teardown(no_descriptor_of_ours_leaks, forget),
		cmocka_unit_test_teardown(the_deadline_kills_the_whole_group, forget),
		cmocka_unit_test_teardown(closed_pipes_do_not_end_the_wait, forget),
		cmocka_unit_test_teardown(a_grandchild_that_holds_the_pipe_does_not_delay,
					  forget),
		cmocka_unit_test_teardown(output_is_capped, forget),
		cmocka_unit_test_teardown(much_stderr_neither_blocks_nor_is_kept, forget),
		cmocka_unit_test_teardown(what_cannot_start_says_why, forget),
		cmocka_unit_test_teardown(it_runs_without_standard_descriptors, forget),
		cmocka_unit_test_teardown(root_is_where_the_path_is_looked_up, forget),
		cmocka_unit_test_teardown(success_is_one_question, forget),
		cmocka_unit_test_teardown(files_are_read_whole_and_bounded, forget),
		cmocka_unit_test_teardown(only_regular_files_are_read, forget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
