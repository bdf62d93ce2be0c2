// SPDX-License-Identifier: Apache-2.0
/* The last words of containers that are not well, through the API; and whether one that
 * ended at once, as if all were well, had any. */
#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#include "collect/cluster_private.h"
#include "patterns.h"
#include "scrub.h"

#define LOG_LIMIT   20 /* containers that ended badly */
#define QUICK_LIMIT 8 /* containers that ended well, and at once */
#define QUICK       1 /* seconds */
#define BYTES_LIMIT 65536 /* of each log */
#define LINES_LIMIT 12 /* kept of each */
#define LINE_LIMIT  512 /* bytes */

struct log_reader {
	struct cluster *cluster;
	struct log_excerpt excerpt;
	char line[LINE_LIMIT];
	size_t length;
	bool follows; /* the line before was kept: details may follow */
	bool quick; /* only asked whether it wrote anything */
	bool wrote;
	int64_t since; /* when the instance began */
};

struct log_readers {
	struct log_reader items[LOG_LIMIT + QUICK_LIMIT];
	size_t count;
};

static void keep_line(struct log_reader *reader)
{
	struct string_list *lines = &reader->excerpt.lines;

	reader->line[reader->length] = '\0';
	reader->follows = pattern_wants(reader->line) ||
			  (reader->follows && pattern_continues(reader->line));
	if (!reader->follows || lines->count >= LINES_LIMIT)
		return;
	lines->items = arena_grow(reader->cluster->arena, lines->items, lines->count,
				  sizeof(*lines->items));
	scrub(reader->line);
	lines->items[lines->count++] = arena_string(reader->cluster->arena, reader->line);
}

static void read_log(void *context, const char *bytes, size_t length)
{
	struct log_reader *reader = context;

	reader->wrote |= length > 0;
	if (reader->quick)
		return;
	for (size_t i = 0; i < length; i++) {
		if (bytes[i] == '\n') {
			keep_line(reader);
			reader->length = 0;
		} else if (reader->length + 1 < sizeof(reader->line)) {
			reader->line[reader->length++] = bytes[i];
		}
	}
}

static const struct termination *last_end(const struct container_status *status)
{
	return status->now.exit_code != UNSET ? &status->now : &status->last;
}

static void ask_log(struct cluster *cluster, struct log_readers *readers,
		    const struct pod *pod, const struct container_status *status)
{
	struct log_reader *reader = &readers->items[readers->count++];
	/* the instance that ended: the one before, when another waits or runs */
	bool previous = status->now.exit_code == UNSET;
	bool quick = last_end(status)->exit_code == 0;

	*reader = (struct log_reader){
		.cluster = cluster,
		.excerpt = {
			.namespace = pod->namespace,
			.pod = pod->name,
			.pod_uid = pod->uid,
			.container = status->name,
			.restart = previous ? status->restarts - 1 : status->restarts,
		},
		.quick = quick,
		.since = last_end(status)->started,
	};
	*add_request(cluster) = (struct kube_request){
		.kind = KUBE_TEXT,
		.path = arena_format(cluster->arena, "/api/v1/namespaces/%s/pods/%s/log",
				     pod->namespace, pod->name),
		.query = arena_format(
			cluster->arena, "container=%s&tailLines=%d&limitBytes=%d%s",
			text_or_empty(status->name), quick ? 1 : 200,
			quick ? 1 : BYTES_LIMIT, previous ? "&previous=true" : ""),
		.on_text = read_log,
		.context = reader,
		.byte_limit = (size_t)4 * BYTES_LIMIT,
	};
}

/* It ended badly, now or the last time. */
static bool ended_badly(const struct pod *pod, const struct container_status *status)
{
	const struct termination *end = last_end(status);

	(void)pod;
	return end->exit_code != UNSET && end->exit_code != 0;
}

/*
 * It ended at once, and well, for all one can tell: crun with WasmEdge makes 0 of any
 * exit code (facts A6).  Of pods that ask for WebAssembly only.
 */
static bool ended_quickly(const struct pod *pod, const struct container_status *status)
{
	const struct termination *end = last_end(status);

	return pod_asks_for_wasm(pod) && status->running_since == UNSET &&
	       end->exit_code == 0 && end->started != UNSET && end->finished != UNSET &&
	       end->finished >= end->started && end->finished - end->started <= QUICK;
}

/* Ask for the logs of containers of that kind, limit of them; those of our own node we
 * read there. */
static void ask_logs(struct cluster *cluster, struct log_readers *readers,
		     bool (*asked)(const struct pod *, const struct container_status *),
		     size_t limit)
{
	const struct facts *facts = cluster->facts;

	limit += readers->count;
	for (size_t i = 0; i < facts->pod_count; i++) {
		const struct pod *pod = &facts->pods[i];

		if (!pod->namespace || !pod->name ||
		    (cluster->host_has_logs && text_equal(pod->node, cluster->own_node)))
			continue;
		for (size_t j = 0; j < pod->status_count + pod->init_status_count; j++) {
			const struct container_status *status =
				j < pod->status_count
					? &pod->statuses[j]
					: &pod->init_statuses[j - pod->status_count];

			if (readers->count < limit && asked(pod, status))
				ask_log(cluster, readers, pod, status);
		}
	}
}

static void keep_excerpt(struct cluster *cluster, struct log_reader *reader)
{
	struct facts *facts = cluster->facts;

	if (reader->length)
		keep_line(reader);
	if (reader->excerpt.lines.count == 0)
		return;
	facts->logs = arena_grow(cluster->arena, facts->logs, facts->log_count,
				 sizeof(*facts->logs));
	facts->logs[facts->log_count++] = reader->excerpt;
}

static void keep_silence(struct cluster *cluster, const struct log_reader *reader)
{
	const struct log_excerpt *of = &reader->excerpt;
	struct facts *facts = cluster->facts;

	facts->silent_logs =
		arena_grow(cluster->arena, facts->silent_logs, facts->silent_log_count,
			   sizeof(*facts->silent_logs));
	facts->silent_logs[facts->silent_log_count++] = (struct silent_log){
		.namespace = of->namespace,
		.pod = of->pod,
		.pod_uid = of->pod_uid,
		.container = of->container,
		.restart = of->restart,
		.since = reader->since,
	};
}

static void *ask(struct cluster *cluster)
{
	struct log_readers *readers;

	if (!(cluster->needs & NEED(FACT_LOGS)))
		return NULL;
	cluster->facts->source[FACT_LOGS] = (struct source){ FACT_KNOWN, NULL };
	readers = arena_alloc(cluster->arena, sizeof(*readers));
	ask_logs(cluster, readers, ended_badly, LOG_LIMIT);
	ask_logs(cluster, readers, ended_quickly, QUICK_LIMIT);
	return readers;
}

static void take(struct cluster *cluster, void *context,
		 const struct kube_request *requests)
{
	struct source *source = &cluster->facts->source[FACT_LOGS];
	struct log_readers *readers = context;

	for (size_t i = 0; i < readers->count; i++) {
		const struct kube_request *request = &requests[i];

		/* a log that is gone, or whose node is away (500), costs itself only */
		if (request->result.outcome == OUTCOME_FORBIDDEN &&
		    source->state == FACT_KNOWN)
			settle_source(cluster, source, find_resource(FACT_LOGS), request);
		keep_excerpt(cluster, &readers->items[i]);
		if (readers->items[i].quick && !readers->items[i].wrote &&
		    request->result.outcome == OUTCOME_OK)
			keep_silence(cluster, &readers->items[i]);
	}
}

const struct follow_up follow_api_logs = { ask, take };
