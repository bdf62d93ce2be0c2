// SPDX-License-Identifier: Apache-2.0
/*
 * Gatekeeper's constraints, and whom it lets pass.  Every template makes a kind of its
 * own, so that only the templates tell which lists there are; all of them, the Config and
 * the exempt namespaces are asked for in one round.
 */
#include <wasmdiag/check.h>
#include <wasmdiag/gatekeeper.h>
#include <wasmdiag/text.h>

#include "collect/cluster_private.h"
#include "facts_rows.h"

#define KIND_LIMIT       500
#define CONSTRAINT_LIMIT 2000 /* of a kind */
#define VIOLATION_KEPT   5
#define CONTROLLER_LIMIT 32
/* First pages (kube.h): of constraints, with up to 20 violations that audit notes, and
 * of configs; of namespaces. */
#define CONSTRAINT_PAGE 20
#define NAMESPACE_PAGE  100

#define CONSTRAINTS "/apis/constraints.gatekeeper.sh/v1beta1/"
#define CONFIGS     "/apis/config.gatekeeper.sh/v1alpha1/configs"
#define IGNORE      "labelSelector=admission.gatekeeper.sh/ignore"

/* The constraints of one template. */
struct kind {
	struct arena *arena;
	const struct constraint_template *template;
	struct constraint *items;
	size_t count;
};

struct kinds {
	struct kind *items;
	size_t count;
};

static void keep_constraint(void *context, json_t *object)
{
	struct kind *kind = context;
	struct constraint *constraint;

	if (kind->count >= CONSTRAINT_LIMIT)
		return;
	kind->items =
		arena_grow(kind->arena, kind->items, kind->count, sizeof(*kind->items));
	constraint = &kind->items[kind->count++];
	record_decode(&constraint_record, object, constraint, kind->arena);
	constraint->resource = kind->template->object.name;
	if (!constraint->kind)
		constraint->kind = kind->template->kind;
	if (constraint->violation_count > VIOLATION_KEPT)
		constraint->violation_count = VIOLATION_KEPT;
}

static void forget_constraints(void *context)
{
	struct kind *kind = context;

	kind->count = 0;
}

static void keep_config(void *context, json_t *object)
{
	struct cluster *cluster = context;
	struct facts *facts = cluster->facts;

	facts->gatekeeper_configs = arena_grow(cluster->arena, facts->gatekeeper_configs,
					       facts->gatekeeper_config_count,
					       sizeof(*facts->gatekeeper_configs));
	record_decode(&gatekeeper_config_record, object,
		      &facts->gatekeeper_configs[facts->gatekeeper_config_count++],
		      cluster->arena);
}

static void keep_namespace(void *context, json_t *object)
{
	struct cluster *cluster = context;
	struct string_list *list = &cluster->facts->exempt_namespaces;
	const json_t *name = json_object_get(json_object_get(object, "metadata"), "name");

	if (!json_is_string(name))
		return;
	list->items = arena_grow(cluster->arena, list->items, list->count,
				 sizeof(*list->items));
	list->items[list->count++] =
		arena_string(cluster->arena, json_string_value(name));
}

/* A template's name becomes part of a path: nothing but a DNS name will do. */
static bool is_resource_name(const char *name)
{
	return name && *name && strlen(name) <= 253 &&
	       !name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-.")] &&
	       !text_has(name, "..");
}

static void add_constraints(struct cluster *cluster, struct kinds *kinds)
{
	const struct facts *facts = cluster->facts;
	size_t path_count;
	const char **paths =
		record_paths(&constraint_record, cluster->arena, &path_count);

	kinds->items = arena_array(cluster->arena, facts->constraint_template_count,
				   sizeof(*kinds->items));
	for (size_t i = 0;
	     i < facts->constraint_template_count && kinds->count < KIND_LIMIT; i++) {
		const struct constraint_template *template =
			&facts->constraint_templates[i];
		struct kind *kind = &kinds->items[kinds->count];

		if (!is_resource_name(template->object.name))
			continue;
		*kind = (struct kind){ .arena = cluster->arena, .template = template };
		kinds->count++;
		*add_request(cluster) = (struct kube_request){
			.kind = KUBE_LIST,
			.path = arena_format(cluster->arena, CONSTRAINTS "%s",
					     template->object.name),
			.first_page = CONSTRAINT_PAGE,
			.paths = paths,
			.path_count = path_count,
			.on_item = keep_constraint,
			.on_restart = forget_constraints,
			.context = kind,
		};
	}
}

