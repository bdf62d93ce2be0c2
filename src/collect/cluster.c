// SPDX-License-Identifier: Apache-2.0
#include "collect/cluster.h"

#include <stdio.h>
#include <time.h>

#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#include "collect/cluster_private.h"

#define READYZ_KEPT     32
#define READYZ_LIMIT    65536 /* bytes */
#define SERVER_REQUESTS 2

/* One resource being asked for. */
struct question {
	struct cluster *cluster;
	const struct resource *resource;
	bool cut; /* more came than is kept */
};

/* What /readyz?verbose says, line by line. */
struct readyz {
	struct cluster *cluster;
	char line[256];
	size_t length;
};

const struct resource *find_resource(enum fact fact)
{
	for (size_t i = 0; i < resource_count; i++)
		if (resources[i].fact == fact)
			return &resources[i];
	return NULL;
}

static void add_denial(struct cluster *cluster, const struct resource *resource)
{
	struct facts *facts = cluster->facts;
	struct denial denial = {
		.verb = resource->verbs,
		.group = resource->group,
		.resource = resource->name,
		.url = resource->name ? NULL : resource->paths[0],
	};

	facts->denials = arena_grow(cluster->arena, facts->denials, facts->denial_count,
				    sizeof(*facts->denials));
	facts->denials[facts->denial_count++] = denial;
}

void settle_source(struct cluster *cluster, struct source *source,
		   const struct resource *resource, const struct kube_request *request)
{
	const char *why = arena_string(cluster->arena, request->result.error.text);

	switch (request->result.outcome) {
	case OUTCOME_OK:
		*source = (struct source){ FACT_KNOWN, NULL };
		break;
	case OUTCOME_ABSENT:
		*source = (struct source){ FACT_ABSENT, why };
		break;
	case OUTCOME_FORBIDDEN:
		if (resource)
			add_denial(cluster, resource);
		*source = (struct source){ FACT_DENIED, why };
		break;
	default:
		*source = (struct source){ FACT_FAILED, why };
		break;
	}
}

/* ---- lists ---- */

static size_t *list_count(const struct question *question)
{
	return (size_t *)((char *)question->cluster->facts +
			  question->resource->count_offset);
}

static const struct record *glance_record(const struct resource *resource)
{
	return resource->glance ? resource->glance : resource->record;
}

/* May a check have something to say about it?  Most pods leave no trace. */
static bool glance(void *context, json_t *item)
{
	struct question *question = context;
	const struct resource *resource = question->resource;
	struct cluster *cluster = question->cluster;
	struct arena_mark mark = arena_mark(&cluster->passing);
	bool is_pod = resource->fact == FACT_PODS, wanted;
	const struct record *record = glance_record(resource);
	void *seen;

	if (is_pod)
		cluster->facts->pods_seen++;
	if (*list_count(question) >= resource->keep_limit) {
		question->cut = true;
		cluster->loads.incomplete |= is_pod;
		return false;
	}
	seen = arena_alloc(&cluster->passing, record->size);
	record_decode(record, item, seen, &cluster->passing);
	if (is_pod)
		node_loads_add(&cluster->loads, seen);
	wanted = resource->keep(seen);
	arena_rewind(&cluster->passing, mark);
	return wanted;
}

static void keep_item(void *context, json_t *item)
{
	struct question *question = context;
	const struct resource *resource = question->resource;
	struct cluster *cluster = question->cluster;
	void **list = (void **)((char *)cluster->facts + resource->offset);
	size_t *count = list_count(question), size = resource->record->size;

	if (*count >= resource->keep_limit) {
		question->cut = true;
		return;
	}
	*list = arena_regrow(cluster->arena, *list, *count, size);
	record_decode_shared(resource->record, item, (char *)*list + *count * size,
			     cluster->arena, cluster->pool);
	++*count;
}

/* The list begins again: what was kept of it stays in the arena, unseen. */
static void forget_items(void *context)
{
	struct question *question = context;

	*list_count(question) = 0;
	question->cut = false;
	if (question->resource->fact != FACT_PODS)
		return;
	question->cluster->facts->pods_seen = 0;
	node_loads_clear(&question->cluster->loads);
}

static void ask(struct question *question, struct kube_request *request)
{
	const struct resource *resource = question->resource;

	forget_items(question);
	*request = (struct kube_request){
		.kind = KUBE_LIST,
		.path = resource->paths[0],
		.older = &resource->paths[1],
		.query = resource->query,
		.first_page = resource->first_page,
		.on_item = keep_item,
		.on_restart = forget_items,
		.context = question,
	};
	request->paths = record_paths(resource->record, question->cluster->arena,
				      &request->path_count);
	if (resource->of_node && question->cluster->only_node)
		request->query =
			arena_format(question->cluster->arena, "%s%s", resource->of_node,
				     question->cluster->only_node);
	if (!resource->keep)
		return;
	request->glance = glance;
	request->glance_paths =
		record_paths(glance_record(resource), question->cluster->arena,
			     &request->glance_path_count);
}

