// SPDX-License-Identifier: Apache-2.0
#include "diff.h"

#include <jansson.h>
#include <stdlib.h>
#include <time.h>

#include <wasmdiag/text.h>

#include "facts_merge.h"
#include "json_text.h"
#include "policy.h"
#include "render/print.h"
#include "run.h"

enum change {
	CHANGE_CAME,
	CHANGE_WENT,
	CHANGE_STAYED,
	CHANGE_COUNT,
};

static const char *const change_names[CHANGE_COUNT] = { "came", "went", "stayed" };
static const enum color change_colors[CHANGE_COUNT] = { COLOR_RED, COLOR_GREEN,
							COLOR_DIM };

/* One of the two: its file and what the checks say of it. */
struct side {
	const char *file;
	struct facts facts;
	struct report report;
};

struct difference {
	struct arena *arena;
	struct side old, new;
	struct finding **findings[CHANGE_COUNT]; /* open ones, in the report's order */
	size_t counts[CHANGE_COUNT];
	int status; /* the exit status */
};

static bool load(struct side *side, struct arena *arena, struct error *error)
{
	return load_snapshots(&side->file, 1, &side->facts, arena, error) ||
	       fail_in(error, "diff");
}

static void judge(struct side *side, const struct policy *policy, struct arena *arena)
{
	side->report.policy = policy;
	report_make(&side->report, all_checks, &side->facts, arena);
}

static int compare_findings(const void *left, const void *right)
{
	const struct finding *a = *(const struct finding *const *)left;
	const struct finding *b = *(const struct finding *const *)right;
	const char *const keys[][2] = {
		{ a->guide->code, b->guide->code },
		{ a->subject.kind, b->subject.kind },
		{ text_or_empty(a->subject.namespace),
		  text_or_empty(b->subject.namespace) },
		{ a->subject.name, b->subject.name },
	};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		int order = strcmp(keys[i][0], keys[i][1]);

		if (order)
			return order;
	}
	return 0;
}

/* A report's open findings in an order to search them by. */
static struct finding **sorted(const struct report *report, struct arena *arena,
			       size_t *ret_count)
{
	struct finding **list =
		arena_array(arena, report->finding_count, sizeof(struct finding *));
	size_t count = 0;

	for (size_t i = 0; i < report->finding_count; i++)
		if (finding_is_open(report->findings[i]))
			list[count++] = report->findings[i];
	if (count)
		qsort(list, count, sizeof(struct finding *), compare_findings);
	*ret_count = count;
	return list;
}

static void add(struct difference *difference, struct arena *arena, enum change change,
		struct finding *finding)
{
	size_t *count = &difference->counts[change];

	difference->findings[change] = arena_grow(arena, difference->findings[change],
						  *count, sizeof(struct finding *));
	difference->findings[change][(*count)++] = finding;
}

/* Each open finding of `report`: is it in the other, too? */
static void compare(struct difference *difference, const struct report *report,
		    const struct report *other, const enum change changes[2],
		    struct arena *arena)
{
	size_t count;
	struct finding **there = sorted(other, arena, &count);

	for (size_t i = 0; i < report->finding_count; i++) {
		struct finding *finding = report->findings[i];
		bool found;

		if (!finding_is_open(finding))
			continue;
		found = count && bsearch(&finding, there, count, sizeof(struct finding *),
					 compare_findings);
		if (changes[found] != CHANGE_COUNT)
			add(difference, arena, changes[found], finding);
	}
}

/* ---- saying it ---- */

