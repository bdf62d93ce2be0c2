// SPDX-License-Identifier: Apache-2.0
#include "explain.h"

#include <jansson.h>
#include <string.h>

#include <wasmdiag/host.h>
#include <wasmdiag/text.h>

#include "json_text.h"
#include "render/print.h"
#include "run.h"
#include "thresholds.h"

#define INDENT 10

static const char *scope_of(const struct check *check)
{
	if (!check->needs)
		return "host";
	return check->host_needs ? "both" : "api";
}

static bool wants_json(const struct options *options)
{
	return text_equal(options->outputs[0].format, "json");
}

static const char *in(const struct options *options, const struct words *words)
{
	return text_or_empty(words->in[options->language]);
}

static int dump(json_t *json)
{
	bool printed = json_print(json, JSON_INDENT(2), stdout);

	json_decref(json);
	return printed ? 0 : 1;
}

/* ---- list ---- */

static json_t *needs_json(const struct check *check)
{
	json_t *array = json_array();

	for (size_t i = 0; i < FACT_COUNT; i++)
		if (check->needs & NEED(i))
			json_array_append_new(array, json_string(fact_names[i]));
	for (size_t i = 0; i < HOST_FACT_COUNT; i++)
		if (check->host_needs & NEED(i))
			json_array_append_new(
				array, json_sprintf("host:%s", host_fact_names[i]));
	return array;
}

static json_t *codes_json(const struct options *options, const struct check *check)
{
	json_t *array = json_array();

	for (const struct guide *const *guide = check->words->guides; *guide; guide++) {
		json_t *json = json_object();

		json_object_set_new(json, "code", json_string((*guide)->code));
		json_object_set_new(json, "severity",
				    json_string(severity_names[(*guide)->severity]));
		json_object_set_new(json, "title",
				    json_string(in(options, &(*guide)->title)));
		json_array_append_new(array, json);
	}
	return array;
}

static json_t *list_json(const struct options *options)
{
	json_t *array = json_array();

	for (size_t i = 0; all_checks[i]; i++) {
		const struct check *check = all_checks[i];
		json_t *json = json_object(), *sections = json_array();

		for (const char *const *at = check->words->sections; *at; at++)
			json_array_append_new(sections, json_string(*at));
		json_object_set_new(json, "name", json_string(check->words->name));
		json_object_set_new(json, "title",
				    json_string(in(options, &check->words->title)));
		json_object_set_new(json, "sections", sections);
		json_object_set_new(json, "scope", json_string(scope_of(check)));
		json_object_set_new(json, "codes", codes_json(options, check));
		json_object_set_new(json, "needs", needs_json(check));
		json_array_append_new(array, json);
	}
	return array;
}

static const char *joined(struct arena *arena, const char *const *words)
{
	const char *text = "";

	for (; *words; words++)
		text = arena_format(arena, "%s%s%s", text, *text ? ", " : "", *words);
	return text;
}

static json_t *thresholds_json(const struct options *options)
{
	json_t *array = json_array();

	for (size_t i = 0; i < THRESHOLD_COUNT; i++) {
		const struct threshold_row *row = &threshold_rows[i];
		char value[32];

		threshold_write(row->unit, row->value, value, sizeof(value));
		json_array_append_new(array,
				      json_pack("{ss ss ss? ss}", "name", row->name,
						"default", value, "guide", row->guide,
						"help", in(options, &row->help)));
	}
	return array;
}

static int list_thresholds(const struct options *options)
{
	if (wants_json(options))
		return dump(thresholds_json(options));
	for (size_t i = 0; i < THRESHOLD_COUNT; i++) {
		const struct threshold_row *row = &threshold_rows[i];
		char value[32], guide[48] = "";

		threshold_write(row->unit, row->value, value, sizeof(value));
		if (row->guide)
			snprintf(guide, sizeof(guide),
				 options->language == LANGUAGE_ZH ? "；指南：%s"
								  : "; the guide: %s",
				 row->guide);
		printf("%-14s %-8s %s%s\n", row->name, value, in(options, &row->help),
		       guide);
	}
	return 0;
}

