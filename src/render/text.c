// SPDX-License-Identifier: Apache-2.0
/* -o text: what a person reads at 3 a.m.: what failed first, one screen when healthy. */
#include <time.h>

#include <wasmdiag/text.h>

#include "print.h"
#include "render.h"

#define MARGIN    8 /* where text begins, behind the captions */
#define SAW_LIMIT 300

enum caption {
	CAPTION_CAUSE,
	CAPTION_SAW,
	CAPTION_AFFECTS,
	CAPTION_FIX,
	CAPTION_VERIFY,
	CAPTION_EXPECTED,
};

static const struct words captions[] = {
	[CAPTION_CAUSE] = { { "cause", "根因" } },
	[CAPTION_SAW] = { { "saw", "所见" } },
	[CAPTION_AFFECTS] = { { "affects", "影响" } },
	[CAPTION_FIX] = { { "fix", "修复" } },
	[CAPTION_VERIFY] = { { "verify", "验证" } },
	[CAPTION_EXPECTED] = { { "expected", "应为" } },
};

struct context {
	struct printer printer;
	const struct render_options *options;
	struct arena *arena;
};

static enum color color_of(enum severity severity)
{
	return severity == SEVERITY_FAIL   ? COLOR_RED
	       : severity == SEVERITY_WARN ? COLOR_YELLOW
					   : COLOR_CYAN;
}

static void print_caption(const struct context *context, enum caption caption)
{
	const char *text = say(context->options, &captions[caption]);

	print_color(&context->printer, COLOR_DIM, text);
	fprintf(context->printer.out, "%*s", MARGIN - text_columns(text), "");
}

static void print_prose(const struct context *context, const char *text,
			const struct finding *finding)
{
	print_wrapped(&context->printer, words_fill(context->arena, text, finding, false),
		      MARGIN, MARGIN);
}

/* A command of several lines starts at column 0: a here-document's end must. */
static void print_command(const struct context *context, const char *command,
			  const struct finding *finding)
{
	const char *filled = words_fill(context->arena, command, finding, true);
	int indent = strchr(filled, '\n') ? 0 : MARGIN + 2;

	while (*filled) {
		size_t length = strcspn(filled, "\n");

		fprintf(context->printer.out, "%*s", indent, "");
		print_color(&context->printer, COLOR_BOLD,
			    arena_copy(context->arena, filled, length));
		fputc('\n', context->printer.out);
		filled += length + (filled[length] == '\n');
	}
}

static void print_commands(const struct context *context, const char *const *commands,
			   const struct finding *finding)
{
	for (; commands && *commands; commands++)
		if (words_complete(*commands, finding))
			print_command(context, *commands, finding);
}

static void print_evidence(const struct context *context, const struct finding *finding)
{
	for (size_t i = 0; i < finding->evidence_count; i++) {
		const struct evidence *evidence = &finding->evidence[i];
		const char *line = evidence->what;

		if (evidence->actual)
			line = arena_format(context->arena, "%s: %.*s", line, SAW_LIMIT,
					    evidence->actual);
		if (evidence->expected)
			line = arena_format(
				context->arena, "%s; %s: %s", line,
				say(context->options, &captions[CAPTION_EXPECTED]),
				evidence->expected);
		if (evidence->source)
			line = arena_format(context->arena, "%s (%s)", line,
					    evidence->source);
		if (i == 0)
			print_caption(context, CAPTION_SAW);
		else
			fprintf(context->printer.out, "%*s", MARGIN, "");
		print_wrapped(&context->printer, line, MARGIN, MARGIN + 2);
	}
}

static void print_witnesses(const struct context *context, const struct finding *finding)
{
	size_t shown = finding->witness_count,
	       limit = context->options->verbose ? 1000 : 5;
	const char *line = "";

	if (shown == 0)
		return;
	if (shown > limit)
		shown = limit;
	for (size_t i = 0; i < shown; i++)
		line = arena_format(context->arena, "%s%s%s", line, i ? ", " : "",
				    subject_text(context->arena, &finding->witnesses[i]));
	print_caption(context, CAPTION_AFFECTS);
	if (finding->witness_count > shown) {
		size_t rest = finding->witness_count - shown;

		line = context->options->language == LANGUAGE_ZH
			       ? arena_format(context->arena, "%s，另有 %zu 个", line,
					      rest)
			       : arena_format(context->arena, "%s and %zu more", line,
					      rest);
	}
	print_wrapped(&context->printer, line, MARGIN, MARGIN);
}

