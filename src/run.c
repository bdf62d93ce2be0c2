// SPDX-License-Identifier: Apache-2.0
#include "run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <wasmdiag/text.h>

#include "cleanup.h"
#include "collect/collect.h"
#include "facts_index.h"
#include "facts_merge.h"
#include "policy.h"
#include "render/print.h"
#include "snapshot.h"

#define PIPE_WIDTH    100
#define LARGE_CLUSTER 500 /* pods: to read fewer is a page or two */

/* What was asked for: checks to run and, when codes were named, what to keep of them. */
struct selection {
	const struct check **checks; /* ends with NULL */
	size_t check_count;
	const char **codes; /* ends with NULL; NULL: all */
	size_t code_count;
	bool all; /* nobody named them one by one */
};

int report_error(const struct error *error)
{
	fprintf(stderr, "wasmdiag: %s\n", error->text);
	return error->kind == ERROR_USAGE ? 2 : 1;
}

const struct check *find_check(const char *name)
{
	for (size_t i = 0; all_checks[i]; i++)
		if (text_equal(all_checks[i]->words->name, name))
			return all_checks[i];
	return NULL;
}

const struct guide *find_guide(const char *code, const struct check **ret_check)
{
	for (size_t i = 0; all_checks[i]; i++) {
		const struct guide *const *guide = all_checks[i]->words->guides;

		for (; *guide; guide++) {
			if (strcasecmp((*guide)->code, code) != 0)
				continue;
			if (ret_check)
				*ret_check = all_checks[i];
			return *guide;
		}
	}
	return NULL;
}

static const char *nearest_name(const char *name)
{
	const char *nearest = NULL;
	size_t least = 4;

	for (size_t i = 0; all_checks[i]; i++) {
		size_t distance = text_distance(name, all_checks[i]->words->name);

		if (distance < least) {
			least = distance;
			nearest = all_checks[i]->words->name;
		}
	}
	return nearest;
}

static bool no_such_check(const char *name, struct error *error)
{
	const char *nearest = nearest_name(name);

	if (nearest)
		return fail(error, ERROR_USAGE,
			    "%s is no command, check or code: did you mean %s?", name,
			    nearest);
	return fail(
		error, ERROR_USAGE,
		"%s is no command, check or code: see wasmdiag --help and wasmdiag list",
		name);
}

static void add_check(struct selection *selection, struct arena *arena,
		      const struct check *check)
{
	for (size_t i = 0; i < selection->check_count; i++)
		if (selection->checks[i] == check)
			return;
	selection->checks =
		arena_grow(arena, selection->checks, selection->check_count + 1,
			   sizeof(*selection->checks));
	selection->checks[selection->check_count++] = check;
	selection->checks[selection->check_count] = NULL;
}

static void add_code(struct selection *selection, struct arena *arena, const char *code)
{
	selection->codes = arena_grow(arena, selection->codes, selection->code_count + 1,
				      sizeof(*selection->codes));
	selection->codes[selection->code_count++] = code;
	selection->codes[selection->code_count] = NULL;
}

/* Naming a check keeps all its codes, also when another name was a code. */
static void add_codes_of(struct selection *selection, struct arena *arena,
			 const struct check *check)
{
	for (const struct guide *const *guide = check->words->guides; *guide; guide++)
		add_code(selection, arena, (*guide)->code);
}

static bool listed(const struct string_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcasecmp(list->items[i], name) == 0)
			return true;
	return false;
}

static bool select_name(struct selection *selection, const char *name,
			struct arena *arena, struct error *error)
{
	const struct check *check = find_check(name);
	const struct guide *guide = check ? NULL : find_guide(name, &check);

	if (text_equal(name, "all")) {
		selection->all = true;
		for (size_t i = 0; all_checks[i]; i++) {
			add_check(selection, arena, all_checks[i]);
			add_codes_of(selection, arena, all_checks[i]);
		}
		return true;
	}
	if (!check)
		return no_such_check(name, error);
	add_check(selection, arena, check);
	if (guide)
		add_code(selection, arena, guide->code);
	else
		add_codes_of(selection, arena, check);
	return true;
}

/* Take what --skip names out again. */
static bool apply_skip(struct selection *selection, const struct options *options,
		       struct error *error)
{
	const struct string_list *skip = &options->skip;
	size_t kept = 0;

	if (!selection->checks || !selection->codes)
		return fail(error, ERROR_USAGE, "there is no check to run");
	for (size_t i = 0; i < skip->count; i++)
		if (!find_check(skip->items[i]) && !find_guide(skip->items[i], NULL))
			return fail(error, ERROR_USAGE,
				    "--skip %s: no such check or code: see wasmdiag list",
				    skip->items[i]);
	for (size_t i = 0; i < selection->check_count; i++)
		if (!listed(skip, selection->checks[i]->words->name))
			selection->checks[kept++] = selection->checks[i];
	selection->checks[selection->check_count = kept] = NULL;
	kept = 0;
	for (size_t i = 0; i < selection->code_count; i++)
		if (!listed(skip, selection->codes[i]))
			selection->codes[kept++] = selection->codes[i];
	selection->codes[selection->code_count = kept] = NULL;
	if (selection->check_count == 0 || selection->code_count == 0)
		return fail(error, ERROR_USAGE, "--skip leaves no check to run");
	return true;
}