/* More came than is kept: it is known, and not whole. */
static void note_cut(const struct question *question)
{
	const struct resource *resource = question->resource;
	struct source *source = &question->cluster->facts->source[resource->fact];

	if (question->cut && source->state == FACT_KNOWN)
		source->reason =
			arena_format(question->cluster->arena, "there are more than %zu",
				     resource->keep_limit);
}

/* Run the questions, in requests after extra other ones. */
static void ask_questions(struct cluster *cluster, struct question *questions,
			  size_t count, struct kube_request *requests, size_t extra)
{
	for (size_t i = 0; i < count; i++)
		ask(&questions[i], &requests[extra + i]);
	kube_run(cluster->client, requests, extra + count);
	for (size_t i = 0; i < count; i++) {
		const struct resource *resource = questions[i].resource;

		settle_source(cluster, &cluster->facts->source[resource->fact], resource,
			      &requests[extra + i]);
		note_cut(&questions[i]);
	}
}

/* ---- the server itself ---- */

static void read_version(void *context, json_t *object)
{
	struct cluster *cluster = context;
	const char *version = json_string_value(json_object_get(object, "gitVersion"));

	cluster->facts->server.version = arena_string(cluster->arena, version);
}

static void note_not_ready(struct readyz *readyz)
{
	struct string_list *list = &readyz->cluster->facts->server.not_ready;
	char name[sizeof(readyz->line)];

	readyz->line[readyz->length] = '\0';
	if (sscanf(readyz->line, "[-]%255s", name) != 1 || list->count >= READYZ_KEPT)
		return;
	list->items = arena_grow(readyz->cluster->arena, list->items, list->count,
				 sizeof(*list->items));
	list->items[list->count++] = arena_string(readyz->cluster->arena, name);
}

static void read_readyz(void *context, const char *bytes, size_t length)
{
	struct readyz *readyz = context;

	for (size_t i = 0; i < length; i++) {
		if (bytes[i] == '\n') {
			note_not_ready(readyz);
			readyz->length = 0;
		} else if (readyz->length + 1 < sizeof(readyz->line)) {
			readyz->line[readyz->length++] = bytes[i];
		}
	}
}

static void ask_server(struct cluster *cluster, struct readyz *readyz,
		       struct kube_request requests[SERVER_REQUESTS])
{
	static const char *const version_paths[] = { "gitVersion" };

	requests[0] = (struct kube_request){
		.kind = KUBE_OBJECT,
		.path = "/version",
		.paths = version_paths,
		.path_count = ARRAY_SIZE(version_paths),
		.on_item = read_version,
		.context = cluster,
	};
	requests[1] = (struct kube_request){
		.kind = KUBE_TEXT,
		.path = "/readyz",
		.query = "verbose",
		.on_text = read_readyz,
		.context = readyz,
		.byte_limit = READYZ_LIMIT,
	};
}

static enum server_outcome outcome_of(enum outcome outcome)
{
	switch (outcome) {
	case OUTCOME_OK:
		return SERVER_OK;
	case OUTCOME_UNRESOLVED:
		return SERVER_UNRESOLVED;
	case OUTCOME_UNREACHABLE:
		return SERVER_UNREACHABLE;
	case OUTCOME_TIMEOUT:
	case OUTCOME_NOT_SENT:
		return SERVER_TIMEOUT;
	case OUTCOME_TLS:
		return SERVER_TLS;
	case OUTCOME_UNAUTHORIZED:
		return SERVER_UNAUTHORIZED;
	case OUTCOME_FORBIDDEN:
		return SERVER_FORBIDDEN;
	case OUTCOME_ABSENT:
	case OUTCOME_NOT_KUBERNETES:
	case OUTCOME_MALFORMED:
		return SERVER_NOT_KUBERNETES;
	default:
		return SERVER_ERROR;
	}
}

/* /version is open to everybody on most servers: who we are shows in the lists. */
static bool any_answered(const struct facts *facts, enum fact_state state)
{
	for (size_t i = 0; i < FACT_COUNT; i++)
		if (facts->source[i].state == state)
			return true;
	return false;
}

static void judge_server(struct cluster *cluster, const struct kube_request *version,
			 const struct kube_request *readyz)
{
	struct server *server = &cluster->facts->server;
	const struct kube_result *result = &version->result;

	server->outcome = outcome_of(result->outcome);
	server->ready = readyz->result.http_status != 500;
	if (server->outcome == SERVER_FORBIDDEN &&
	    any_answered(cluster->facts, FACT_KNOWN))
		server->outcome = SERVER_OK;
	if (server->outcome != SERVER_OK)
		server->error = arena_string(cluster->arena, result->error.text);
	if (result->server_time != UNSET)
		server->skew_s = result->server_time - (int64_t)time(NULL);
	cluster->facts->source[FACT_SERVER] = (struct source){ FACT_KNOWN, NULL };
}