static void take_constraints(struct cluster *cluster, const struct kinds *kinds)
{
	struct facts *facts = cluster->facts;
	size_t total = 0;

	for (size_t i = 0; i < kinds->count; i++)
		total += kinds->items[i].count;
	facts->constraints =
		arena_array(cluster->arena, total, sizeof(*facts->constraints));
	for (size_t i = 0; i < kinds->count; i++)
		for (size_t j = 0; j < kinds->items[i].count; j++)
			facts->constraints[facts->constraint_count++] =
				kinds->items[i].items[j];
	if (facts->constraint_template_count > KIND_LIMIT)
		facts->source[FACT_CONSTRAINTS] =
			(struct source){ FACT_FAILED,
					 "there are too many kinds of constraints" };
}

static void add_configs(struct cluster *cluster)
{
	struct kube_request request = {
		.kind = KUBE_LIST,
		.path = CONFIGS,
		.first_page = CONSTRAINT_PAGE,
		.on_item = keep_config,
		.context = cluster,
	};

	request.paths = record_paths(&gatekeeper_config_record, cluster->arena,
				     &request.path_count);
	*add_request(cluster) = request;
}

static void add_namespaces(struct cluster *cluster)
{
	static const char *const paths[] = { "metadata.name" };

	*add_request(cluster) = (struct kube_request){
		.kind = KUBE_LIST,
		.path = "/api/v1/namespaces",
		.query = IGNORE,
		.first_page = NAMESPACE_PAGE,
		.paths = paths,
		.path_count = ARRAY_SIZE(paths),
		.on_item = keep_namespace,
		.context = cluster,
	};
}

static void settle(struct cluster *cluster, enum fact fact,
		   const struct kube_request *request)
{
	settle_source(cluster, &cluster->facts->source[fact], find_resource(fact),
		      request);
}

static void *ask_policies(struct cluster *cluster)
{
	static const enum fact follow[] = { FACT_CONSTRAINTS, FACT_GATEKEEPER_CONFIGS,
					    FACT_EXEMPT_NAMESPACES };
	const struct source *templates =
		&cluster->facts->source[FACT_CONSTRAINT_TEMPLATES];
	struct kinds *kinds;

	/* Without Gatekeeper there is nothing of the kind; without its templates nobody
	 * can say of what kinds its constraints are. */
	if (templates->state != FACT_KNOWN) {
		for (size_t i = 0; i < ARRAY_SIZE(follow); i++)
			if (cluster->needs & NEED(follow[i]))
				cluster->facts->source[follow[i]] = *templates;
		return NULL;
	}
	kinds = arena_alloc(cluster->arena, sizeof(*kinds));
	if (cluster->needs & NEED(FACT_CONSTRAINTS))
		add_constraints(cluster, kinds);
	if (cluster->needs & NEED(FACT_GATEKEEPER_CONFIGS))
		add_configs(cluster);
	if (cluster->needs & NEED(FACT_EXEMPT_NAMESPACES))
		add_namespaces(cluster);
	return kinds;
}

static void take_policies(struct cluster *cluster, void *context,
			  const struct kube_request *requests)
{
	const struct kinds *kinds = context;

	if (cluster->needs & NEED(FACT_CONSTRAINTS)) {
		settle_worst(cluster, FACT_CONSTRAINTS, requests, kinds->count);
		take_constraints(cluster, kinds);
		requests += kinds->count;
	}
	if (cluster->needs & NEED(FACT_GATEKEEPER_CONFIGS))
		settle(cluster, FACT_GATEKEEPER_CONFIGS, requests++);
	if (cluster->needs & NEED(FACT_EXEMPT_NAMESPACES))
		settle(cluster, FACT_EXEMPT_NAMESPACES, requests);
}

const struct follow_up follow_gatekeeper = { ask_policies, take_policies };

/* ---- what was refused ---- */

struct controller_request {
	struct cluster *cluster;
	struct controller controller; /* whose kind and names are the event's */
	const struct resource *resource;
};

struct controller_requests {
	struct controller_request items[CONTROLLER_LIMIT];
	size_t count;
};

