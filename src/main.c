// SPDX-License-Identifier: Apache-2.0
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <wasmdiag/text.h>

#include "diff.h"
#include "explain.h"
#include "match.h"
#include "module.h"
#include "rbac.h"
#include "redact.h"
#include "run.h"

struct command {
	const char *name;
	const char *arguments;
	const char *help;
	int (*run)(const struct options *options, struct arena *arena);
};

/* A check or a code in place of a command runs that one. */
static const struct command commands[] = {
	{ "all", "", "every check; on a node: that node and the API", run_checks },
	{ "CHECK|CODE...", "", "some of them", NULL },
	{ "collect", "[-O FILE]", "a snapshot of all facts, for all --facts FILE",
	  run_collect },
	{ "diff", "OLD NEW", "what came, went and stayed between two snapshots",
	  run_diff },
	{ "redact", "FILE... [-O FILE]", "a snapshot without names and addresses",
	  run_redact },
	{ "module", "FILE.wasm", "what a module needs: memory, imports, engine",
	  run_module },
	{ "match", "[FILE]", "any log or event text: the findings it points to",
	  run_match },
	{ "rbac", "[CHECK|CODE...]", "the least ClusterRole that a run needs", run_rbac },
	{ "list", "[thresholds]",
	  "the table of checks: codes, guide sections, what each needs", run_list },
	{ "explain", "CODE|CHECK|11.x.y",
	  "symptom, cause, fix, verify, and where the guide is wrong", run_explain },
};

static void print_help(FILE *out)
{
	fputs("wasmdiag names what is broken in a K3s + crun/WasmEdge + Gatekeeper cluster,\n"
	      "why, and the commands that mend it.  It only reads.\n\n"
	      "Usage: wasmdiag COMMAND [OPTION...]\n\n",
	      out);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
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
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
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
