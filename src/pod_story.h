// SPDX-License-Identifier: Apache-2.0
/*
 * The five steps of the troubleshooting guide's 11.7 for one pod, as data: its state, its
 * events, its logs, its node, the system components it needs; then what the checks say.
 * Renderers put it into words and decide nothing.
 */
#pragma once

#include "collect/focus.h"
#include "match_text.h"
#include "report.h"

struct story_event {
	const struct event *event;
	struct pattern_best means;
};

/* The end of a log, or what a snapshot has of it. */
struct story_log {
	const char *container;
	bool previous;
	bool excerpt; /* a snapshot keeps the lines that mean something, and no others */
	bool cut;
	struct string_list lines;
	const struct words **notes; /* on each line: its os error; NULL: none */
	const char *error;
	struct matches means; /* by number of line, from 1 */
};

enum component_state {
	COMPONENT_OK,
	COMPONENT_BAD,
	COMPONENT_UNKNOWN,
	COMPONENT_UNUSED, /* not there, and nothing here needs it */
	COMPONENT_STATE_COUNT,
};

extern const char *const component_state_names[COMPONENT_STATE_COUNT];

/* Something of the system that the pod needs. */
struct component {
	struct words role; /* "cluster DNS" */
	const char *object; /* "Service kube-system/kube-dns" */
	enum component_state state;
	struct words detail;
};

struct pod_story {
	const char *namespace;
	const char *name;
	const struct pod *pod; /* NULL: it is gone, its events remain */
	struct story_event *events; /* the oldest first */
	size_t event_count;
	struct source events_source;
	bool warnings_only; /* of a snapshot, which has no Normal events */
	struct story_log *logs;
	size_t log_count;
	const struct node *node; /* NULL: none yet, or not known */
	const char *node_name; /* also of a pod that is gone, by its events */
	const struct node_metrics *usage;
	const struct host *host; /* when we ran there */
	struct component *components;
	size_t component_count;
	const struct facts *facts;
	struct report *report; /* what is about this pod */
	size_t elsewhere; /* findings about other things, left out */
};

/*
 * Tell the story of the pod that focus names from what was learned; the report, of all
 * checks, is cut down to what is about it: its subject or witness is the pod, its
 * workload's finding lists it, or it is about its node or its RuntimeClass.  False when
 * there is neither a pod nor an event of it.
 */
bool pod_story_tell(struct pod_story *story, const struct focus *focus,
		    struct report *report) __attribute__((nonnull));
