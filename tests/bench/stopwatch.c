// SPDX-License-Identifier: Apache-2.0
/*
 * stopwatch FILE COMMAND [ARGUMENT...]
 *
 * Runs the command and writes into FILE: seconds, seconds of CPU, kB of memory at its
 * peak, exit status.  A program of its own because a child's peak begins with what its
 * parent had: this one has next to nothing.
 */
#include <err.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	struct timespec start, end;
	struct rusage usage;
	int status;
	FILE *out;
	pid_t pid;

	if (argc < 3)
		errx(2, "stopwatch FILE COMMAND [ARGUMENT...]");
	clock_gettime(CLOCK_MONOTONIC, &start);
	pid = fork();
	if (pid == 0) {
		execvp(argv[2], argv + 2);
		err(127, "%s", argv[2]);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
		err(1, "%s", argv[2]);
	clock_gettime(CLOCK_MONOTONIC, &end);
	out = fopen(argv[1], "we");
	if (!out)
		err(1, "%s", argv[1]);
	fprintf(out, "%.6f %.6f %ld %d\n",
		(double)(end.tv_sec - start.tv_sec) +
			(double)(end.tv_nsec - start.tv_nsec) / 1e9,
		seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss,
		WIFEXITED(status) ? WEXITSTATUS(status) : 128);
	return fclose(out) == 0 ? 0 : 1;
}
