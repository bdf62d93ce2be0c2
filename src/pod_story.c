// SPDX-License-Identifier: Apache-2.0
#include "pod_story.h"

#include <stdlib.h>

#include <wasmdiag/host.h>
#include <wasmdiag/text.h>

#include "pod_components.h"
#include "wasi_error.h"

const char *const component_state_names[COMPONENT_STATE_COUNT] = {
	[COMPONENT_OK] = "ok",
	[COMPONENT_BAD] = "bad",
	[COMPONENT_UNKNOWN] = "unknown",
	[COMPONENT_UNUSED] = "unused",
};

static bool is_of(const struct pod_story *story, const char *namespace, const char *name)
{
	return text_equal(story->name, name) && text_equal(story->namespace, namespace);
}

/* ---- events ---- */

static int compare_events(const void *left, const void *right)
{
	const struct event *a = ((const struct story_event *)left)->event;
	const struct event *b = ((const struct story_event *)right)->event;

	if (a->last != b->last)
		return a->last < b->last ? -1 : 1;
	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return strcmp(text_or_empty(a->message), text_or_empty(b->message));
}

static void add_event(struct pod_story *story, struct arena *arena,
		      const struct event *event)
{
	struct story_event *added;

	story->events = arena_grow(arena, story->events, story->event_count,
				   sizeof(*story->events));
	added = &story->events[story->event_count++];
	added->event = event;
	pattern_best_of(arena_format(arena, "%s %s", text_or_empty(event->reason),
				     text_or_empty(event->message)),
			&added->means);
}

/* Those that were asked for, else what the facts have of it. */
static void tell_events(struct pod_story *story, const struct focus *focus,
			struct arena *arena)
{
	const struct facts *facts = story->facts;
	bool asked = focus->events_source.state == FACT_KNOWN;

	story->warnings_only = !asked;
	story->events_source = asked ? focus->events_source : facts->source[FACT_EVENTS];
	for (size_t i = 0; asked && i < focus->event_count; i++)
		add_event(story, arena, &focus->events[i]);
	for (size_t i = 0; !asked && i < facts->event_count; i++) {
		const struct event *event = &facts->events[i];

		if (text_equal(event->kind, "Pod") &&
		    is_of(story, event->namespace, event->name))
			add_event(story, arena, event);
	}
	if (story->event_count)
		qsort(story->events, story->event_count, sizeof(*story->events),
		      compare_events);
}

/* ---- logs ---- */

static struct matches meaning_of(const struct string_list *lines, struct arena *arena)
{
	struct match_text *text = match_text_new(arena);

	for (size_t i = 0; i < lines->count; i++) {
		const char *line = text_or_empty(lines->items[i]);

		match_text_feed(text, line, strcspn(line, "\n"));
		match_text_feed(text, "\n", 1);
	}
	return match_text_end(text);
}

/* The numbers are WASI's: a native program's mean other things. */
static bool may_be_wasm(const struct pod *pod)
{
	return pod && (pod->runtime_class || pod->annotation_count > 0);
}

static void add_log(struct pod_story *story, struct arena *arena, struct story_log log)
{
	log.notes = arena_array(arena, log.lines.count, sizeof(*log.notes));
	for (size_t i = 0; i < log.lines.count && may_be_wasm(story->pod); i++)
		log.notes[i] = wasi_error_in(text_or_empty(log.lines.items[i]));
	log.means = meaning_of(&log.lines, arena);
	story->logs =
		arena_grow(arena, story->logs, story->log_count, sizeof(*story->logs));
	story->logs[story->log_count++] = log;
}

static bool was_before(const struct pod *pod, const struct log_excerpt *excerpt)
{
	for (size_t i = 0; pod && i < pod->status_count; i++)
		if (text_equal(pod->statuses[i].name, excerpt->container))
			return excerpt->restart < pod->statuses[i].restarts;
	return false;
}

