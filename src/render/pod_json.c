// SPDX-License-Identifier: Apache-2.0
/* The story of a pod for programs.  Members may be added, not renamed
 * (docs/pod.schema.json). */
#include "pod.h"

#include <wasmdiag/text.h>

#include "facts_rows.h"
#include "json.h"

/* What the rows say of it, as a snapshot has it; null for NULL. */
static json_t *row_json(const struct record *record, const void *data)
{
	json_t *json = data ? record_save(record, data) : json_null();

	return json ? json : json_null();
}

static json_t *best_json(const struct pattern_best *best)
{
	json_t *array = json_array();

	for (size_t i = 0; i < best->count; i++)
		json_array_append_new(array, json_string(best->hits[i].guide->code));
	return array;
}

static json_t *events_json(const struct pod_story *story)
{
	json_t *array = json_array();

	for (size_t i = 0; i < story->event_count; i++) {
		json_t *json = row_json(&event_record, story->events[i].event);

		json_object_set_new(json, "codes", best_json(&story->events[i].means));
		json_array_append_new(array, json);
	}
	return array;
}

static json_t *means_json(const struct matches *means)
{
	json_t *array = json_array();

	for (size_t i = 0; i < means->count; i++)
		json_array_append_new(array,
				      json_pack("{ss sI sI}", "code",
						means->items[i].guide->code, "line",
						(json_int_t)means->items[i].line, "count",
						(json_int_t)means->items[i].count));
	return array;
}

static json_t *notes_json(const struct story_log *log,
			  const struct render_options *options)
{
	json_t *array = json_array();

	for (size_t i = 0; i < log->lines.count; i++)
		if (log->notes[i])
			json_array_append_new(
				array, json_pack("{sI ss}", "line", (json_int_t)i + 1,
						 "text", say(options, log->notes[i])));
	return array;
}

static json_t *log_json(const struct story_log *log, const struct render_options *options)
{
	json_t *json = json_object(), *lines = json_array();

	for (size_t i = 0; i < log->lines.count; i++)
		json_array_append_new(lines, json_text(log->lines.items[i]));
	json_object_set_new(json, "container", json_text(log->container));
	json_object_set_new(json, "previous", json_boolean(log->previous));
	json_object_set_new(json, "excerpt", json_boolean(log->excerpt));
	json_object_set_new(json, "lines", lines);
	json_object_set_new(json, "matches", means_json(&log->means));
	json_object_set_new(json, "notes", notes_json(log, options));
	json_object_set_new(json, "error", json_text(log->error));
	return json;
}

static json_t *logs_json(const struct pod_story *story,
			 const struct render_options *options)
{
	json_t *array = json_array();

	for (size_t i = 0; i < story->log_count; i++)
		json_array_append_new(array, log_json(&story->logs[i], options));
	return array;
}

static json_t *components_json(const struct pod_story *story,
			       const struct render_options *options)
{
	json_t *array = json_array();

	for (size_t i = 0; i < story->component_count; i++) {
		const struct component *component = &story->components[i];
		json_t *json = json_object();

		json_object_set_new(json, "role",
				    json_text(say(options, &component->role)));
		json_object_set_new(json, "object", json_text(component->object));
		json_object_set_new(json, "state",
				    json_string(component_state_names[component->state]));
		json_object_set_new(json, "detail",
				    json_text(say(options, &component->detail)));
		json_array_append_new(array, json);
	}
	return array;
}

void render_pod_json(const struct pod_story *story, const struct render_options *options,
		     FILE *out)
{
	struct arena scratch = { 0 };
	json_auto_t *json = json_object();

	json_object_set_new(json, "schema", json_string("wasmdiag.pod/1"));
	json_object_set_new(json, "tool", json_string(WASMDIAG_VERSION));
	json_object_set_new(json, "exit", json_integer(story->report->exit_status));
	json_object_set_new(json, "namespace", json_text(story->namespace));
	json_object_set_new(json, "name", json_text(story->name));
	json_object_set_new(json, "status", json_text(pod_status(story)));
	json_object_set_new(json, "taken", json_integer(report_now(story->report)));
	json_object_set_new(json, "pod", row_json(&pod_record, story->pod));
	json_object_set_new(json, "events", events_json(story));
	json_object_set_new(json, "logs", logs_json(story, options));
	json_object_set_new(json, "node", row_json(&node_record, story->node));
	json_object_set_new(json, "node_usage",
			    row_json(&node_metrics_record, story->usage));
	json_object_set_new(json, "components", components_json(story, options));
	json_object_set_new(json, "report",
			    report_json(&scratch, options, story->report));
	json_object_set_new(json, "elsewhere",
			    json_integer((json_int_t)story->elsewhere));
	json_print(json, JSON_INDENT(2), out);
	arena_free(&scratch);
}
