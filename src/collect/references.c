// SPDX-License-Identifier: Apache-2.0
/* Services and their endpoints, asked for together: those that webhooks and APIServices
 * lead to, and cluster DNS. */
#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#include "collect/cluster_private.h"
#include "facts_rows.h"

#define REFERENCE_LIMIT 32
#define ENDPOINT_LIMIT  256
#define SLICE_PAGE      10 /* a slice has a hundred endpoints: kube.h */

struct reference {
	struct cluster *cluster;
	const char *namespace;
	const char *name;
	const char *older[2]; /* where its slices are in an older version */
};

struct references {
	struct reference items[REFERENCE_LIMIT];
	size_t count;
};

static void add_reference(struct cluster *cluster, struct references *references,
			  const char *namespace, const char *name)
{
	if (!namespace || !name || references->count >= REFERENCE_LIMIT)
		return;
	for (size_t i = 0; i < references->count; i++)
		if (text_equal(references->items[i].namespace, namespace) &&
		    text_equal(references->items[i].name, name))
			return;
	references->items[references->count++] =
		(struct reference){ cluster, namespace, name, { NULL } };
}

static void add_webhooks(struct cluster *cluster, struct references *references,
			 const struct webhook_configuration *configurations, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < configurations[i].webhook_count; j++)
			add_reference(cluster, references,
				      configurations[i].webhooks[j].service_namespace,
				      configurations[i].webhooks[j].service_name);
}

static void find_references(struct cluster *cluster, struct references *references)
{
	const struct facts *facts = cluster->facts;

	add_webhooks(cluster, references, facts->validating_webhooks,
		     facts->validating_webhook_count);
	add_webhooks(cluster, references, facts->mutating_webhooks,
		     facts->mutating_webhook_count);
	/* by this name K3s and kubeadm install it, whichever server it is */
	add_reference(cluster, references, "kube-system", "kube-dns");
	for (size_t i = 0; i < facts->api_service_count; i++)
		if (text_has(facts->api_services[i].name, "metrics.k8s.io"))
			add_reference(cluster, references,
				      facts->api_services[i].service_namespace,
				      facts->api_services[i].service_name);
}

static struct service *add_service(const struct reference *reference)
{
	struct facts *facts = reference->cluster->facts;
	struct service *service;

	facts->services = arena_grow(reference->cluster->arena, facts->services,
				     facts->service_count, sizeof(*facts->services));
	service = &facts->services[facts->service_count++];
	record_clear(&service_record, service);
	service->namespace = reference->namespace;
	service->name = reference->name;
	return service;
}

static void keep_service(void *context, json_t *object)
{
	const struct reference *reference = context;
	struct service *service = add_service(reference);

	record_decode(&service_record, object, service, reference->cluster->arena);
	service->exists = true;
}

static const char *text_at(const struct reference *reference, const json_t *object,
			   const char *key)
{
	return arena_string(reference->cluster->arena,
			    json_string_value(json_object_get(object, key)));
}

/* In v1beta1 the node is in the topology. */
static const char *node_of(const struct reference *reference, const json_t *endpoint)
{
	const char *node = text_at(reference, endpoint, "nodeName");

	return node ? node
		    : text_at(reference, json_object_get(endpoint, "topology"),
			      "kubernetes.io/hostname");
}

static void keep_slice(void *context, json_t *slice)
{
	const struct reference *reference = context;
	struct arena *arena = reference->cluster->arena;
	struct facts *facts = reference->cluster->facts;
	const json_t *port = json_array_get(json_object_get(slice, "ports"), 0),
		     *endpoint;
	size_t i;

	json_array_foreach(json_object_get(slice, "endpoints"), i, endpoint)
	{
		const json_t *conditions = json_object_get(endpoint, "conditions");
		const json_t *target = json_object_get(endpoint, "targetRef");
		const json_t *address =
			json_array_get(json_object_get(endpoint, "addresses"), 0);

		if (i >= ENDPOINT_LIMIT)
			break;
		facts->endpoints =
			arena_grow(arena, facts->endpoints, facts->endpoint_count,
				   sizeof(*facts->endpoints));
		facts->endpoints[facts->endpoint_count++] = (struct endpoint){
			.namespace = reference->namespace,
			.service = reference->name,
			.address = arena_string(arena, json_string_value(address)),
			.port = json_integer_value(json_object_get(port, "port")),
			/* not said means ready (discovery.k8s.io/v1) */
			.ready = !json_is_false(json_object_get(conditions, "ready")),
			.pod = text_at(reference, target, "name"),
			.node = node_of(reference, endpoint),
		};
	}
}

