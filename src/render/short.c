// SPDX-License-Identifier: Apache-2.0
/* -o short: one line per finding, one per check that could not look. */
#include <wasmdiag/text.h>

#include "print.h"
#include "render.h"

static void print_finding(const struct printer *printer, struct arena *arena,
			  const struct render_options *options,
			  const struct finding *finding)
{
	struct arena_mark mark = arena_mark(arena);
	const char *symptom =
		words_fill(arena, say(options, &finding->guide->symptom), finding, false);

	fprintf(printer->out, "%s %s ", severity_names[finding->severity],
		finding->guide->code);
	print_text(printer, subject_text(arena, &finding->subject), 200);
	fputs(": ", printer->out);
	print_text(printer, symptom, 400);
	fputc('\n', printer->out);
	arena_rewind(arena, mark);
}

static void print_unknown(const struct printer *printer, struct arena *arena,
			  const struct render_options *options,
			  const struct check_result *result)
{
	fprintf(printer->out, "unknown %s: ", result->check->words->name);
	for (size_t i = 0; i < result->reason_count; i++) {
		if (i)
			fputs("; ", printer->out);
		print_text(printer, reason_text(arena, options, &result->reasons[i]),
			   400);
	}
	fputc('\n', printer->out);
}

static void render(const struct report *report, const struct render_options *options,
		   FILE *out)
{
	struct printer printer = { .out = out };
	struct arena scratch = { 0 };

	for (size_t i = 0; i < report->finding_count; i++)
		if (finding_is_open(report->findings[i]))
			print_finding(&printer, &scratch, options, report->findings[i]);
	for (size_t i = 0; i < report->result_count; i++)
		if (report->results[i].verdict == VERDICT_UNKNOWN)
			print_unknown(&printer, &scratch, options, &report->results[i]);
	arena_free(&scratch);
}

const struct renderer render_short = {
	.name = "short",
	.help = { { "one line per finding", "每个发现一行" } },
	.render = render,
};
