// SPDX-License-Identifier: Apache-2.0
#include "match.h"

#include <inttypes.h>

#include <wasmdiag/text.h>

#include "json.h"
#include "print.h"

#define MARGIN 8

/* ---- json ---- */

static void render_json_array(const struct matches *matches,
			      const struct render_options *options, FILE *out)
{
	json_auto_t *array = json_array();

	for (size_t i = 0; i < matches->count; i++) {
		const struct match *match = &matches->items[i];
		json_t *json = json_object();

		json_object_set_new(json, "code", json_string(match->guide->code));
		json_object_set_new(json, "line", json_integer(match->line));
		json_object_set_new(json, "text", json_text(match->text));
		json_object_set_new(json, "count", json_integer(match->count));
		json_object_set_new(json, "check",
				    json_string(match->check->words->name));
		json_object_set_new(json, "severity",
				    json_string(severity_names[match->guide->severity]));
		json_object_set_new(json, "title",
				    json_text(say(options, &match->guide->title)));
		json_array_append_new(array, json);
	}
	json_print(array, JSON_INDENT(2), out);
}

/* ---- text and short ---- */

struct context {
	struct printer printer;
	const struct render_options *options;
	struct arena *arena;
};

/* "line 12", "line 12 and 3 more". */
static const char *where(const struct context *context, const struct match *match)
{
	bool chinese = context->options->language == LANGUAGE_ZH;
	int64_t more = match->count - 1;

	if (more == 0)
		return arena_format(context->arena,
				    chinese ? "第 %" PRId64 " 行" : "line %" PRId64,
				    match->line);
	return arena_format(context->arena,
			    chinese ? "第 %" PRId64 " 行，另有 %" PRId64 " 处"
				    : "line %" PRId64 " and %" PRId64 " more",
			    match->line, more);
}

static void print_nothing(const struct context *context, const struct matches *matches)
{
	fprintf(context->printer.out,
		context->options->language == LANGUAGE_ZH
			? "没有可识别的内容（读取 %" PRId64 " 行）\n"
			: "nothing recognised (lines read: %" PRId64 ")\n",
		matches->lines);
}

static void render_lines(const struct context *context, const struct matches *matches)
{
	for (size_t i = 0; i < matches->count; i++) {
		const struct match *match = &matches->items[i];

		fprintf(context->printer.out,
			"%s %s %s: ", severity_names[match->guide->severity],
			match->guide->code, where(context, match));
		print_text(&context->printer, match->text, 400);
		fputc('\n', context->printer.out);
	}
}

static void print_entry(const struct context *context, const struct words *caption,
			const char *text)
{
	const char *label = say(context->options, caption);

	print_color(&context->printer, COLOR_DIM, label);
	fprintf(context->printer.out, "%*s", MARGIN - text_columns(label), "");
	print_wrapped(&context->printer, text, MARGIN, MARGIN);
}

static void print_command(const struct context *context, const char *command)
{
	const char *at = words_fill(context->arena, command, NULL, true);
	int indent = strchr(at, '\n') ? 0 : MARGIN + 2;

	while (*at) {
		size_t length = strcspn(at, "\n");

		fprintf(context->printer.out, "%*s", indent, "");
		print_color(&context->printer, COLOR_BOLD,
			    arena_copy(context->arena, at, length));
		fputc('\n', context->printer.out);
		at += length + (at[length] == '\n');
	}
}

static const char *filled(const struct context *context, const struct words *words)
{
	return words_fill(context->arena, say(context->options, words), NULL, false);
}

static void print_match(const struct context *context, const struct match *match)
{
	static const struct words cause = { { "cause", "根因" } };
	static const struct words fix = { { "fix", "修复" } };
	const struct guide *guide = match->guide;
	const char *severity = severity_names[guide->severity];
	const char *const *command;

	print_color(&context->printer,
		    guide->severity == SEVERITY_FAIL   ? COLOR_RED
		    : guide->severity == SEVERITY_WARN ? COLOR_YELLOW
						       : COLOR_CYAN,
		    severity);
	fprintf(context->printer.out, "%*s", MARGIN - (int)strlen(severity), "");
	print_color(&context->printer, COLOR_BOLD, guide->code);
	fprintf(context->printer.out, "  %s (%s)\n%*s",
		say(context->options, &guide->title), match->check->words->name, MARGIN,
		"");
	print_color(&context->printer, COLOR_DIM, where(context, match));
	fprintf(context->printer.out, "\n%*s", MARGIN + 2, "");
	print_wrapped(&context->printer, match->text, MARGIN + 2, MARGIN + 2);
	print_entry(context, &cause, filled(context, &guide->cause));
	if (guide->fix_count) {
		print_entry(context, &fix, filled(context, &guide->fixes[0].text));
		command = guide->fixes[0].commands;
		for (; command && *command; command++)
			print_command(context, *command);
	}
	fputc('\n', context->printer.out);
}

static void render_prose(const struct context *context, const struct matches *matches)
{
	bool chinese = context->options->language == LANGUAGE_ZH;

	for (size_t i = 0; i < matches->count; i++)
		print_match(context, &matches->items[i]);
	fprintf(context->printer.out,
		chinese ? "读取 %" PRId64
			  " 行，识别 %zu 项。其他修复方法与验证：wasmdiag "
			  "explain %s\n"
			: "Lines read: %" PRId64
			  ", recognised: %zu.  Other fixes, and how to "
			  "verify: wasmdiag explain %s\n",
		matches->lines, matches->count, matches->items[0].guide->code);
}

void render_matches(const void *data, const char *format,
		    const struct render_options *options, FILE *out)
{
	const struct matches *matches = data;
	struct arena scratch = { 0 };
	const struct context context = {
		.printer = { .out = out,
			     .color = options->color,
			     .width = options->width },
		.options = options,
		.arena = &scratch,
	};

	if (text_equal(format, "json"))
		render_json_array(matches, options, out);
	else if (matches->count == 0)
		print_nothing(&context, matches);
	else if (text_equal(format, "short"))
		render_lines(&context, matches);
	else
		render_prose(&context, matches);
	arena_free(&scratch);
}