/* The names from argument number first on; none means all. */
static bool select_checks(struct selection *selection, const struct options *options,
			  size_t first, struct arena *arena, struct error *error)
{
	for (size_t i = first; i < options->argument_count; i++)
		if (!select_name(selection, options->arguments[i], arena, error))
			return false;
	if (options->argument_count <= first &&
	    !select_name(selection, "all", arena, error))
		return false;
	return apply_skip(selection, options, error);
}

/* Of the checks that need to see no more than that. */
static uint64_t needs_of_selection(const struct selection *selection, enum reach widest)
{
	uint64_t needs = 0;

	for (size_t i = 0; i < selection->check_count; i++)
		if (selection->checks[i]->reach >= widest)
			needs |= selection->checks[i]->needs;
	return needs;
}

static uint64_t host_needs_of_selection(const struct selection *selection)
{
	uint64_t needs = 0;

	for (size_t i = 0; i < selection->check_count; i++)
		needs |= selection->checks[i]->host_needs;
	return needs;
}

static enum reach widest_reach(const struct selection *selection)
{
	enum reach widest = REACH_HOST;

	for (size_t i = 0; i < selection->check_count; i++)
		if (selection->checks[i]->reach < widest)
			widest = selection->checks[i]->reach;
	return widest;
}

/* Who names a check that is about the whole cluster wants it looked at. */
static void choose_scope(const struct options *options, const struct selection *selection,
			 struct collection *collection)
{
	enum reach widest = widest_reach(selection);

	collection->scope = (enum scope)options->scope;
	collection->large = widest == REACH_HOST ? 0 : LARGE_CLUSTER;
	if (collection->scope == SCOPE_AUTO &&
	    (collection->focus || (widest == REACH_CLUSTER && !selection->all)))
		collection->scope = SCOPE_CLUSTER;
}

bool needs_of(const struct options *options, size_t first, struct arena *arena,
	      uint64_t *ret_needs, struct error *error)
{
	struct selection selection = { 0 };

	if (!select_checks(&selection, options, first, arena, error))
		return false;
	*ret_needs = needs_of_selection(&selection, REACH_CLUSTER);
	return true;
}

bool load_snapshots(const char *const *files, size_t count, struct facts *facts,
		    struct arena *arena, struct error *error)
{
	facts_clear(facts);
	for (size_t i = 0; i < count; i++) {
		struct facts one;

		if (!snapshot_load(files[i], &one, arena, error)) {
			error->kind = ERROR_USAGE;
			return false;
		}
		if (i == 0)
			*facts = one;
		else
			facts_merge(facts, &one, arena);
	}
	facts_index(facts, arena);
	return true;
}

static bool load_facts(const struct options *options, struct facts *facts,
		       struct arena *arena, struct error *error)
{
	if (load_snapshots(options->facts.items, options->facts.count, facts, arena,
			   error))
		return true;
	return fail_in(error, "--facts");
}

static int terminal_width(FILE *out)
{
	struct winsize size;

	if (!isatty(fileno(out)) || ioctl(fileno(out), TIOCGWINSZ, &size) != 0 ||
	    size.ws_col < 40)
		return PIPE_WIDTH;
	return size.ws_col > PIPE_WIDTH ? PIPE_WIDTH : size.ws_col;
}

static bool wants_color(const struct options *options, FILE *out)
{
	const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");

	if (options->color != COLOR_AUTO)
		return options->color == COLOR_ALWAYS;
	return isatty(fileno(out)) && !(no_color && *no_color) &&
	       !text_equal(terminal, "dumb");
}

static bool write_output(const struct document *document, const struct options *options,
			 const struct output *output, struct error *error)
{
	_cleanup_file_ FILE *file = output->file ? fopen(output->file, "we") : NULL;
	FILE *out = output->file ? file : stdout;
	struct render_options render = {
		.language = options->language,
		.verbose = options->verbose,
		.quiet = options->quiet,
	};

	if (!out)
		return fail(error, ERROR_USAGE, "-o %s=%s: %s", output->format,
			    output->file, strerror(errno));
	render.color = wants_color(options, out);
	render.width = terminal_width(out);
	document->write(document->data, output->format, &render, out);
	if (fflush(out) != 0 || ferror(out))
		return fail_errno(error, errno, "writing the report to %s",
				  output->file ? output->file : "standard output");
	return true;
}

