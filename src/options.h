// SPDX-License-Identifier: Apache-2.0
/* The command line: one table, from which --help and parsing both come. */
#pragma once

#include <stdio.h>
#include <wasmdiag/facts.h>

#include "arena.h"
#include "collect/kubeconfig.h"
#include "error.h"
#include "render/render.h"

/* One -o FORMAT[=FILE]. */
struct output {
	const char *format;
	const char *file; /* NULL: standard output */
};

enum color_choice {
	COLOR_AUTO,
	COLOR_ALWAYS,
	COLOR_NEVER,
};

struct options {
	struct kube_options kube; /* how to reach the API server */
	/* what to look at */
	const char *node;
	const char *root;
	unsigned scope; /* enum scope of collect/cluster.h */
	bool no_host;
	bool no_api;
	const char *config;
	struct string_list thresholds; /* NAME=VALUE */
	struct string_list skip; /* names of checks, codes */
	struct string_list facts; /* snapshots instead of a live cluster */
	int64_t timeout_ms; /* for the whole run */
	/* how to say it */
	struct string_list output_words;
	struct output *outputs; /* at least one */
	size_t output_count;
	const char *output_file; /* collect -O */
	unsigned fail_on; /* enum fail_on */
	bool allow_unknown;
	unsigned color; /* enum color_choice */
	unsigned language;
	bool language_set;
	bool quiet;
	bool verbose;
	bool help;
	bool version;
	/* what is left: a command and its arguments */
	const char *const *arguments;
	size_t argument_count;
};

/*
 * Read the command line.  Everything points into argv or lives in the arena.  Errors are
 * ERROR_USAGE and name the option.
 */
bool options_parse(int argc, char **argv, struct arena *arena, struct options *options,
		   struct error *error) __attribute__((nonnull));

/* The part of --help that lists options. */
void options_help(FILE *out) __attribute__((nonnull));

/* One option, as --help and completion have it. */
struct option_help {
	const char *name;
	char letter; /* '\0': none */
	const char *argument; /* NULL: it takes none */
	const char *const *choices; /* what it may be; ends with NULL; NULL: anything */
	const char *help;
};

/* Option number index, from 0; false behind the last. */
bool option_describe(size_t index, struct option_help *ret) __attribute__((nonnull));

/* A duration as kubectl takes it: "30s", "5m", "1m30s", "500ms", "0", or plain seconds;
 * in milliseconds, -1 when it is none or more than a day. */
int64_t parse_duration_ms(const char *text) __attribute__((nonnull));