/* Without the server every fact fails for the same reason: say it once. */
static void blame_server(struct facts *facts)
{
	const char *why;

	switch (facts->server.outcome) {
	case SERVER_OK:
	case SERVER_FORBIDDEN:
		return;
	case SERVER_UNAUTHORIZED:
		why = "the API server does not accept these credentials (WD7102)";
		break;
	default:
		why = "the API server does not answer (WD7101)";
		break;
	}
	for (size_t i = 0; i < FACT_COUNT; i++)
		if (facts->source[i].state != FACT_NOT_SOUGHT && i != FACT_SERVER)
			facts->source[i] = (struct source){ FACT_FAILED, why };
}

/* ---- what follows from the lists ---- */

struct kube_request *add_request(struct cluster *cluster)
{
	cluster->requests =
		arena_grow(cluster->arena, cluster->requests, cluster->request_count,
			   sizeof(*cluster->requests));
	return &cluster->requests[cluster->request_count++];
}

static void ask_follow_ups(struct cluster *cluster)
{
	static const struct follow_up *const all[] = {
		&follow_pod_events, &follow_admissions,  &follow_references,
		&follow_gatekeeper, &follow_controllers, &follow_api_logs,
		&follow_pulls,
	};
	void *contexts[ARRAY_SIZE(all)];
	size_t first[ARRAY_SIZE(all)];

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		first[i] = cluster->request_count;
		contexts[i] = all[i]->ask(cluster);
	}
	if (cluster->request_count)
		kube_run(cluster->client, cluster->requests, cluster->request_count);
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		if (contexts[i])
			all[i]->take(cluster, contexts[i], cluster->requests + first[i]);
}

static void fail_follow_ups(struct cluster *cluster)
{
	for (size_t i = 0; i < resource_count; i++)
		if (!resources[i].record && (cluster->needs & NEED(resources[i].fact)))
			cluster->facts->source[resources[i].fact].state = FACT_FAILED;
}

/* ---- the whole ---- */

static size_t find_questions(struct cluster *cluster, struct question *questions)
{
	size_t count = 0;

	for (size_t i = 0; i < resource_count; i++) {
		const char *of_node = resources[i].of_node;

		if (!(cluster->needs & NEED(resources[i].fact)) || !resources[i].record ||
		    (cluster->only_node && of_node && !*of_node))
			continue;
		questions[count].cluster = cluster;
		questions[count].resource = &resources[i];
		count++;
	}
	return count;
}

/* The node that alone was asked about is none: then neither are its pods known. */
static void check_node(struct cluster *cluster)
{
	static const enum fact of_node[] = { FACT_NODES, FACT_PODS, FACT_EVENTS };
	struct facts *facts = cluster->facts;
	const char *why;

	if (!cluster->only_node || facts->source[FACT_NODES].state != FACT_KNOWN ||
	    facts->node_count > 0)
		return;
	why = arena_format(
		cluster->arena,
		"the cluster has no node called %s: --node says which one this is",
		cluster->only_node);
	for (size_t i = 0; i < ARRAY_SIZE(of_node); i++)
		if (facts->source[of_node[i]].state == FACT_KNOWN)
			facts->source[of_node[i]] = (struct source){ FACT_FAILED, why };
}

static void ask_all(struct cluster *cluster)
{
	struct question questions[FACT_COUNT];
	struct kube_request requests[SERVER_REQUESTS + FACT_COUNT];
	struct readyz readyz = { .cluster = cluster };
	size_t count = find_questions(cluster, questions);

	ask_server(cluster, &readyz, requests);
	ask_questions(cluster, questions, count, requests, SERVER_REQUESTS);
	judge_server(cluster, &requests[0], &requests[1]);
	check_node(cluster);
}

void cluster_collect(struct kube_client *client, const struct cluster_wish *wish,
		     struct arena *arena, struct facts *facts)
{
	struct cluster cluster = {
		.client = client,
		.arena = arena,
		.facts = facts,
		.own_node = wish->own_node,
		.host_has_logs = wish->host_has_logs && wish->own_node,
	};

	settle_scope(&cluster, wish);
	cluster.pool = arena_alloc(&cluster.passing, sizeof(*cluster.pool));
	ask_all(&cluster);
	arena_free(&cluster.passing);
	if (facts->source[FACT_PODS].state == FACT_KNOWN)
		node_loads_settle(&cluster.loads, facts);
	node_loads_clear(&cluster.loads);
	if (facts->server.outcome == SERVER_OK)
		ask_follow_ups(&cluster);
	else
		fail_follow_ups(&cluster);
	blame_server(facts);
}
