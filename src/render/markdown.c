// SPDX-License-Identifier: Apache-2.0
/*
 * -o markdown: for a ticket on GitHub or GitLab.  Everything that came from the cluster
 * stands in code spans and fences, where it can neither format nor mention nor link.
 */
#include <stdlib.h>

#include <wasmdiag/text.h>

#include "cleanup.h"
#include "render.h"

#define DETAIL_LINES 120 /* of findings in full; the rest is a table */
#define TABLE_ROWS   60
#define SPAN_LIMIT   300
#define SAW_LIMIT    4

struct context {
	const struct render_options *options;
	struct arena *arena;
	FILE *out;
	bool in_table;
};

enum caption {
	CAPTION_CAUSE,
	CAPTION_AFFECTS,
	CAPTION_VERIFY,
	CAPTION_EXPECTED,
	CAPTION_PASSED,
	CAPTION_MORE,
	CAPTION_OBJECT,
	CAPTION_SYMPTOM,
};

static const struct words captions[] = {
	[CAPTION_CAUSE] = { { "Cause", "根因" } },
	[CAPTION_AFFECTS] = { { "Affects", "影响" } },
	[CAPTION_VERIFY] = { { "Verify", "验证" } },
	[CAPTION_EXPECTED] = { { "expected", "应为" } },
	[CAPTION_PASSED] = { { "What passed, and what does not apply",
			       "通过与不适用的检查" } },
	[CAPTION_MORE] = { { "more", "其余" } },
	[CAPTION_OBJECT] = { { "object", "对象" } },
	[CAPTION_SYMPTOM] = { { "symptom", "现象" } },
};

static const char *caption(const struct context *context, enum caption caption)
{
	return say(context->options, &captions[caption]);
}

/* ---- text that cannot break out ---- */

static size_t longest_run(const char *text, char of)
{
	size_t longest = 0, run = 0;

	for (; *text; text++) {
		run = *text == of ? run + 1 : 0;
		if (run > longest)
			longest = run;
	}
	return longest;
}

static char *harmless(const struct context *context, const char *text, size_t limit)
{
	size_t length = strlen(text), size = length * 6 + 4;
	char *out;

	if (size > limit + 4)
		size = limit + 4;
	out = arena_alloc(context->arena, size);
	text_escape(text, length, out, size);
	return out;
}

static void repeat(FILE *out, char c, size_t times)
{
	while (times--)
		fputc(c, out);
}

/*
 * A code span: its fence is longer than any run of backticks inside (CommonMark 6.1).
 * Within a table a bar ends the cell, even there, unless it is escaped (GFM 4.10).
 */
static void print_span(const struct context *context, const char *text)
{
	const char *inside = harmless(context, text, SPAN_LIMIT);
	size_t fence = longest_run(inside, '`') + 1;
	bool pad = fence > 1 || *inside == '\0' || *inside == ' ';

	repeat(context->out, '`', fence);
	fputs(pad ? " " : "", context->out);
	for (; *inside; inside++) {
		if (*inside == '|' && context->in_table)
			fputc('\\', context->out);
		fputc(*inside, context->out);
	}
	fputs(pad ? " " : "", context->out);
	repeat(context->out, '`', fence);
}

/* The words themselves are ours: they quote in backticks, and mean nothing else. */
static bool print_plain(const struct context *context, const struct word *word, bool code)
{
	for (size_t i = 0; i < word->length; i++) {
		char c = word->text[i];

		if (c == '`')
			code = !code;
		else if (!code && strchr("*_<>[]|\\#~", c))
			fputc('\\', context->out);
		fputc(c == '\n' ? ' ' : c, context->out);
	}
	return code;
}

/* Within backticks of the words a value must not hold any. */
static void print_inside(const struct context *context, const char *value)
{
	char *inside = harmless(context, value, SPAN_LIMIT);

	for (char *c = inside; *c; c++)
		if (*c == '`')
			*c = '\'';
	fputs(inside, context->out);
}

static void print_words(const struct context *context, const char *text,
			const struct finding *finding)
{
	struct word word;
	bool code = false;

	while (*text) {
		text += words_next(text, finding, &word);
		if (!word.is_value)
			code = print_plain(context, &word, code);
		else if (code)
			print_inside(context, text_or_empty(word.value));
		else
			print_span(context, text_or_empty(word.value));
	}
}

