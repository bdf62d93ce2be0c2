// SPDX-License-Identifier: Apache-2.0
/* How long the images of Wasm pods took to pull (facts F), out of events. */
#include "collect/pulls.h"

#include <stdlib.h>
#include <string.h>

#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#include "collect/cluster_private.h"
#include "quantity.h"

#define PULLS_KEPT 1000

/* The pods whose pulls matter, in order, so that each event finds its pod at once. */
struct pull_reader {
	struct cluster *cluster;
	const struct pod **pods;
	size_t pod_count;
	size_t request_count;
};

static int compare_names(const char *namespace, const char *name, const struct pod *pod)
{
	int order = strcmp(text_or_empty(namespace), text_or_empty(pod->namespace));

	return order ? order : strcmp(text_or_empty(name), text_or_empty(pod->name));
}

static int compare_pods(const void *left, const void *right)
{
	const struct pod *pod = *(const struct pod *const *)left;

	return compare_names(pod->namespace, pod->name,
			     *(const struct pod *const *)right);
}

static void find_pods(struct pull_reader *reader)
{
	struct facts *facts = reader->cluster->facts;

	for (size_t i = 0; i < facts->pod_count; i++) {
		const struct pod *pod = &facts->pods[i];

		/* which class runs it is for checks to say */
		if (!pod->name || !(pod->runtime_class || pod_asks_for_wasm(pod)))
			continue;
		reader->pods = arena_grow(reader->cluster->arena, reader->pods,
					  reader->pod_count, sizeof(const struct pod *));
		reader->pods[reader->pod_count++] = pod;
	}
	if (reader->pod_count)
		qsort(reader->pods, reader->pod_count, sizeof(const struct pod *),
		      compare_pods);
}

static int compare_key(const void *key, const void *item)
{
	const struct pull *pull = key;

	return compare_names(pull->namespace, pull->pod,
			     *(const struct pod *const *)item);
}

/* The event is about a pod that there is, not about one of that name before. */
static bool is_of_ours(const struct pull_reader *reader, const struct pull *pull)
{
	const struct pod *const *found = bsearch(pull, reader->pods, reader->pod_count,
						 sizeof(const struct pod *), compare_key);

	return found && (!pull->pod_uid || !(*found)->uid ||
			 text_equal(pull->pod_uid, (*found)->uid));
}

static const char *text_at(struct arena *arena, const json_t *object, const char *key)
{
	return arena_string(arena, json_string_value(json_object_get(object, key)));
}

static int64_t time_at(const json_t *event)
{
	const char *text = json_string_value(json_object_get(event, "lastTimestamp"));

	if (!text)
		text = json_string_value(json_object_get(event, "eventTime"));
	return text ? time_parse(text) : UNSET;
}

static void keep_pull(void *context, json_t *event)
{
	struct pull_reader *reader = context;
	struct arena *arena = reader->cluster->arena;
	struct facts *facts = reader->cluster->facts;
	const json_t *object = json_object_get(event, "involvedObject");
	const char *message = json_string_value(json_object_get(event, "message"));
	struct arena_mark mark = arena_mark(arena);
	struct pull pull = {
		.namespace = text_at(arena, object, "namespace"),
		.pod = text_at(arena, object, "name"),
		.pod_uid = text_at(arena, object, "uid"),
		.node = text_at(arena, json_object_get(event, "source"), "host"),
		.finished = time_at(event),
	};

	if (facts->pull_count >= PULLS_KEPT || !message || !is_of_ours(reader, &pull) ||
	    !pull_parse(message, &pull, arena)) {
		arena_rewind(arena, mark);
		return;
	}
	facts->pulls =
		arena_grow(arena, facts->pulls, facts->pull_count, sizeof(*facts->pulls));
	facts->pulls[facts->pull_count++] = pull;
}

static void forget_pulls(void *context)
{
	struct pull_reader *reader = context;

	reader->cluster->facts->pull_count = 0;
}

static int64_t whole_time(const struct pull *pull)
{
	return pull->took_ms + (pull->waited_ms > 0 ? pull->waited_ms : 0);
}

/* The slowest first; then by pod, so that the order is the same every time. */
static int compare_pulls(const void *left, const void *right)
{
	const struct pull *a = left, *b = right;
	int64_t more = whole_time(b) - whole_time(a);
	int order;

	if (more)
		return more > 0 ? 1 : -1;
	order = strcmp(text_or_empty(a->namespace), text_or_empty(b->namespace));
	return order ? order : strcmp(text_or_empty(a->pod), text_or_empty(b->pod));
}

static struct kube_request ask_all(void)
{
	const struct resource *resource = find_resource(FACT_PULLS);

	return (struct kube_request){
		.kind = KUBE_LIST,
		.path = resource->paths[0],
		.query = resource->query,
		.first_page = EVENTS_PAGE,
		.on_restart = forget_pulls,
	};
}

static void add(struct pull_reader *reader, struct kube_request request)
{
	static const char *const paths[] = {
		"involvedObject.namespace",
		"involvedObject.name",
		"involvedObject.uid",
		"source.host",
		"lastTimestamp",
		"eventTime",
		"message",
	};

	request.paths = paths;
	request.path_count = ARRAY_SIZE(paths);
	request.on_item = keep_pull;
	request.context = reader;
	*add_request(reader->cluster) = request;
	reader->request_count++;
}

static void *ask(struct cluster *cluster)
{
	struct facts *facts = cluster->facts;
	struct source *source = &facts->source[FACT_PULLS];
	struct pull_reader *reader;

	if (!(cluster->needs & NEED(FACT_PULLS)))
		return NULL;
	*source = (struct source){ FACT_KNOWN, NULL };
	reader = arena_alloc(cluster->arena, sizeof(*reader));
	reader->cluster = cluster;
	find_pods(reader);
	if (reader->pod_count == 0)
		return NULL;
	/* the same right: it has been refused, and noted, already */
	if (facts->source[FACT_EVENTS].state == FACT_DENIED) {
		*source = facts->source[FACT_EVENTS];
		return NULL;
	}
	/* all at once, or, of a node that is asked about alone, pod by pod */
	if (!cluster->only_node)
		add(reader, ask_all());
	for (size_t i = 0; cluster->only_node && i < reader->pod_count; i++)
		if (i < NODE_PODS)
			add(reader,
			    ask_pod_events(cluster, "reason=Pulled,", reader->pods[i]));
	return reader;
}

static void take(struct cluster *cluster, void *context,
		 const struct kube_request *requests)
{
	const struct pull_reader *reader = context;
	struct facts *facts = cluster->facts;

	settle_worst(cluster, FACT_PULLS, requests, reader->request_count);
	if (facts->pull_count)
		qsort(facts->pulls, facts->pull_count, sizeof(*facts->pulls),
		      compare_pulls);
}

const struct follow_up follow_pulls = { ask, take };
