// SPDX-License-Identifier: Apache-2.0
/* The main job: facts, checks, report, exit status. */
#pragma once

#include "options.h"

struct focus;

/*
 * `wasmdiag all`, CHECK... and CODE...: the arguments of options are the names.  Returns
 * the exit status (design §3).
 */
int run_checks(const struct options *options, struct arena *arena)
	__attribute__((nonnull));

/* `wasmdiag collect`: the facts that all checks need, into a snapshot. */
int run_collect(const struct options *options, struct arena *arena)
	__attribute__((nonnull));

/* The facts of these snapshots, merged: one cluster, many nodes.  What is wrong with a
 * file is ERROR_USAGE. */
bool load_snapshots(const char *const *files, size_t count, struct facts *facts,
		    struct arena *arena, struct error *error) __attribute__((nonnull));

/*
 * Learn, or load, the facts that all checks need and judge them by the user's policy;
 * --skip counts.  focus may be NULL.  The report lives in the arena.
 */
bool judge_all(const struct options *options, struct arena *arena, struct focus *focus,
	       struct report *ret, struct error *error)
	__attribute__((nonnull(1, 2, 4, 5)));

/* The facts of the cluster, as NEED() bits, of the checks and codes that the arguments
 * name from number first on; all checks when there are none. */
bool needs_of(const struct options *options, size_t first, struct arena *arena,
	      uint64_t *ret_needs, struct error *error) __attribute__((nonnull));

/* What is written in every format asked for. */
struct document {
	const void *data;
	/* format is one that find_renderer() knows */
	void (*write)(const void *data, const char *format,
		      const struct render_options *options, FILE *out);
};

/* Write the document once for each -o, to its file or standard output. */
bool write_document(const struct document *document, const struct options *options,
		    struct error *error) __attribute__((nonnull));

/* Print an error as every command does, and give its exit status: 2 for what the user
 * can put right on the command line, 1 for the rest. */
int report_error(const struct error *error) __attribute__((nonnull));

/* The check of that name; NULL when there is none. */
const struct check *find_check(const char *name) __attribute__((nonnull));

/* The guide of that code, and the check it belongs to; NULL when there is none. */
const struct guide *find_guide(const char *code, const struct check **ret_check)
	__attribute__((nonnull(1)));