static int refuse_list(const char *word)
{
	struct error error;

	fail(&error, ERROR_USAGE, "list %s: there is only list and list thresholds",
	     word);
	return report_error(&error);
}

int run_list(const struct options *options, struct arena *arena)
{
	if (options->argument_count > 1) {
		if (text_equal(options->arguments[1], "thresholds"))
			return list_thresholds(options);
		return refuse_list(options->arguments[1]);
	}
	if (wants_json(options))
		return dump(list_json(options));
	for (size_t i = 0; all_checks[i]; i++) {
		const struct check *check = all_checks[i];

		printf("%s%s  (%s; %s)  %s\n", i ? "\n" : "", check->words->name,
		       joined(arena, check->words->sections), scope_of(check),
		       in(options, &check->words->title));
		for (const struct guide *const *guide = check->words->guides; *guide;
		     guide++)
			printf("  %s  %-4s  %s\n", (*guide)->code,
			       severity_names[(*guide)->severity],
			       in(options, &(*guide)->title));
	}
	return 0;
}

/* ---- explain ---- */

static json_t *strings_json(const char *const *strings)
{
	json_t *array = json_array();

	for (; strings && *strings; strings++)
		json_array_append_new(array, json_string(*strings));
	return array;
}

static json_t *guide_json(const struct options *options, const struct guide *guide)
{
	json_t *json = json_object(), *fixes = json_array(), *claims = json_array();

	for (size_t i = 0; i < guide->fix_count; i++)
		json_array_append_new(
			fixes,
			json_pack("{ss so}", "text", in(options, &guide->fixes[i].text),
				  "commands", strings_json(guide->fixes[i].commands)));
	for (size_t i = 0; i < guide->claim_count; i++) {
		const struct claim *claim = &guide->claims[i];

		json_array_append_new(claims,
				      json_pack("{ss sb ss ss}", "says", claim->says,
						"holds", claim->holds, "instead",
						in(options, &claim->instead), "source",
						claim->source));
	}
	json_object_set_new(json, "code", json_string(guide->code));
	json_object_set_new(json, "section", json_string(guide->section));
	json_object_set_new(json, "severity",
			    json_string(severity_names[guide->severity]));
	json_object_set_new(json, "title", json_string(in(options, &guide->title)));
	json_object_set_new(json, "symptom", json_string(in(options, &guide->symptom)));
	json_object_set_new(json, "cause", json_string(in(options, &guide->cause)));
	json_object_set_new(json, "fix", fixes);
	json_object_set_new(json, "verify", strings_json(guide->verify));
	json_object_set_new(json, "guide", claims);
	return json;
}

struct explanation {
	const struct options *options;
	struct printer printer;
};

static void print_entry(const struct explanation *explanation, const char *label,
			const char *text)
{
	fprintf(explanation->printer.out, "  %s%*s", label,
		INDENT - 2 - text_columns(label), "");
	print_wrapped(&explanation->printer, text, INDENT, INDENT);
}

static void print_commands(const struct explanation *explanation,
			   const char *const *commands)
{
	for (; commands && *commands; commands++) {
		const char *at = *commands;

		while (*at) {
			size_t length = strcspn(at, "\n");

			fprintf(explanation->printer.out, "%*s%.*s\n",
				strchr(*commands, '\n') ? 0 : INDENT + 2, "", (int)length,
				at);
			at += length + (at[length] == '\n');
		}
	}
}