static void add_excerpts(struct pod_story *story, struct arena *arena,
			 const struct log_excerpt *excerpts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_of(story, excerpts[i].namespace, excerpts[i].pod))
			add_log(story, arena,
				(struct story_log){
					.container = excerpts[i].container,
					.previous = was_before(story->pod, &excerpts[i]),
					.excerpt = true,
					.lines = excerpts[i].lines,
				});
}

static void tell_logs(struct pod_story *story, const struct focus *focus,
		      struct arena *arena)
{
	const struct facts *facts = story->facts;

	for (size_t i = 0; i < focus->log_count; i++) {
		const struct focus_log *log = &focus->logs[i];

		add_log(story, arena,
			(struct story_log){ .container = log->container,
					    .previous = log->previous,
					    .cut = log->cut,
					    .lines = log->lines,
					    .error = log->error });
	}
	if (story->log_count)
		return;
	add_excerpts(story, arena, facts->logs, facts->log_count);
	for (size_t i = 0; i < facts->host_count; i++)
		add_excerpts(story, arena, facts->hosts[i].logs,
			     facts->hosts[i].log_count);
}

/* ---- the node ---- */

static const struct node_metrics *find_usage(const struct facts *facts, const char *node)
{
	for (size_t i = 0; node && i < facts->node_metrics_count; i++)
		if (text_equal(facts->node_metrics[i].name, node))
			return &facts->node_metrics[i];
	return NULL;
}

/* Where it runs, or ran: kubelet's events name their host. */
static const char *node_of(const struct pod_story *story)
{
	if (story->pod && story->pod->node)
		return story->pod->node;
	for (size_t i = story->event_count; !story->pod && i > 0; i--)
		if (find_node(story->facts, story->events[i - 1].event->host))
			return story->events[i - 1].event->host;
	return NULL;
}

static void tell_node(struct pod_story *story)
{
	const struct facts *facts = story->facts;

	story->node_name = node_of(story);
	story->node = find_node(facts, story->node_name);
	story->usage = find_usage(facts, story->node_name);
	story->host = find_host(facts, story->node_name);
}

/* ---- what the checks say of it ---- */

static bool is_this_pod(const struct pod_story *story, const struct subject *subject)
{
	return text_equal(subject->kind, "Pod") &&
	       is_of(story, subject->namespace, subject->name);
}

static bool value_names(const struct finding *finding, const char *key, const char *name)
{
	const char *value = finding_get(finding, key);

	return value && text_equal(value, name);
}

static bool is_about(const struct finding *finding, const void *context)
{
	const struct pod_story *story = context;
	const struct subject *subject = &finding->subject;
	const char *class = story->pod ? story->pod->runtime_class : NULL;

	if (is_this_pod(story, subject))
		return true;
	for (size_t i = 0; i < finding->witness_count; i++)
		if (is_this_pod(story, &finding->witnesses[i]))
			return true;
	if (text_equal(subject->kind, "Node"))
		return text_equal(subject->name, story->node_name);
	if (text_equal(subject->kind, "RuntimeClass"))
		return class && text_equal(subject->name, class);
	return value_names(finding, "pod", story->name) &&
	       value_names(finding, "namespace", story->namespace);
}

static size_t count_open(const struct report *report)
{
	size_t count = 0;

	for (size_t i = 0; i < report->finding_count; i++)
		count += finding_is_open(report->findings[i]);
	return count;
}

bool pod_story_tell(struct pod_story *story, const struct focus *focus,
		    struct report *report)
{
	struct arena *arena = report->arena;
	size_t all = count_open(report);

	*story = (struct pod_story){
		.namespace = focus->namespace,
		.name = focus->name,
		.facts = report->facts,
		.report = report,
	};
	story->pod = find_pod(story->facts, story->namespace, story->name);
	tell_events(story, focus, arena);
	if (!story->pod && story->event_count == 0)
		return false;
	tell_logs(story, focus, arena);
	tell_node(story);
	tell_components(story, arena);
	report_keep(report, is_about, story);
	story->elsewhere = all - count_open(report);
	return true;
}