static void print_fixes(const struct context *context, const struct finding *finding)
{
	const struct guide *guide = finding->guide;
	bool first = true;

	for (size_t i = 0; i < guide->fix_count; i++) {
		if (!fix_applies(&guide->fixes[i], finding))
			continue;
		if (first)
			print_caption(context, CAPTION_FIX);
		else
			fprintf(context->printer.out, "%*s", MARGIN, "");
		first = false;
		print_prose(context, say(context->options, &guide->fixes[i].text),
			    finding);
		print_commands(context, guide->fixes[i].commands, finding);
	}
	if (!guide->verify || !*guide->verify)
		return;
	print_color(&context->printer, COLOR_DIM,
		    say(context->options, &captions[CAPTION_VERIFY]));
	fputc('\n', context->printer.out);
	print_commands(context, guide->verify, finding);
}

static void print_finding(const struct context *context, const struct finding *finding)
{
	const struct printer *printer = &context->printer;
	const char *severity = severity_names[finding->severity];

	print_color(printer, color_of(finding->severity), severity);
	fprintf(printer->out, "%*s", MARGIN - (int)strlen(severity), "");
	print_color(printer, COLOR_BOLD, finding->guide->code);
	fputs("  ", printer->out);
	print_text(printer, subject_text(context->arena, &finding->subject), 200);
	fputs(": ", printer->out);
	print_text(printer, say(context->options, &finding->guide->title), 200);
	fprintf(printer->out, "\n%*s", MARGIN, "");
	print_prose(context, say(context->options, &finding->guide->symptom), finding);
	print_caption(context, CAPTION_CAUSE);
	print_prose(context, say(context->options, &finding->guide->cause), finding);
	print_evidence(context, finding);
	print_witnesses(context, finding);
	print_fixes(context, finding);
	fputc('\n', printer->out);
}

/* The nodes we ran on, or those that alone were asked about. */
static void print_nodes(const struct context *context, const struct facts *facts)
{
	const struct string_list *only = &facts->only_nodes;
	size_t count = only->count ? only->count : facts->host_count;
	FILE *out = context->printer.out;

	for (size_t i = 0; i < count && i < 3; i++) {
		const struct host *host = only->count ? NULL : &facts->hosts[i];
		const char *name = !host        ? only->items[i]
				   : host->node ? host->node
						: host->name;

		fputs(i ? ", " : " - node ", out);
		print_text(&context->printer, text_or_empty(name), 100);
	}
	if (count > 3)
		fprintf(out, " +%zu", count - 3);
	if (only->count)
		fputs(" alone", out);
}

static void print_header(const struct context *context, const struct report *report)
{
	const struct facts *facts = report->facts;
	FILE *out = context->printer.out;

	fputs("wasmdiag " WASMDIAG_VERSION, out);
	if (facts->server.url) {
		fputs(" - ", out);
		print_text(&context->printer, facts->server.url, 200);
	}
	if (facts->server.version) {
		fputs(" Kubernetes ", out);
		print_text(&context->printer, facts->server.version, 100);
	}
	print_nodes(context, facts);
	fputs("\n\n", out);
}

static bool same_reasons(const struct check_result *a, const struct check_result *b)
{
	if (a->verdict != b->verdict)
		return false;
	if (a->verdict == VERDICT_PASS)
		return true; /* what it missed is said apart */
	if (a->reason_count != b->reason_count)
		return false;
	for (size_t i = 0; i < a->reason_count; i++)
		if (!text_equal(a->reasons[i].words.in[LANGUAGE_EN],
				b->reasons[i].words.in[LANGUAGE_EN]) ||
		    !text_equal(a->reasons[i].detail, b->reasons[i].detail))
			return false;
	return true;
}

static const char *reasons_text(const struct context *context,
				const struct check_result *result)
{
	const char *joined = "";

	for (size_t i = 0; i < result->reason_count; i++) {
		const char *one = reason_text(context->arena, context->options,
					      &result->reasons[i]);

		joined = arena_format(context->arena, "%s%s%s", joined, i ? "; " : "",
				      one);
	}
	return joined;
}

