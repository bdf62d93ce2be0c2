// SPDX-License-Identifier: Apache-2.0
/* -o json: what programs read.  Members may be added, not renamed
 * (docs/report.schema.json). */
#include <wasmdiag/text.h>

#include "cleanup.h"
#include "policy.h"

#include "json.h"

static json_t *subject_json(const struct subject *subject)
{
	json_t *json = json_object();

	json_object_set_new(json, "kind", json_text(subject->kind));
	json_object_set_new(json, "namespace", json_text(subject->namespace));
	json_object_set_new(json, "name", json_text(subject->name));
	return json;
}

static json_t *commands_json(struct arena *arena, const char *const *commands,
			     const struct finding *finding)
{
	json_t *array = json_array();

	for (; commands && *commands; commands++)
		if (words_complete(*commands, finding))
			json_array_append_new(
				array,
				json_text(words_fill(arena, *commands, finding, true)));
	return array;
}

static json_t *fixes_json(struct arena *arena, const struct render_options *options,
			  const struct finding *finding)
{
	json_t *array = json_array();

	for (size_t i = 0; i < finding->guide->fix_count; i++) {
		const struct fix *fix = &finding->guide->fixes[i];
		const char *text;
		json_t *json;

		if (!fix_applies(fix, finding))
			continue;
		json = json_object();
		text = words_fill(arena, say(options, &fix->text), finding, false);
		json_object_set_new(json, "text", json_text(text));
		json_object_set_new(json, "commands",
				    commands_json(arena, fix->commands, finding));
		json_array_append_new(array, json);
	}
	return array;
}

static json_t *evidence_json(const struct finding *finding)
{
	json_t *array = json_array();

	for (size_t i = 0; i < finding->evidence_count; i++) {
		const struct evidence *evidence = &finding->evidence[i];
		json_t *json = json_object();

		json_object_set_new(json, "what", json_text(evidence->what));
		json_object_set_new(json, "actual", json_text(evidence->actual));
		json_object_set_new(json, "expected", json_text(evidence->expected));
		json_object_set_new(json, "source", json_text(evidence->source));
		json_array_append_new(array, json);
	}
	return array;
}

static json_t *witnesses_json(const struct finding *finding)
{
	json_t *array = json_array();

	for (size_t i = 0; i < finding->witness_count; i++)
		json_array_append_new(array, subject_json(&finding->witnesses[i]));
	return array;
}

static json_t *suppressed_json(const struct suppression *suppression)
{
	json_t *json;

	if (!suppression)
		return json_null();
	json = json_object();
	json_object_set_new(json, "reason", json_text(suppression->reason));
	json_object_set_new(json, "until", json_text(suppression->until_text));
	return json;
}

static json_t *names_json(const struct string_list *names)
{
	json_t *array = json_array();

	for (size_t i = 0; i < names->count; i++)
		json_array_append_new(array, json_text(names->items[i]));
	return array;
}

static json_t *finding_json(struct arena *arena, const struct render_options *options,
			    const struct finding *finding)
{
	const struct guide *guide = finding->guide;
	json_t *json = json_object();
	const char *symptom =
		words_fill(arena, say(options, &guide->symptom), finding, false);
	const char *cause =
		words_fill(arena, say(options, &guide->cause), finding, false);

	json_object_set_new(json, "code", json_string(guide->code));
	json_object_set_new(json, "check", json_string(finding->check->words->name));
	json_object_set_new(json, "section", json_string(guide->section));
	json_object_set_new(json, "severity",
			    json_string(severity_names[finding->severity]));
	json_object_set_new(json, "title", json_text(say(options, &guide->title)));
	json_object_set_new(json, "subject", subject_json(&finding->subject));
	json_object_set_new(json, "symptom", json_text(symptom));
	json_object_set_new(json, "cause", json_text(cause));
	json_object_set_new(json, "evidence", evidence_json(finding));
	json_object_set_new(json, "fix", fixes_json(arena, options, finding));
	json_object_set_new(json, "verify", commands_json(arena, guide->verify, finding));
	json_object_set_new(json, "because",
			    finding->because ? json_string(finding->because->guide->code)
					     : json_null());
	json_object_set_new(json, "suppressed", suppressed_json(finding->suppression));
	json_object_set_new(json, "witnesses", witnesses_json(finding));
	return json;
}