static void print_claims(const struct explanation *explanation, const struct guide *guide)
{
	static const struct words says = { { "guide", "指南" } };
	static const struct words holds = { { "holds", "成立" } };
	static const struct words wrong = { { "but", "其实" } };
	static const struct words source = { { "source", "出处" } };
	const struct options *options = explanation->options;

	for (size_t i = 0; i < guide->claim_count; i++) {
		const struct claim *claim = &guide->claims[i];

		print_entry(explanation, in(options, &says), claim->says);
		print_entry(explanation, in(options, claim->holds ? &holds : &wrong),
			    in(options, &claim->instead));
		print_entry(explanation, in(options, &source), claim->source);
	}
}

/* Fixes of one text are one fix in several forms (for K3s or not, owned or bare). */
static void print_fixes(const struct explanation *explanation, const struct guide *guide)
{
	static const struct words label = { { "fix", "修复" } };
	static const struct words other = { { "or, as the case may be:", "或视情况：" } };
	const struct options *options = explanation->options;
	const char *said = NULL;

	for (size_t i = 0; i < guide->fix_count; i++) {
		const char *text = in(options, &guide->fixes[i].text);

		print_entry(explanation, i ? "" : in(options, &label),
			    text_equal(text, said) ? in(options, &other) : text);
		print_commands(explanation, guide->fixes[i].commands);
		said = text;
	}
}

static void print_guide(const struct explanation *explanation, const struct guide *guide)
{
	static const struct words symptom = { { "symptom", "现象" } };
	static const struct words cause = { { "cause", "根因" } };
	static const struct words verify = { { "verify", "验证" } };
	const struct options *options = explanation->options;

	print_color(&explanation->printer, COLOR_BOLD, guide->code);
	printf(" (%s, %s)  %s\n", guide->section, severity_names[guide->severity],
	       in(options, &guide->title));
	print_entry(explanation, in(options, &symptom), in(options, &guide->symptom));
	print_entry(explanation, in(options, &cause), in(options, &guide->cause));
	print_fixes(explanation, guide);
	if (guide->verify && *guide->verify) {
		fprintf(explanation->printer.out, "  %s\n", in(options, &verify));
		print_commands(explanation, guide->verify);
	}
	print_claims(explanation, guide);
	fputc('\n', stdout);
}

/* Is this guide what name means: its code, its check, its section or one above that? */
static bool is_meant(const struct check *check, const struct guide *guide,
		     const char *name)
{
	size_t length = strlen(name);

	return strcasecmp(name, guide->code) == 0 ||
	       text_equal(name, check->words->name) || text_equal(name, "all") ||
	       (text_starts(guide->section, name) &&
		(guide->section[length] == '\0' || guide->section[length] == '.'));
}

/* Explain one name; the number of guides found. */
static size_t explain_name(const struct explanation *explanation, const char *name,
			   json_t *array)
{
	size_t found = 0;

	for (size_t i = 0; all_checks[i]; i++) {
		const struct guide *const *guide = all_checks[i]->words->guides;

		for (; *guide; guide++) {
			if (!is_meant(all_checks[i], *guide, name))
				continue;
			found++;
			if (array)
				json_array_append_new(
					array, guide_json(explanation->options, *guide));
			else
				print_guide(explanation, *guide);
		}
	}
	return found;
}

int run_explain(const struct options *options, struct arena *arena)
{
	const struct explanation explanation = {
		.options = options,
		.printer = { .out = stdout, .width = 100 },
	};
	json_t *array = wants_json(options) ? json_array() : NULL;
	struct error error;

	(void)arena;
	if (options->argument_count < 2) {
		fail(&error, ERROR_USAGE,
		     "explain wants a code, a check or a section: wasmdiag explain WD2103");
		json_decref(array);
		return report_error(&error);
	}
	for (size_t i = 1; i < options->argument_count; i++) {
		if (explain_name(&explanation, options->arguments[i], array))
			continue;
		fail(&error, ERROR_USAGE,
		     "explain %s: no such code, check or section: see wasmdiag list",
		     options->arguments[i]);
		json_decref(array);
		return report_error(&error);
	}
	return array ? dump(array) : 0;
}
