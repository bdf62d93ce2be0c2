// SPDX-License-Identifier: Apache-2.0
#include "collect/collect.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <wasmdiag/check.h>
#include <wasmdiag/host.h>
#include <wasmdiag/text.h>

#include "collect/cluster.h"
#include "collect/host.h"
#include "collect/kube.h"
#include "collect/webhook_probes.h"
#include "facts_index.h"
#include "patterns.h"
#include "snapshot.h"

/* The node is looked at in a thread of its own, beside the network: own arena, own host.
 */
struct host_job {
	pthread_t thread;
	bool running;
	struct arena arena;
	struct host_context context;
	uint64_t needs;
	struct host host;
};

/* ---- the node ---- */

static void *run_host_job(void *argument)
{
	struct host_job *job = argument;

	for (size_t i = 0; i < host_collector_count; i++)
		if (job->needs & NEED(host_collectors[i].fact))
			host_collectors[i].collect(&job->context, &job->host);
	host_udp_again(&job->context, &job->host);
	return NULL;
}

/* Facts that other collectors build upon. */
static uint64_t with_prerequisites(uint64_t needs)
{
	needs |= NEED(HOST_SYSTEM) | NEED(HOST_K3S);
	if (needs & NEED(HOST_ENGINE_LIBRARIES))
		needs |= NEED(HOST_RUNTIMES) | NEED(HOST_WASM_CONTAINERS);
	if (needs & NEED(HOST_CONTAINER_RESOURCES))
		needs |= NEED(HOST_WASM_CONTAINERS);
	if (needs & (NEED(HOST_RUNTIMES) | NEED(HOST_WASM_CONTAINERS)))
		needs |= NEED(HOST_CONTAINERD);
	return needs;
}

static void start_host(struct host_job *job, const struct options *options,
		       struct collection *collection)
{
	job->context = (struct host_context){
		.arena = &job->arena,
		.root = options->root,
		.wanted_line = pattern_wants,
	};
	if (options->no_host) {
		collection->facts->no_host = HOST_REFUSED;
		return;
	}
	if (!host_is_node(&job->context)) {
		collection->facts->no_host = HOST_NO_NODE;
		return;
	}
	job->host.node = options->node ? options->node : host_node_name(&job->context);
	if (!collection->host_needs)
		return;
	job->needs = with_prerequisites(collection->host_needs);
	job->running = true;
	if (pthread_create(&job->thread, NULL, run_host_job, job) == 0)
		return;
	run_host_job(job);
	job->thread = pthread_self();
}

static bool has_address(const struct host *host, const struct node *node)
{
	for (size_t i = 0; i < node->address_count; i++) {
		if (!text_equal(node->addresses[i].type, "InternalIP"))
			continue;
		for (size_t j = 0; j < host->addresses.count; j++)
			if (text_equal(node->addresses[i].address,
				       host->addresses.items[j]))
				return true;
	}
	return false;
}

/* The node's name as the cluster has it: what kubelet calls itself, else by address. */
static void match_node(struct host *host, const struct facts *facts)
{
	if (facts->node_count == 0 || find_node(facts, host->node))
		return;
	for (size_t i = 0; i < facts->node_count; i++) {
		if (has_address(host, &facts->nodes[i])) {
			host->node = facts->nodes[i].name;
			return;
		}
	}
}

static bool is_pod_there(const struct facts *facts, const char *namespace,
			 const char *name, const char *uid)
{
	const struct pod *pod = find_pod(facts, namespace, name);

	/* a static pod's folder has the hash of its file for a uid */
	return pod && (text_equal(pod->uid, uid) ||
		       (pod->owner_count > 0 && text_equal(pod->owners[0].kind, "Node")));
}

/* Logs outlive their pods for a while: what a pod that is gone wrote is no finding. */
static void drop_stale_logs(struct host *host, const struct facts *facts)
{
	size_t kept = 0, kept_silent = 0;

	if (facts->source[FACT_PODS].state != FACT_KNOWN)
		return;
	for (size_t i = 0; i < host->log_count; i++) {
		const struct log_excerpt *log = &host->logs[i];

		if (is_pod_there(facts, log->namespace, log->pod, log->pod_uid))
			host->logs[kept++] = *log;
	}
	for (size_t i = 0; i < host->silent_log_count; i++) {
		const struct silent_log *log = &host->silent_logs[i];

		if (is_pod_there(facts, log->namespace, log->pod, log->pod_uid))
			host->silent_logs[kept_silent++] = *log;
	}
	host->log_count = kept;
	host->silent_log_count = kept_silent;
}

static void finish_host(struct host_job *job, struct arena *arena,
			struct collection *collection)
{
	struct facts *facts = collection->facts;

	if (!job->running)
		return;
	if (!pthread_equal(job->thread, pthread_self()))
		pthread_join(job->thread, NULL);
	arena_adopt(arena, &job->arena);
	match_node(&job->host, facts);
	drop_stale_logs(&job->host, facts);
	if (collection->host_needs & NEED(HOST_WEBHOOK_PROBES))
		collect_webhook_probes(facts, arena, &job->host);
	facts->hosts = arena_alloc(arena, sizeof(*facts->hosts));
	facts->hosts[0] = job->host;
	facts->host_count = 1;
}

