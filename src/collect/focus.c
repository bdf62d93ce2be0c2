// SPDX-License-Identifier: Apache-2.0
#include "collect/focus.h"

#include <stdlib.h>

#include <wasmdiag/text.h>

#include "collect/kube.h"
#include "collect/resources.h"
#include "facts_rows.h"
#include "log_text.h"
#include "patterns.h"
#include "scrub.h"

#define LOGS_MAX   16 /* two instances of eight containers */
#define EVENTS_MAX 500
#define TAIL_BYTES 8192 /* of each log */
#define LINE_BYTES 512 /* kept of a line */

struct focus_reader {
	struct kube_client *client;
	struct arena *arena;
	struct facts *facts;
	struct focus *focus;
	struct pod *found; /* the pod that was asked for by name */
};

/* The end of a log as it comes. */
struct tail {
	struct focus_log *log;
	size_t length;
	char bytes[TAIL_BYTES + 1];
};

static void settle(struct focus_reader *reader, struct source *source,
		   const struct kube_request *request)
{
	const struct kube_result *result = &request->result;

	if (result->outcome == OUTCOME_OK) {
		*source = (struct source){ FACT_KNOWN, NULL };
		return;
	}
	source->state = result->outcome == OUTCOME_FORBIDDEN ? FACT_DENIED
			: result->outcome == OUTCOME_ABSENT  ? FACT_ABSENT
							     : FACT_FAILED;
	source->reason = arena_string(reader->arena, result->error.text);
}

/* ---- the pod and its events ---- */

static void keep_pod(void *context, json_t *item)
{
	struct focus_reader *reader = context;

	reader->found = arena_alloc(reader->arena, sizeof(*reader->found));
	record_decode(&pod_record, item, reader->found, reader->arena);
}

static void keep_event(void *context, json_t *item)
{
	struct focus_reader *reader = context;
	struct focus *focus = reader->focus;

	if (focus->event_count >= EVENTS_MAX)
		return;
	focus->events = arena_grow(reader->arena, focus->events, focus->event_count,
				   sizeof(*focus->events));
	record_decode(&event_record, item, &focus->events[focus->event_count++],
		      reader->arena);
}

static void forget_events(void *context)
{
	struct focus_reader *reader = context;

	reader->focus->event_count = 0;
}

static struct kube_request list_of(struct focus_reader *reader, const char *resource,
				   const char *selector, const struct record *record)
{
	const struct focus *focus = reader->focus;
	struct kube_request request = {
		.kind = KUBE_LIST,
		.first_page = EVENTS_PAGE,
		.path = arena_format(reader->arena, "/api/v1/namespaces/%s/%s",
				     focus->namespace, resource),
		.query = arena_format(reader->arena, "fieldSelector=%s%s", selector,
				      focus->name),
		.context = reader,
	};

	request.paths = record_paths(record, reader->arena, &request.path_count);
	return request;
}

static void ask_pod(struct focus_reader *reader)
{
	struct focus *focus = reader->focus;
	struct facts *facts = reader->facts;
	struct kube_request requests[2];

	requests[0] = list_of(reader, "pods", "metadata.name=", &pod_record);
	requests[0].on_item = keep_pod;
	requests[1] =
		list_of(reader, "events",
			"involvedObject.kind=Pod,involvedObject.name=", &event_record);
	requests[1].on_item = keep_event;
	requests[1].on_restart = forget_events;
	kube_run(reader->client, requests, ARRAY_SIZE(requests));
	settle(reader, &focus->pod_source, &requests[0]);
	settle(reader, &focus->events_source, &requests[1]);
	if (!reader->found || find_pod(facts, focus->namespace, focus->name))
		return;
	facts->pods = arena_grow(reader->arena, facts->pods, facts->pod_count,
				 sizeof(*facts->pods));
	facts->pods[facts->pod_count++] = *reader->found;
}

/* ---- logs ---- */

static void read_tail(void *context, const char *bytes, size_t length)
{
	struct tail *tail = context;
	size_t room = TAIL_BYTES - tail->length;

	if (length > room)
		length = room;
	memcpy(tail->bytes + tail->length, bytes, length);
	tail->length += length;
}

static void add_line(struct arena *arena, struct string_list *lines, char *line,
		     size_t length)
{
	char *copy;

	length = log_text_plain(line, length);
	copy = arena_copy(arena, line, length > LINE_BYTES ? LINE_BYTES : length);
	scrub(copy);
	lines->items = arena_grow(arena, lines->items, lines->count, sizeof(char *));
	lines->items[lines->count++] = copy;
}

static void split_tail(struct arena *arena, struct tail *tail)
{
	struct string_list *lines = &tail->log->lines;
	char *at = tail->bytes, *end = tail->bytes + tail->length;

	lines->count = 0;
	while (at < end) {
		char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t length = (size_t)((newline ? newline : end) - at);

		add_line(arena, lines, at, length);
		at += length + 1;
	}
}

static void add_log(struct focus *focus, struct arena *arena,
		    const struct container_status *status, bool previous)
{
	if (focus->log_count == LOGS_MAX || !status->name)
		return;
	focus->logs =
		arena_grow(arena, focus->logs, focus->log_count, sizeof(*focus->logs));
	focus->logs[focus->log_count++] =
		(struct focus_log){ .container = status->name, .previous = previous };
}