bool write_document(const struct document *document, const struct options *options,
		    struct error *error)
{
	for (size_t i = 0; i < options->output_count; i++)
		if (!write_output(document, options, &options->outputs[i], error))
			return false;
	return true;
}

static void write_report(const void *report, const char *format,
			 const struct render_options *options, FILE *out)
{
	find_renderer(format)->render(report, options, out);
}

/* The facts: of snapshots when there are any, else of what is here. */
static bool get_facts(const struct options *options, const struct selection *selection,
		      struct arena *arena, struct collection *collection,
		      struct error *error)
{
	collection->needs = needs_of_selection(selection, REACH_CLUSTER);
	collection->host_needs = host_needs_of_selection(selection);
	collection->node_needs = needs_of_selection(selection, REACH_NODE);
	choose_scope(options, selection, collection);
	collection->facts = arena_alloc(arena, sizeof(struct facts));
	if (options->facts.count)
		return load_facts(options, collection->facts, arena, error);
	return collect_facts(options, arena, collection, error);
}

/* What a person may want to say no to before the file leaves the house. */
static size_t print_log_lines(const struct log_excerpt *logs, size_t count)
{
	const struct printer printer = { .out = stderr };
	size_t lines = 0;

	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < logs[i].lines.count; j++, lines++) {
			fputs("  ", stderr);
			print_text(&printer, text_or_empty(logs[i].namespace), 64);
			fputc('/', stderr);
			print_text(&printer, text_or_empty(logs[i].pod), 64);
			fputs(": ", stderr);
			print_text(&printer, text_or_empty(logs[i].lines.items[j]), 200);
			fputc('\n', stderr);
		}
	}
	return lines;
}

static void tell_what_is_in(const struct options *options, const struct facts *facts)
{
	const char *path = options->output_file ? options->output_file : "-";
	size_t lines;
	struct stat status;

	if (options->quiet)
		return;
	if (!text_equal(path, "-") && stat(path, &status) == 0)
		fprintf(stderr, "wasmdiag: %s has %lld bytes.  Log lines in it:\n", path,
			(long long)status.st_size);
	else
		fputs("wasmdiag: log lines in it:\n", stderr);
	lines = print_log_lines(facts->logs, facts->log_count);
	for (size_t i = 0; i < facts->host_count; i++)
		lines += print_log_lines(facts->hosts[i].logs, facts->hosts[i].log_count);
	if (lines == 0)
		fputs("  none\n", stderr);
}

static bool save_facts(const struct options *options, const struct facts *facts,
		       struct error *error)
{
	if (!snapshot_write(facts, options->output_file ? options->output_file : "-",
			    error))
		return false;
	tell_what_is_in(options, facts);
	return true;
}

int run_collect(const struct options *options, struct arena *arena)
{
	struct selection selection = { 0 };
	struct collection collection = { 0 };
	struct error error;

	if (options->argument_count > 1) {
		fail(&error, ERROR_USAGE, "collect takes no arguments but options");
		return report_error(&error);
	}
	if (!select_name(&selection, "all", arena, &error) ||
	    !get_facts(options, &selection, arena, &collection, &error) ||
	    !save_facts(options, collection.facts, &error))
		return report_error(&error);
	return 0;
}

/* Learn and judge what was selected. */
static bool judge(const struct options *options, const struct selection *selection,
		  struct collection *collection, struct report *report,
		  struct error *error)
{
	struct arena *arena = report->arena;
	struct policy *policy = arena_alloc(arena, sizeof(*policy));

	if (!policy_load(policy, options->config, &options->thresholds, arena, error) ||
	    !get_facts(options, selection, arena, collection, error))
		return false;
	report->policy = policy;
	report_make(report, selection->checks, collection->facts, arena);
	report_keep_codes(report, selection->codes);
	report->exit_status =
		report_exit_status(report, options->fail_on, options->allow_unknown);
	return true;
}

bool judge_all(const struct options *options, struct arena *arena, struct focus *focus,
	       struct report *ret, struct error *error)
{
	struct selection selection = { 0 };
	struct collection collection = { .focus = focus };

	*ret = (struct report){ .arena = arena };
	return select_checks(&selection, options, options->argument_count, arena,
			     error) &&
	       judge(options, &selection, &collection, ret, error);
}

int run_checks(const struct options *options, struct arena *arena)
{
	struct report report = { .arena = arena };
	const struct document document = { &report, write_report };
	struct selection selection = { 0 };
	struct collection collection = { 0 };
	struct error error;

	if (!select_checks(&selection, options, 0, arena, &error) ||
	    !judge(options, &selection, &collection, &report, &error) ||
	    (options->output_file && !save_facts(options, collection.facts, &error)) ||
	    !write_document(&document, options, &error))
		return report_error(&error);
	return report.exit_status;
}