/* Checks of one verdict, those with the same reason on one line. */
static void print_checks(const struct context *context, const struct report *report,
			 enum verdict verdict, enum color color)
{
	for (size_t i = 0; i < report->result_count; i++) {
		const struct check_result *result = &report->results[i];
		const char *names = result->check->words->name;
		size_t earlier = 0;

		if (result->verdict != verdict)
			continue;
		while (earlier < i && !same_reasons(&report->results[earlier], result))
			earlier++;
		if (earlier < i)
			continue;
		for (size_t j = i + 1; j < report->result_count; j++)
			if (same_reasons(result, &report->results[j]))
				names = arena_format(
					context->arena, "%s, %s", names,
					report->results[j].check->words->name);
		print_color(&context->printer, color, verdict_names[verdict]);
		fprintf(context->printer.out, "%*s",
			MARGIN - (int)strlen(verdict_names[verdict]), "");
		if (result->reason_count && verdict != VERDICT_PASS)
			names = arena_format(context->arena, "%s: %s", names,
					     reasons_text(context, result));
		print_wrapped(&context->printer, names, MARGIN, MARGIN);
	}
}

/* What else there is to know of checks that failed or warn: what they could not see. */
static void print_blind_spots(const struct context *context, const struct report *report)
{
	for (size_t i = 0; i < report->result_count; i++) {
		const struct check_result *result = &report->results[i];

		if (!result->incomplete || result->verdict == VERDICT_UNKNOWN)
			continue;
		print_color(&context->printer, COLOR_CYAN,
			    verdict_names[VERDICT_UNKNOWN]);
		fputc(' ', context->printer.out);
		print_wrapped(&context->printer,
			      arena_format(context->arena, "%s: %s",
					   result->check->words->name,
					   reasons_text(context, result)),
			      MARGIN, MARGIN);
	}
}

static void print_summary(const struct context *context, const struct report *report)
{
	static const struct words more = { { "More on a code: wasmdiag explain ",
					     "详情：wasmdiag explain " } };
	FILE *out = context->printer.out;
	size_t findings = 0;

	for (size_t i = 0; i < report->finding_count; i++)
		findings += finding_is_open(report->findings[i]);
	fputc('\n', out);
	for (size_t i = 0; i < VERDICT_COUNT; i++) {
		static const enum verdict order[] = { VERDICT_FAIL, VERDICT_WARN,
						      VERDICT_UNKNOWN, VERDICT_PASS,
						      VERDICT_SKIP };

		fprintf(out, "%s%zu %s", i ? ", " : "", report->counts[order[i]],
			verdict_names[order[i]]);
	}
	if (report_suppressed(report))
		fprintf(out, ", %zu suppressed", report_suppressed(report));
	fputs(".", out);
	if (findings)
		fprintf(out, "  %s%s", say(context->options, &more),
			report->findings[0]->guide->code);
	fputc('\n', out);
}

static struct context context_of(const struct render_options *options,
				 struct arena *scratch, FILE *out)
{
	return (struct context){
		.printer = { .out = out,
			     .color = options->color,
			     .width = options->width },
		.options = options,
		.arena = scratch,
	};
}

void render_text_header(const struct report *report, const struct render_options *options,
			FILE *out)
{
	struct arena scratch = { 0 };
	const struct context context = context_of(options, &scratch, out);

	print_header(&context, report);
	arena_free(&scratch);
}

void render_text_verdicts(const struct report *report,
			  const struct render_options *options, FILE *out)
{
	struct arena scratch = { 0 };
	const struct context context = context_of(options, &scratch, out);

	for (size_t i = 0; i < report->finding_count; i++) {
		struct arena_mark mark = arena_mark(&scratch);

		if (finding_is_open(report->findings[i]))
			print_finding(&context, report->findings[i]);
		arena_rewind(&scratch, mark);
	}
	print_checks(&context, report, VERDICT_UNKNOWN, COLOR_CYAN);
	print_blind_spots(&context, report);
	if (!options->quiet) {
		print_checks(&context, report, VERDICT_PASS, COLOR_GREEN);
		print_checks(&context, report, VERDICT_SKIP, COLOR_DIM);
		print_summary(&context, report);
	}
	arena_free(&scratch);
}

static void render(const struct report *report, const struct render_options *options,
		   FILE *out)
{
	if (!options->quiet)
		render_text_header(report, options, out);
	render_text_verdicts(report, options, out);
}

const struct renderer render_text = {
	.name = "text",
	.help = { { "for people (default)", "供人阅读（默认）" } },
	.render = render,
};