static const char *time_text(struct arena *arena, int64_t when)
{
	time_t seconds = (time_t)when;
	struct tm parts;
	char text[32];

	if (when == UNSET || !gmtime_r(&seconds, &parts) ||
	    !strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%SZ", &parts))
		return "?";
	return arena_string(arena, text);
}

static void print_list(const struct difference *difference, enum change change,
		       const struct render_options *options,
		       const struct printer *printer)
{
	struct arena *arena = difference->arena;

	for (size_t i = 0; i < difference->counts[change]; i++) {
		const struct finding *finding = difference->findings[change][i];
		const char *symptom = words_fill(
			arena, say(options, &finding->guide->symptom), finding, false);

		print_color(printer, change_colors[change], change_names[change]);
		fprintf(printer->out, "%*s%-4s  %s  ",
			(int)(8 - strlen(change_names[change])), "",
			severity_names[finding->severity], finding->guide->code);
		print_wrapped(printer,
			      arena_format(arena, "%s: %s",
					   subject_text(arena, &finding->subject),
					   symptom),
			      22, 22);
	}
}

static void print_text_form(const struct difference *difference,
			    const struct render_options *options, FILE *out)
{
	const struct printer printer = { .out = out,
					 .color = options->color,
					 .width = options->width };
	const size_t *counts = difference->counts;

	fprintf(out, "wasmdiag " WASMDIAG_VERSION " - %s -> %s\n\n",
		time_text(difference->arena, difference->old.facts.taken),
		time_text(difference->arena, difference->new.facts.taken));
	for (enum change change = 0; change < CHANGE_COUNT; change++)
		print_list(difference, change, options, &printer);
	if (counts[CHANGE_CAME] + counts[CHANGE_WENT] + counts[CHANGE_STAYED])
		fputc('\n', out);
	fprintf(out, "%zu came, %zu went, %zu stayed.\n", counts[CHANGE_CAME],
		counts[CHANGE_WENT], counts[CHANGE_STAYED]);
}

static json_t *finding_json(const struct finding *finding)
{
	const struct subject *subject = &finding->subject;

	return json_pack("{ss ss s{so so so}}", "code", finding->guide->code, "severity",
			 severity_names[finding->severity], "subject", "kind",
			 json_text(subject->kind), "namespace",
			 json_text(subject->namespace), "name", json_text(subject->name));
}

static void print_json_form(const struct difference *difference, FILE *out)
{
	json_auto_t *json = json_pack("{ss si s{sI} s{sI}}", "schema", "wasmdiag.diff/1",
				      "exit", difference->status, "old", "taken",
				      (json_int_t)difference->old.facts.taken, "new",
				      "taken", (json_int_t)difference->new.facts.taken);

	for (enum change change = 0; change < CHANGE_COUNT; change++) {
		json_t *array = json_array();

		for (size_t i = 0; i < difference->counts[change]; i++)
			json_array_append_new(
				array, finding_json(difference->findings[change][i]));
		json_object_set_new(json, change_names[change], array);
	}
	json_print(json, JSON_INDENT(2), out);
}

static void render_difference(const void *data, const char *format,
			      const struct render_options *options, FILE *out)
{
	if (text_equal(format, "json"))
		print_json_form(data, out);
	else
		print_text_form(data, options, out);
}

/* What came is judged as a run's findings are. */
static int status_of(const struct difference *difference, const struct options *options)
{
	struct check_result result = { .knew = true };
	const struct report came = {
		.findings = difference->findings[CHANGE_CAME],
		.finding_count = difference->counts[CHANGE_CAME],
		.results = &result,
		.result_count = 1,
	};

	return report_exit_status(&came, options->fail_on, true);
}

static bool make_difference(struct difference *difference, const struct options *options,
			    struct arena *arena, struct error *error)
{
	static const enum change forth[] = { CHANGE_CAME, CHANGE_STAYED };
	static const enum change back[] = { CHANGE_WENT, CHANGE_COUNT };
	struct policy *policy = arena_alloc(arena, sizeof(*policy));

	if (options->argument_count != 3)
		return fail(error, ERROR_USAGE,
			    "diff wants two snapshots: wasmdiag diff OLD NEW");
	difference->old.file = options->arguments[1];
	difference->new.file = options->arguments[2];
	if (!policy_load(policy, options->config, &options->thresholds, arena, error) ||
	    !load(&difference->old, arena, error) ||
	    !load(&difference->new, arena, error))
		return false;
	facts_remember(&difference->new.facts, &difference->old.facts);
	judge(&difference->old, policy, arena);
	judge(&difference->new, policy, arena);
	compare(difference, &difference->new.report, &difference->old.report, forth,
		arena);
	compare(difference, &difference->old.report, &difference->new.report, back,
		arena);
	return true;
}

int run_diff(const struct options *options, struct arena *arena)
{
	struct difference *difference = arena_alloc(arena, sizeof(*difference));
	const struct document document = { difference, render_difference };
	struct error error;

	difference->arena = arena;
	if (!make_difference(difference, options, arena, &error))
		return report_error(&error);
	difference->status = status_of(difference, options);
	if (!write_document(&document, options, &error))
		return report_error(&error);
	return difference->status;
}