/* The instances that have something to say: the one before, and the one that is. */
static void add_logs(struct focus *focus, struct arena *arena,
		     const struct container_status *statuses, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct container_status *status = &statuses[i];
		bool ended = status->now.exit_code != UNSET;

		if (!ended && status->restarts > 0)
			add_log(focus, arena, status, true);
		if (ended || status->running_since != UNSET)
			add_log(focus, arena, status, false);
	}
}

static struct kube_request ask_log(struct focus_reader *reader, struct tail *tail,
				   int lines)
{
	const struct focus *focus = reader->focus;

	tail->length = 0;
	return (struct kube_request){
		.kind = KUBE_TEXT,
		.path = arena_format(reader->arena, "/api/v1/namespaces/%s/pods/%s/log",
				     focus->namespace, focus->name),
		.query = arena_format(reader->arena,
				      "container=%s&tailLines=%d&limitBytes=%d%s",
				      tail->log->container, lines, TAIL_BYTES,
				      tail->log->previous ? "&previous=true" : ""),
		.on_text = read_tail,
		.context = tail,
		.byte_limit = (size_t)4 * TAIL_BYTES,
	};
}

/*
 * kubelet counts limitBytes from where the tail begins: of long lines it would leave out
 * the end, which is what matters.  Those are asked for again, fewer lines of them.
 */
static void ask_logs(struct focus_reader *reader, struct tail *tails)
{
	static const int lines[] = { FOCUS_LINES, 5, 1 };
	struct focus *focus = reader->focus;
	struct kube_request requests[LOGS_MAX];
	struct tail *asked[LOGS_MAX];

	for (size_t round = 0; round < ARRAY_SIZE(lines); round++) {
		size_t count = 0;

		for (size_t i = 0; i < focus->log_count; i++) {
			tails[i].log = &focus->logs[i];
			if (round > 0 && !focus->logs[i].cut)
				continue;
			requests[count] = ask_log(reader, &tails[i], lines[round]);
			asked[count++] = &tails[i];
		}
		kube_run(reader->client, requests, count);
		for (size_t i = 0; i < count; i++) {
			struct focus_log *log = asked[i]->log;

			log->cut = asked[i]->length == TAIL_BYTES;
			if (requests[i].result.outcome == OUTCOME_OK)
				split_tail(reader->arena, asked[i]);
			else
				log->error = arena_string(reader->arena,
							  requests[i].result.error.text);
		}
	}
}

static bool has_excerpt(const struct facts *facts, const struct focus *focus,
			const char *container)
{
	for (size_t i = 0; i < facts->log_count; i++)
		if (text_equal(facts->logs[i].pod, focus->name) &&
		    text_equal(facts->logs[i].namespace, focus->namespace) &&
		    text_equal(facts->logs[i].container, container))
			return true;
	return false;
}

/* Checks read the logs of some pods only: let them have what this one said. */
static void share_log(struct focus_reader *reader, const struct pod *pod,
		      const struct focus_log *log)
{
	struct facts *facts = reader->facts;
	struct arena *arena = reader->arena;
	struct log_excerpt excerpt = {
		.namespace = pod->namespace,
		.pod = pod->name,
		.pod_uid = pod->uid,
		.container = log->container,
	};
	bool wanted = false;

	for (size_t i = 0; i < log->lines.count; i++) {
		const char *line = log->lines.items[i];

		wanted = pattern_wants(line) || (wanted && pattern_continues(line));
		if (!wanted)
			continue;
		excerpt.lines.items = arena_grow(arena, excerpt.lines.items,
						 excerpt.lines.count, sizeof(char *));
		excerpt.lines.items[excerpt.lines.count++] = line;
	}
	for (size_t i = 0; i < pod->status_count; i++)
		if (text_equal(pod->statuses[i].name, log->container))
			excerpt.restart = pod->statuses[i].restarts - log->previous;
	if (excerpt.lines.count == 0)
		return;
	facts->logs =
		arena_grow(arena, facts->logs, facts->log_count, sizeof(*facts->logs));
	facts->logs[facts->log_count++] = excerpt;
}

/* Of the instance that ended; the first of two is the one before. */
static void share_logs(struct focus_reader *reader, const struct pod *pod)
{
	const struct focus *focus = reader->focus;

	if (reader->facts->source[FACT_LOGS].state != FACT_KNOWN ||
	    (focus->own_node && text_equal(pod->node, focus->own_node)))
		return;
	for (size_t i = 0; i < focus->log_count; i++)
		if (!has_excerpt(reader->facts, focus, focus->logs[i].container))
			share_log(reader, pod, &focus->logs[i]);
}

void focus_collect(struct kube_client *client, struct arena *arena, struct facts *facts,
		   struct focus *focus)
{
	struct focus_reader reader = { client, arena, facts, focus, NULL };
	const struct pod *pod;
	struct tail *tails;

	ask_pod(&reader);
	pod = find_pod(facts, focus->namespace, focus->name);
	if (!pod)
		return;
	add_logs(focus, arena, pod->init_statuses, pod->init_status_count);
	add_logs(focus, arena, pod->statuses, pod->status_count);
	tails = arena_array(arena, LOGS_MAX, sizeof(*tails));
	ask_logs(&reader, tails);
	share_logs(&reader, pod);
}