static json_t *check_json(struct arena *arena, const struct render_options *options,
			  const struct check_result *result)
{
	json_t *json = json_object(), *sections = json_array(), *reason = json_null();
	const char *joined = "";

	for (const char *const *section = result->check->words->sections; *section;
	     section++)
		json_array_append_new(sections, json_string(*section));
	for (size_t i = 0; i < result->reason_count; i++)
		joined = arena_format(arena, "%s%s%s", joined, i ? "; " : "",
				      reason_text(arena, options, &result->reasons[i]));
	if (*joined)
		reason = json_text(joined);
	json_object_set_new(json, "name", json_string(result->check->words->name));
	json_object_set_new(json, "sections", sections);
	json_object_set_new(json, "verdict", json_string(verdict_names[result->verdict]));
	json_object_set_new(json, "incomplete", json_boolean(result->incomplete));
	json_object_set_new(json, "reason", reason);
	return json;
}

/* All but the findings. */
static json_t *frame_json(struct arena *arena, const struct render_options *options,
			  const struct report *report)
{
	json_t *json = json_object(), *counts = json_object();
	json_t *checks = json_array();

	for (size_t i = 0; i < VERDICT_COUNT; i++)
		json_object_set_new(counts, verdict_names[i],
				    json_integer((json_int_t)report->counts[i]));
	for (size_t i = 0; i < report->result_count; i++)
		json_array_append_new(checks,
				      check_json(arena, options, &report->results[i]));
	json_object_set_new(json, "schema", json_string("wasmdiag.report/1"));
	json_object_set_new(json, "tool", json_string(WASMDIAG_VERSION));
	json_object_set_new(json, "only_nodes", names_json(&report->facts->only_nodes));
	json_object_set_new(json, "verdict", json_string(verdict_names[report->verdict]));
	json_object_set_new(json, "exit", json_integer(report->exit_status));
	json_object_set_new(json, "counts", counts);
	json_object_set_new(json, "suppressed",
			    json_integer((json_int_t)report_suppressed(report)));
	json_object_set_new(json, "checks", checks);
	json_object_set_new(json, "findings", json_array());
	return json;
}

json_t *report_json(struct arena *arena, const struct render_options *options,
		    const struct report *report)
{
	json_t *json = frame_json(arena, options, report);
	json_t *findings = json_object_get(json, "findings");

	for (size_t i = 0; i < report->finding_count; i++)
		json_array_append_new(findings,
				      finding_json(arena, options, report->findings[i]));
	return json;
}

/* Findings may be thousands, and each is written alone. */
struct rendering {
	const struct report *report;
	const struct render_options *options;
};

static json_t *next_finding(const void *context, const char *key, size_t index)
{
	_cleanup_(arena_free) struct arena scratch = { 0 };
	const struct rendering *rendering = context;
	const struct report *report = rendering->report;

	if (!text_equal(key, "findings") || index >= report->finding_count)
		return NULL;
	return finding_json(&scratch, rendering->options, report->findings[index]);
}

static void render(const struct report *report, const struct render_options *options,
		   FILE *out)
{
	_cleanup_(arena_free) struct arena scratch = { 0 };
	const struct rendering rendering = { report, options };
	const struct json_lists lists = { next_finding, &rendering };
	json_auto_t *frame = frame_json(&scratch, options, report);

	json_print_long(frame, &lists, JSON_INDENT(2), out);
}

const struct renderer render_json = {
	.name = "json",
	.help = { { "for programs; docs/report.schema.json",
		    "供程序读取；见 docs/report.schema.json" } },
	.render = render,
};
