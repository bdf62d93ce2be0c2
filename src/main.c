// SPDX-License-Identifier: Apache-2.0
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <wasmdiag/text.h>

#include "commands.h"
#include "run.h"

static void print_help(FILE *out)
{
	fputs("wasmdiag names what is broken in a K3s + crun/WasmEdge + Gatekeeper cluster,\n"
	      "why, and the commands that mend it.  It only reads.\n\n"
	      "Usage: wasmdiag COMMAND [OPTION...]\n\n",
	      out);
	for (size_t i = 0; i < command_count; i++)
		fprintf(out, "  %-8s %-*s %s\n", commands[i].name,
			(int)(27 - (strlen(commands[i].name) > 8
					    ? strlen(commands[i].name) - 8
					    : 0)),
			commands[i].arguments, commands[i].help);
	options_help(out);
	fputs("\nExit status: 0 healthy, 1 internal error, 2 usage, 3 something fails, 4 warns\n"
	      "(with --fail-on warn), 5 something could not be checked.\n",
	      out);
}

static int dispatch(const struct options *options, struct arena *arena)
{
	for (size_t i = 0; i < command_count; i++)
		if (commands[i].run &&
		    text_equal(commands[i].name, options->arguments[0]))
			return commands[i].run(options, arena);
	return run_checks(options, arena);
}

static int run(int argc, char **argv, struct arena *arena)
{
	struct options options;
	struct error error;

	if (!options_parse(argc, argv, arena, &options, &error))
		return report_error(&error);
	if (options.help || options.version) {
		if (options.help)
			print_help(stdout);
		else
			puts("wasmdiag " WASMDIAG_VERSION);
		return 0;
	}
	if (options.argument_count == 0) {
		print_help(stderr);
		return 2;
	}
	return dispatch(&options, arena);
}

int main(int argc, char **argv)
{
	struct arena arena = { 0 };
	int status;

	setlocale(LC_CTYPE, "C.UTF-8");
	signal(SIGPIPE, SIG_IGN);
	status = run(argc, argv, &arena);
	if (fflush(stdout) != 0 && status == 0) {
		perror("wasmdiag: writing to standard output");
		status = 1;
	}
	arena_free(&arena);
	return status;
}