static void print_fence(const struct context *context, const char *const *commands,
			const struct finding *finding)
{
	const char *all = "";
	size_t fence;

	for (; commands && *commands; commands++)
		if (words_complete(*commands, finding))
			all = arena_format(
				context->arena, "%s%s%s", all,
				words_fill(context->arena, *commands, finding, true),
				text_ends(*commands, "\n") ? "" : "\n");
	if (!*all)
		return;
	fence = longest_run(all, '`');
	fence = fence < 3 ? 3 : fence + 1;
	repeat(context->out, '`', fence);
	fputs("sh\n", context->out);
	while (*all) {
		size_t length = strcspn(all, "\n");

		fputs(harmless(context, arena_copy(context->arena, all, length),
			       length * 6 + 4),
		      context->out);
		fputc('\n', context->out);
		all += length + 1;
	}
	repeat(context->out, '`', fence);
	fputc('\n', context->out);
}

/* ---- a finding in full ---- */

static void print_evidence(const struct context *context, const struct finding *finding)
{
	for (size_t i = 0; i < finding->evidence_count && i < SAW_LIMIT; i++) {
		const struct evidence *evidence = &finding->evidence[i];

		fputs("- ", context->out);
		print_span(context, evidence->what);
		if (evidence->actual) {
			fputs(": ", context->out);
			print_span(context, evidence->actual);
		}
		if (evidence->expected) {
			fprintf(context->out, ", %s ",
				caption(context, CAPTION_EXPECTED));
			print_span(context, evidence->expected);
		}
		if (evidence->source) {
			fputs(" (", context->out);
			print_span(context, evidence->source);
			fputc(')', context->out);
		}
		fputc('\n', context->out);
	}
}

static void print_witnesses(const struct context *context, const struct finding *finding)
{
	size_t limit = context->options->verbose ? 100 : 5;

	if (!finding->witness_count)
		return;
	fprintf(context->out, "- %s ", caption(context, CAPTION_AFFECTS));
	for (size_t i = 0; i < finding->witness_count && i < limit; i++) {
		fputs(i ? ", " : "", context->out);
		print_span(context, subject_text(context->arena, &finding->witnesses[i]));
	}
	if (finding->witness_count > limit)
		fprintf(context->out, " +%zu", finding->witness_count - limit);
	fputc('\n', context->out);
}

static void print_finding(const struct context *context, const struct finding *finding)
{
	const struct guide *guide = finding->guide;

	fprintf(context->out, "\n### %s %s: ", severity_names[finding->severity],
		guide->code);
	print_words(context, say(context->options, &guide->title), finding);
	fputs(", ", context->out);
	print_span(context, subject_text(context->arena, &finding->subject));
	fputs("\n\n", context->out);
	print_words(context, say(context->options, &guide->symptom), finding);
	fprintf(context->out, "\n**%s:** ", caption(context, CAPTION_CAUSE));
	print_words(context, say(context->options, &guide->cause), finding);
	fputs("\n\n", context->out);
	print_evidence(context, finding);
	print_witnesses(context, finding);
	for (size_t i = 0; i < guide->fix_count; i++) {
		if (!fix_applies(&guide->fixes[i], finding))
			continue;
		fputc('\n', context->out);
		print_words(context, say(context->options, &guide->fixes[i].text),
			    finding);
		fputs("\n\n", context->out);
		print_fence(context, guide->fixes[i].commands, finding);
	}
	if (guide->verify && *guide->verify) {
		fprintf(context->out, "\n%s:\n\n", caption(context, CAPTION_VERIFY));
		print_fence(context, guide->verify, finding);
	}
}