void settle_worst(struct cluster *cluster, enum fact fact,
		  const struct kube_request *requests, size_t count)
{
	struct source *source = &cluster->facts->source[fact];

	*source = (struct source){ FACT_KNOWN, NULL };
	for (size_t i = 0; i < count; i++) {
		enum outcome outcome = requests[i].result.outcome;

		if (outcome == OUTCOME_OK || outcome == OUTCOME_ABSENT)
			continue;
		settle_source(cluster, source, find_resource(fact), &requests[i]);
		return;
	}
}

static void add_services(struct cluster *cluster, struct references *references)
{
	static const char *const paths[] = { "metadata.name", "metadata.namespace",
					     "spec.clusterIP", "spec.type",
					     "spec.ports[]" };

	for (size_t i = 0; i < references->count; i++) {
		struct reference *reference = &references->items[i];

		*add_request(cluster) = (struct kube_request){
			.kind = KUBE_OBJECT,
			.path = arena_format(cluster->arena,
					     "/api/v1/namespaces/%s/services/%s",
					     reference->namespace, reference->name),
			.paths = paths,
			.path_count = ARRAY_SIZE(paths),
			.on_item = keep_service,
			.context = reference,
		};
	}
}

static const char *slices_path(const struct reference *reference, const char *version)
{
	return arena_format(reference->cluster->arena,
			    "/apis/discovery.k8s.io/%s/namespaces/%s/endpointslices",
			    version, reference->namespace);
}

static void add_slices(struct cluster *cluster, struct references *references)
{
	static const char *const paths[] = {
		"ports[].port",
		"endpoints[].addresses[0]",
		"endpoints[].conditions.ready",
		"endpoints[].targetRef.name",
		"endpoints[].nodeName",
		"endpoints[].topology[kubernetes.io/hostname]",
	};

	for (size_t i = 0; i < references->count; i++) {
		struct reference *reference = &references->items[i];

		reference->older[0] = slices_path(reference, "v1beta1");
		*add_request(cluster) = (struct kube_request){
			.kind = KUBE_LIST,
			.path = slices_path(reference, "v1"),
			.older = reference->older,
			.query = arena_format(
				cluster->arena,
				"labelSelector=kubernetes.io/service-name=%s",
				reference->name),
			.first_page = SLICE_PAGE,
			.paths = paths,
			.path_count = ARRAY_SIZE(paths),
			.on_item = keep_slice,
			.context = reference,
		};
	}
}

static void *ask(struct cluster *cluster)
{
	struct references *references = arena_alloc(cluster->arena, sizeof(*references));

	find_references(cluster, references);
	if (cluster->needs & NEED(FACT_SERVICES))
		add_services(cluster, references);
	if (cluster->needs & NEED(FACT_ENDPOINTS))
		add_slices(cluster, references);
	return references;
}

static void take(struct cluster *cluster, void *context,
		 const struct kube_request *requests)
{
	const struct references *references = context;
	size_t count = references->count;

	if (cluster->needs & NEED(FACT_SERVICES)) {
		settle_worst(cluster, FACT_SERVICES, requests, count);
		/* one that is not there is a fact */
		for (size_t i = 0; i < count; i++)
			if (requests[i].result.outcome == OUTCOME_ABSENT)
				add_service(&references->items[i]);
		requests += count;
	}
	if (cluster->needs & NEED(FACT_ENDPOINTS))
		settle_worst(cluster, FACT_ENDPOINTS, requests, count);
}

const struct follow_up follow_references = { ask, take };
