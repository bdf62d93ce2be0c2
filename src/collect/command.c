// SPDX-License-Identifier: Apache-2.0
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"

/* How often we look whether the child has ended while something else holds its pipes. */
#define TICK_MS 50

static const char *const default_environment[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	"LC_ALL=C",
	NULL,
};

/* The pipes of one child: [0] is our end, [1] the child's. */
struct child {
	pid_t pid;
	int out[2];
	int err[2];
	int report[2]; /* closed by a successful execve(), else carries its errno */
	int null;
};

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void close_ours(struct child *child)
{
	close_one(&child->out[0]);
	close_one(&child->err[0]);
	close_one(&child->report[0]);
}

static void close_theirs(struct child *child)
{
	close_one(&child->out[1]);
	close_one(&child->err[1]);
	close_one(&child->report[1]);
	close_one(&child->null);
}

static void cleanup_child(struct child *child)
{
	close_ours(child);
	close_theirs(child);
}

/* Above stdin, stdout and stderr, which we may have been started without. */
static bool raise_fd(int *fd)
{
	int raised;

	if (*fd > STDERR_FILENO)
		return true;
	raised = fcntl(*fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	close_one(fd);
	*fd = raised;
	return raised >= 0;
}

static bool open_pipe(int ends[2])
{
	return pipe2(ends, O_CLOEXEC) == 0 && raise_fd(&ends[0]) && raise_fd(&ends[1]);
}

static bool open_pipes(struct child *child)
{
	child->null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	return child->null >= 0 && raise_fd(&child->null) && open_pipe(child->out) &&
	       open_pipe(child->err) && open_pipe(child->report);
}

static void reset_signals(void)
{
	static const int ours[] = { SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGCHLD };
	sigset_t none;

	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		signal(ours[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Between fork() and execve(): calls that are safe in a signal handler, nothing else. */
static _Noreturn void become(const struct command *command, const struct child *child)
{
	const char *const *environment = command->environment;
	int number;

	setpgid(0, 0);
	reset_signals();
	/* ours are all closed by execve(); what we inherited may not be (Linux 5.11) */
	close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
	if ((!command->root || (chroot(command->root) == 0 && chdir("/") == 0)) &&
	    dup2(child->null, STDIN_FILENO) >= 0 &&
	    dup2(child->out[1], STDOUT_FILENO) >= 0 &&
	    dup2(child->err[1], STDERR_FILENO) >= 0)
		execve(command->path, (char *const *)command->argv,
		       (char *const *)(environment ? environment : default_environment));
	number = errno;
	if (write(child->report[1], &number, sizeof(number)) < 0)
		_exit(126);
	_exit(127);
}

/* The errno that kept the child from becoming the command; 0 when it did. */
static int startup_errno(const struct child *child)
{
	int number = 0;
	ssize_t length;

	do {
		length = read(child->report[0], &number, sizeof(number));
	} while (length < 0 && errno == EINTR);
	return length == sizeof(number) ? number : 0;
}

static bool start(const struct command *command, struct child *child, struct error *error)
{
	int number;

	if (!open_pipes(child))
		return fail_errno(error, errno, "cannot start %s", command->path);
	child->pid = fork();
	if (child->pid < 0)
		return fail_errno(error, errno, "cannot start %s", command->path);
	if (child->pid == 0)
		become(command, child);
	close_theirs(child);
	number = startup_errno(child);
	if (number == 0)
		return true;
	while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
		;
	return fail_errno(error, number, "cannot run %s", command->path);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Leaves it a zombie: as long as it is one, its process group is surely its own. */
static bool has_ended(pid_t pid)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid == pid;
}

static void take(struct byte_reader *reader, struct pollfd *pipe)
{
	if (pipe->fd >= 0 && pipe->revents && byte_reader_take(reader, pipe->fd) <= 0)
		pipe->fd = -1;
}

static int wait_ms(bool ended, bool closed, int64_t left)
{
	int tick = closed ? 1 : TICK_MS;

	if (ended || left <= 0)
		return 0;
	return left < tick ? (int)left : tick;
}

/* Read both pipes until the child has ended, its time is over or stdout is full. */
static void follow(const struct child *child, int timeout_ms, struct byte_reader *out,
		   struct byte_reader *err, bool *ret_timed_out)
{
	struct pollfd pipes[2] = {
		{ .fd = child->out[0], .events = POLLIN },
		{ .fd = child->err[0], .events = POLLIN },
	};
	int64_t deadline = now_ms() + timeout_ms;

	for (;;) {
		/* asked before poll(): what an ended child wrote is then there to read */
		bool ended = has_ended(child->pid);
		bool closed = pipes[0].fd < 0 && pipes[1].fd < 0;
		int64_t left = deadline - now_ms();
		int ready = poll(pipes, 2, wait_ms(ended, closed, left));

		if (ready > 0) {
			take(out, &pipes[0]);
			take(err, &pipes[1]);
		}
		if (out->full || (ended && ready <= 0))
			return;
		if (left <= 0) {
			*ret_timed_out = true;
			return;
		}
	}
}

static void reap(pid_t pid, struct command_result *result)
{
	int status = 0;

	kill(-pid, SIGKILL);
	/* should setpgid() have failed, the group is not there but the child is */
	kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	result->exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	result->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

bool command_run(const struct command *command, struct arena *arena,
		 struct command_result *ret, struct error *error)
{
	_cleanup_(cleanup_child) struct child child = {
		.out = { -1, -1 }, .err = { -1, -1 }, .report = { -1, -1 }, .null = -1
	};
	struct byte_reader out = { .limit = command->output_limit };
	struct byte_reader err = { .limit = COMMAND_ERROR_OUTPUT };
	struct command_result result = { 0 };

	if (!start(command, &child, error))
		return false;
	follow(&child, command->timeout_ms, &out, &err, &result.timed_out);
	reap(child.pid, &result);
	result.truncated = out.full;
	result.out = byte_reader_finish(&out, arena);
	result.err = byte_reader_finish(&err, arena);
	*ret = result;
	return true;
}

static bool failed(const struct command *command, const char *how, int number,
		   const struct command_result *result, struct error *error)
{
	const char *line = result->err.data ? result->err.data : "";
	int length = (int)strcspn(line, "\r\n");

	if (length == 0)
		return fail(error, ERROR_SYSTEM, "%s %s %d", command->path, how, number);
	return fail(error, ERROR_SYSTEM, "%s %s %d: %.*s", command->path, how, number,
		    length, line);
}

bool command_succeeded(const struct command *command, const struct command_result *result,
		       struct error *error)
{
	if (result->timed_out)
		return fail(error, ERROR_TIMEOUT, "%s did not end within %d ms",
			    command->path, command->timeout_ms);
	if (result->truncated)
		return fail(error, ERROR_LIMIT, "%s wrote more than %zu bytes",
			    command->path, command->output_limit);
	if (result->signal)
		return failed(command, "was ended by signal", result->signal, result,
			      error);
	if (result->exit_status)
		return failed(command, "exited with status", result->exit_status, result,
			      error);
	return true;
}
