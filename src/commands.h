// SPDX-License-Identifier: Apache-2.0
/* The commands: one table, from which --help, dispatch and completion come. */
#pragma once

#include "options.h"

struct command {
	const char *name;
	const char *arguments;
	const char *help;
	/* returns the exit status; NULL: the names of checks and codes stand here */
	int (*run)(const struct options *options, struct arena *arena);
};

extern const struct command commands[];
extern const size_t command_count;