/* ---- the cluster ---- */

static void no_cluster(struct collection *collection, enum fact_state state,
		       const char *reason)
{
	struct facts *facts = collection->facts;

	facts->server.outcome = SERVER_NOT_ASKED;
	for (size_t i = 0; i < FACT_COUNT; i++)
		facts->source[i] = (struct source){ state, reason };
}

static struct http_endpoint endpoint_of(const struct kube_connection *connection,
					struct arena *arena)
{
	const struct kube_impersonation *as = &connection->impersonation;
	struct http_extra *extras = arena_array(arena, as->extra_count, sizeof(*extras));

	for (size_t i = 0; i < as->extra_count; i++)
		extras[i] =
			(struct http_extra){ as->extras[i].key, as->extras[i].values };
	return (struct http_endpoint){
		.tls = connection->tls,
		.host = connection->host,
		.port = connection->port,
		.path = connection->path,
		.ca = connection->ca.data,
		.insecure = connection->insecure,
		.tls_server_name = connection->tls_server_name,
		.proxy_url = connection->proxy_url,
		.disable_compression = connection->disable_compression,
		.client_certificate = connection->client_certificate.data,
		.client_key = connection->client_key.data,
		.authorization = connection->authorization,
		.as_user = as->user,
		.as_uid = as->uid,
		.as_groups = as->groups,
		.as_extras = extras,
		.as_extra_count = as->extra_count,
	};
}

static void print_totals(const struct kube_client *client)
{
	const struct kube_totals *totals = kube_totals(client);

	fprintf(stderr,
		"wasmdiag: %zu requests over %zu connections, %zu bytes on the wire, %zu "
		"decoded; connect %.1f ms, TLS %.1f ms\n",
		totals->requests, totals->connections, totals->wire_bytes, totals->bytes,
		totals->connect_ms, totals->tls_ms);
}

static void ask_cluster(const struct options *options, struct kube_connection *connection,
			const char *own_node, struct arena *arena,
			struct collection *collection)
{
	struct facts *facts = collection->facts;
	const struct cluster_wish wish = {
		.needs = collection->needs,
		.node_needs = collection->node_needs,
		.own_node = own_node,
		.scope = collection->scope,
		.large = collection->large,
		.host_has_logs = collection->host_needs & NEED(HOST_LOGS),
	};
	const struct http_endpoint endpoint = endpoint_of(connection, arena);
	struct error error = { 0 };
	struct kube_client *client;

	facts->server.url = arena_string(arena, connection->server);
	client = kube_open(&endpoint, (int)options->kube.request_timeout_ms,
			   (int)options->timeout_ms, &error);
	if (!client) {
		facts->server.error = arena_string(arena, error.text);
		no_cluster(collection, FACT_FAILED, facts->server.error);
		return;
	}
	cluster_collect(client, &wish, arena, facts);
	if (collection->focus && facts->server.outcome == SERVER_OK) {
		collection->focus->own_node = own_node;
		focus_collect(client, arena, facts, collection->focus);
	}
	if (options->verbose)
		print_totals(client);
	kube_close(client);
	/* what libcurl and jansson held is not needed beside the report */
	malloc_trim(0);
}

static bool collect_cluster(const struct options *options, const char *own_node,
			    struct arena *arena, struct collection *collection,
			    struct error *error)
{
	struct kube_connection connection;
	bool loaded;

	if (options->no_api) {
		no_cluster(collection, FACT_NOT_SOUGHT, "--no-api was given");
		return true;
	}
	if (options->scope == SCOPE_NODE && !own_node)
		return fail(
			error, ERROR_USAGE,
			"--scope node: this machine is not a Kubernetes node: run it on "
			"one, or say with --root where its file system is");
	if (!collection->needs)
		return true;
	loaded = kubeconfig_load(&options->kube, arena, &connection, error);
	if (loaded && collection->focus && !collection->focus->namespace)
		collection->focus->namespace = arena_string(arena, connection.namespace);
	if (loaded)
		ask_cluster(options, &connection, own_node, arena, collection);
	kube_connection_wipe(&connection);
	if (loaded)
		return true;
	if (error->kind != ERROR_ABSENT)
		return false;
	fprintf(stderr, "wasmdiag: %s\n", error->text);
	no_cluster(collection, FACT_FAILED, arena_string(arena, error->text));
	return true;
}

bool collect_facts(const struct options *options, struct arena *arena,
		   struct collection *collection, struct error *error)
{
	struct host_job job = { .running = false };
	bool collected;

	facts_clear(collection->facts);
	collection->facts->taken = time(NULL);
	start_host(&job, options, collection);
	collected = collect_cluster(options, job.host.node, arena, collection, error);
	facts_index(collection->facts, arena);
	finish_host(&job, arena, collection);
	arena_adopt(arena, &job.arena);
	return collected;
}