static size_t count_lines(const char *text)
{
	size_t lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

/* The finding if it fits into what is left of the lines; else nothing. */
static bool print_if_fits(const struct context *context, const struct finding *finding,
			  size_t *lines)
{
	_cleanup_free_ char *text = NULL;
	struct context inner = *context;
	size_t size, more;

	inner.in_table = false;
	inner.out = open_memstream(&text, &size);
	if (!inner.out)
		return false;
	print_finding(&inner, finding);
	if (fclose(inner.out) != 0)
		return false;
	more = count_lines(text);
	if (*lines + more > DETAIL_LINES)
		return false;
	*lines += more;
	fputs(text, context->out);
	return true;
}

static void print_row(const struct context *context, const struct finding *finding)
{
	fprintf(context->out, "| %s %s | ", severity_names[finding->severity],
		finding->guide->code);
	print_span(context, subject_text(context->arena, &finding->subject));
	fputs(" | ", context->out);
	print_words(context, say(context->options, &finding->guide->symptom), finding);
	fputs(" |\n", context->out);
}

/* In full while there is room, then a row each: a ticket is to be read. */
static void print_findings(const struct context *context, const struct report *report)
{
	const struct context table = { context->options, context->arena, context->out,
				       true };
	size_t lines = 0, rows = 0, left = 0;

	for (size_t i = 0; i < report->finding_count; i++) {
		const struct finding *finding = report->findings[i];

		if (!finding_is_open(finding))
			continue;
		if (!rows && print_if_fits(context, finding, &lines))
			continue;
		if (rows >= TABLE_ROWS) {
			left++;
			continue;
		}
		if (rows++ == 0)
			fprintf(context->out, "\n| %s | %s | %s |\n|---|---|---|\n",
				caption(context, CAPTION_MORE),
				caption(context, CAPTION_OBJECT),
				caption(context, CAPTION_SYMPTOM));
		print_row(&table, finding);
	}
	if (left)
		fprintf(context->out, "\n+%zu\n", left);
}

/* ---- what stands around them ---- */

static void print_version(const struct context *context, const char *what,
			  const char *version)
{
	if (!version)
		return;
	fprintf(context->out, "| %s | ", what);
	print_span(context, version);
	fputs(" |\n", context->out);
}

static const char *crun_version(const struct host *host)
{
	for (size_t i = 0; i < host->runtime_count; i++)
		if (text_equal(host->runtimes[i].program, "crun"))
			return host->runtimes[i].version;
	return NULL;
}

static void print_host(const struct context *context, const struct facts *facts,
		       const struct host *host)
{
	const struct node *node = find_node(facts, host->node);

	print_version(context, "node", host->node ? host->node : host->name);
	print_version(context, "K3s", host->k3s.version);
	print_version(context, "containerd", node ? node->container_runtime : NULL);
	print_version(context, "crun", crun_version(host));
	print_version(context, "kernel", host->kernel);
	print_version(context, "system", host->os);
}

static void print_header(const struct context *context, const struct report *report)
{
	const struct context table = { context->options, context->arena, context->out,
				       true };
	const struct facts *facts = report->facts;

	fprintf(context->out, "## wasmdiag: %s\n\n", verdict_names[report->verdict]);
	fprintf(context->out, "%zu fail, %zu warn, %zu unknown, %zu pass, %zu skip",
		report->counts[VERDICT_FAIL], report->counts[VERDICT_WARN],
		report->counts[VERDICT_UNKNOWN], report->counts[VERDICT_PASS],
		report->counts[VERDICT_SKIP]);
	if (report_suppressed(report))
		fprintf(context->out, ", %zu suppressed", report_suppressed(report));
	fputs("\n\n| | |\n|---|---|\n", context->out);
	print_version(&table, "wasmdiag", WASMDIAG_VERSION);
	print_version(&table, "Kubernetes", facts->server.version);
	for (size_t i = 0; i < facts->host_count && i < 3; i++)
		print_host(&table, facts, &facts->hosts[i]);
	for (size_t i = 0; i < facts->only_nodes.count && i < 3; i++)
		print_version(&table, "asked about only", facts->only_nodes.items[i]);
}

static void print_check(const struct context *context, const struct check_result *result)
{
	fprintf(context->out, "- %s `%s`", verdict_names[result->verdict],
		result->check->words->name);
	for (size_t i = 0; i < result->reason_count; i++) {
		fputs(i ? "; " : ": ", context->out);
		print_span(context, reason_text(context->arena, context->options,
						&result->reasons[i]));
	}
	fputc('\n', context->out);
}

/* One line for those that passed; what could not be looked at stands above. */
static void print_checks(const struct context *context, const struct report *report)
{
	fputc('\n', context->out);
	for (size_t i = 0; i < report->result_count; i++)
		if (report->results[i].verdict == VERDICT_UNKNOWN)
			print_check(context, &report->results[i]);
	fprintf(context->out, "\n<details><summary>%s</summary>\n\n",
		caption(context, CAPTION_PASSED));
	for (size_t i = 0; i < report->result_count; i++)
		if (report->results[i].verdict == VERDICT_PASS ||
		    report->results[i].verdict == VERDICT_SKIP)
			print_check(context, &report->results[i]);
	fputs("\n</details>\n", context->out);
}

static void render(const struct report *report, const struct render_options *options,
		   FILE *out)
{
	struct arena scratch = { 0 };
	const struct context context = { options, &scratch, out, false };

	print_header(&context, report);
	print_findings(&context, report);
	print_checks(&context, report);
	arena_free(&scratch);
}

const struct renderer render_markdown = {
	.name = "markdown",
	.help = { { "for a ticket", "用于工单" } },
	.render = render,
};
