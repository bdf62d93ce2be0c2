// SPDX-License-Identifier: Apache-2.0
/*
 * Running a program: no shell, no terminal, a deadline, an output cap.  Used by the
 * collectors that ask tools of the node, and for exec credential plugins.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "bytes.h"
#include "error.h"

/* What to run.  It gets /dev/null as stdin and a process group of its own. */
struct command {
	const char *path; /* absolute, as seen from inside root */
	const char *const *argv; /* ends with NULL; argv[0] included */
	const char *const
		*environment; /* ends with NULL; NULL: a fixed PATH and LC_ALL=C */
	const char *root; /* chroot there first (needs CAP_SYS_CHROOT); NULL: do not */
	int timeout_ms;
	size_t output_limit; /* bytes of stdout */
};

#define COMMAND_ERROR_OUTPUT 4096 /* bytes of stderr that are kept */

struct command_result {
	int exit_status; /* -1 when a signal ended it */
	int signal; /* 0 when it exited by itself */
	struct bytes out; /* the first output_limit bytes of stdout */
	struct bytes err; /* the first COMMAND_ERROR_OUTPUT bytes of stderr */
	bool truncated; /* stdout passed the limit; the command was killed */
	bool timed_out; /* the deadline passed; the command was killed */
};

/*
 * Run the command and wait for its end, its deadline or its output cap, whichever is
 * first; then the whole process group is killed and the child reaped.  A grandchild that
 * keeps the pipes open does not hold us up once the child has ended.
 *
 * true when the program was started: look at *ret for how it fared.  false when it was
 * not: ERROR_ABSENT no such file, ERROR_DENIED not executable, ERROR_SYSTEM the rest.
 */
bool command_run(const struct command *command, struct arena *arena,
		 struct command_result *ret, struct error *error)
	__attribute__((nonnull(1, 2, 3)));

/*
 * Did it exit with status 0, in time, all of its output kept?  Otherwise false and one
 * sentence: "PATH exited with status 3: first line of stderr", ERROR_TIMEOUT
 * "PATH did not end within 30000 ms", ERROR_LIMIT.  stdout is never quoted.
 */
bool command_succeeded(const struct command *command, const struct command_result *result,
		       struct error *error) __attribute__((nonnull(1, 2)));