static const char *resource_of_kind(const char *kind)
{
	static const char *const kinds[][2] = {
		{ "ReplicaSet", "replicasets" },
		{ "DaemonSet", "daemonsets" },
		{ "StatefulSet", "statefulsets" },
		{ "Job", "jobs" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (text_equal(kinds[i][0], kind))
			return kinds[i][1];
	return NULL;
}

static const struct resource *controller_resource(const char *kind)
{
	const char *name = resource_of_kind(kind);

	for (size_t i = 0; name && i < resource_count; i++)
		if (resources[i].fact == FACT_REFUSED_CONTROLLERS &&
		    text_equal(resources[i].name, name))
			return &resources[i];
	return NULL;
}

/* The API server's words, and Gatekeeper's (facts D4); the checks read them in full. */
static bool is_refusal(const struct event *event)
{
	static const char *const words[] = {
		" is forbidden: ",
		" is invalid: ",
		"denied the request: ",
		"denied request: ",
	};

	if (!text_equal(event->reason, "FailedCreate") ||
	    !is_resource_name(event->namespace) || !is_resource_name(event->name))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (text_has(event->message, words[i]))
			return true;
	return false;
}

static bool is_asked(const struct controller_request *items, size_t count,
		     const struct event *event)
{
	for (size_t i = 0; i < count; i++)
		if (text_equal(items[i].controller.kind, event->kind) &&
		    text_equal(items[i].controller.namespace, event->namespace) &&
		    text_equal(items[i].controller.name, event->name))
			return true;
	return false;
}

static size_t find_refused(struct cluster *cluster, struct controller_request *items)
{
	const struct facts *facts = cluster->facts;
	size_t count = 0;

	for (size_t i = 0; i < facts->event_count && count < CONTROLLER_LIMIT; i++) {
		const struct event *event = &facts->events[i];
		const struct resource *resource = controller_resource(event->kind);
		struct controller *controller = &items[count].controller;

		if (!resource || !is_refusal(event) || is_asked(items, count, event))
			continue;
		items[count].cluster = cluster;
		items[count].resource = resource;
		record_clear(&controller_record, controller);
		controller->kind = event->kind;
		controller->namespace = event->namespace;
		controller->name = event->name;
		count++;
	}
	return count;
}

static void keep_controller(void *context, json_t *object)
{
	struct controller_request *item = context;
	struct controller named = item->controller;

	record_decode(&controller_record, object, &item->controller,
		      item->cluster->arena);
	item->controller.kind = named.kind;
	item->controller.namespace = named.namespace;
	item->controller.name = named.name;
	item->controller.exists = true;
}

static void *ask_controllers(struct cluster *cluster)
{
	struct controller_requests *asked;
	size_t path_count;
	const char **paths;

	if (!(cluster->needs & NEED(FACT_REFUSED_CONTROLLERS)))
		return NULL;
	asked = arena_alloc(cluster->arena, sizeof(*asked));
	asked->count = find_refused(cluster, asked->items);
	paths = record_paths(&controller_record, cluster->arena, &path_count);
	for (size_t i = 0; i < asked->count; i++) {
		struct controller_request *item = &asked->items[i];

		*add_request(cluster) = (struct kube_request){
			.kind = KUBE_OBJECT,
			.path = arena_format(
				cluster->arena, "/apis/%s/v1/namespaces/%s/%s/%s",
				item->resource->group, item->controller.namespace,
				item->resource->name, item->controller.name),
			.paths = paths,
			.path_count = path_count,
			.on_item = keep_controller,
			.context = item,
		};
	}
	return asked;
}

static void take_controllers(struct cluster *cluster, void *context,
			     const struct kube_request *requests)
{
	const struct controller_requests *asked = context;
	struct facts *facts = cluster->facts;
	struct source *source = &facts->source[FACT_REFUSED_CONTROLLERS];

	*source = (struct source){ FACT_KNOWN, NULL };
	facts->refused_controllers = arena_array(cluster->arena, asked->count,
						 sizeof(*facts->refused_controllers));
	for (size_t i = 0; i < asked->count; i++) {
		enum outcome outcome = requests[i].result.outcome;

		if (outcome == OUTCOME_OK || outcome == OUTCOME_ABSENT)
			facts->refused_controllers[facts->refused_controller_count++] =
				asked->items[i].controller;
		else if (source->state == FACT_KNOWN)
			settle_source(cluster, source, asked->items[i].resource,
				      &requests[i]);
	}
}

const struct follow_up follow_controllers = { ask_controllers, take_controllers };
