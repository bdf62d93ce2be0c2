// SPDX-License-Identifier: Apache-2.0
#include "collect/resources.h"

#include <wasmdiag/storage.h>
#include <wasmdiag/text.h>

#include "facts_rows.h"

#define LIST(member, count) offsetof(struct facts, member), offsetof(struct facts, count)
#define PATHS(...)                                                                       \
	(const char *const[])                                                            \
	{                                                                                \
		__VA_ARGS__, NULL                                                        \
	}

static bool in_system_namespace(const struct pod *pod)
{
	static const char *const namespaces[] = { "kube-system", "kube-flannel",
						  "gatekeeper-system", "keda",
						  "keda-system" };

	for (size_t i = 0; i < ARRAY_SIZE(namespaces); i++)
		if (text_equal(pod->namespace, namespaces[i]))
			return true;
	return false;
}

static bool runs_module(const struct container *containers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_ends(containers[i].program, ".wasm") ||
		    text_ends(containers[i].program, ".wat"))
			return true;
	return false;
}

bool pod_looks_well(const struct pod *pod)
{
	const struct condition *ready;

	if (text_equal(pod->phase, "Succeeded"))
		return true;
	if (!text_equal(pod->phase, "Running") || pod->reason)
		return false;
	ready = find_condition(pod->conditions, pod->condition_count, "Ready");
	return ready && text_equal(ready->status, "True");
}

bool pod_asks_for_wasm(const struct pod *pod)
{
	return pod->annotation_count > 0 ||
	       runs_module(pod->containers, pod->container_count);
}

bool pod_matters(const void *item)
{
	const struct pod *pod = item;

	return pod->runtime_class || pod_asks_for_wasm(pod) ||
	       label_value(pod->labels, pod->label_count, "gatekeeper.sh/system") ||
	       in_system_namespace(pod) || !pod_looks_well(pod);
}

static bool is_unbound(const void *item)
{
	const struct volume_claim *claim = item;

	return !text_equal(claim->phase, "Bound");
}

/*
 * How many items a first page may have follows from what an object weighs at most, more
 * or less: a node 15 kB (status.images), a pod 6, an event 1, a webhook configuration 15
 * (a CA for each webhook), an autoscaler 3, a template 30 (Rego), a claim 2.
 */
/* clang-format off */
const struct resource resources[] = {
	{ FACT_NODES, "", "nodes", "list",
	  PATHS("/api/v1/nodes"), NULL, "fieldSelector=metadata.name=",
	  &node_record, LIST(nodes, node_count), NULL, 100000, 20, NULL },
	{ FACT_PODS, "", "pods", "list",
	  PATHS("/api/v1/pods"), NULL, "fieldSelector=spec.nodeName=",
	  &pod_record, LIST(pods, pod_count), pod_matters, 100000, 40, &pod_glance_record },
	{ FACT_EVENTS, "", "events", "list",
	  PATHS("/api/v1/events"), "fieldSelector=type!=Normal",
	  "fieldSelector=type!=Normal,involvedObject.kind=Node,involvedObject.name=",
	  &event_record, LIST(events, event_count), NULL, 30000, EVENTS_PAGE, NULL },
	{ FACT_RUNTIME_CLASSES, "node.k8s.io", "runtimeclasses", "list",
	  PATHS("/apis/node.k8s.io/v1/runtimeclasses", "/apis/node.k8s.io/v1beta1/runtimeclasses"), NULL, NULL,
	  &runtime_class_record, LIST(runtime_classes, runtime_class_count), NULL, 10000, 100, NULL },
	{ FACT_VALIDATING_WEBHOOKS, "admissionregistration.k8s.io", "validatingwebhookconfigurations", "list",
	  PATHS("/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
		"/apis/admissionregistration.k8s.io/v1beta1/validatingwebhookconfigurations"), NULL, NULL,
	  &webhook_configuration_record, LIST(validating_webhooks, validating_webhook_count), NULL, 10000, 20, NULL },
	{ FACT_MUTATING_WEBHOOKS, "admissionregistration.k8s.io", "mutatingwebhookconfigurations", "list",
	  PATHS("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
		"/apis/admissionregistration.k8s.io/v1beta1/mutatingwebhookconfigurations"), NULL, NULL,
	  &webhook_configuration_record, LIST(mutating_webhooks, mutating_webhook_count), NULL, 10000, 20, NULL },
	{ FACT_API_SERVICES, "apiregistration.k8s.io", "apiservices", "list",
	  PATHS("/apis/apiregistration.k8s.io/v1/apiservices"), NULL, NULL,
	  &api_service_record, LIST(api_services, api_service_count), NULL, 10000, 150, NULL },
	{ FACT_AUTOSCALERS, "autoscaling", "horizontalpodautoscalers", "list",
	  PATHS("/apis/autoscaling/v2/horizontalpodautoscalers",
		"/apis/autoscaling/v2beta2/horizontalpodautoscalers",
		"/apis/autoscaling/v2beta1/horizontalpodautoscalers",
		"/apis/autoscaling/v1/horizontalpodautoscalers"), NULL, NULL,
	  &autoscaler_record, LIST(autoscalers, autoscaler_count), NULL, 10000, 80, NULL },
	/* whoever serves these knows no limit: the list may be of any size */
	{ FACT_NODE_METRICS, "metrics.k8s.io", "nodes", "list",
	  PATHS("/apis/metrics.k8s.io/v1beta1/nodes"), NULL, NULL,
	  &node_metrics_record, LIST(node_metrics, node_metrics_count), NULL, 100000, 0, NULL },
	{ FACT_CONSTRAINT_TEMPLATES, "templates.gatekeeper.sh", "constrainttemplates", "list",
	  PATHS("/apis/templates.gatekeeper.sh/v1/constrainttemplates",
		"/apis/templates.gatekeeper.sh/v1beta1/constrainttemplates"), NULL, NULL,
	  &constraint_template_record, LIST(constraint_templates, constraint_template_count), NULL, 1000, 10, NULL },
	{ FACT_SCALED_OBJECTS, "keda.sh", "scaledobjects", "list",
	  PATHS("/apis/keda.sh/v1alpha1/scaledobjects"), NULL, NULL,
	  &scaled_object_record, LIST(scaled_objects, scaled_object_count), NULL, 10000, 60, NULL },
	{ .fact = FACT_SERVER_METRICS, .verbs = "get", .paths = PATHS("/metrics") },
	{ FACT_VOLUME_CLAIMS, "", "persistentvolumeclaims", "list",
	  PATHS("/api/v1/persistentvolumeclaims"), NULL, "",
	  &volume_claim_record, LIST(volume_claims, volume_claim_count), is_unbound, 10000, 120, NULL },
	{ FACT_STORAGE_CLASSES, "storage.k8s.io", "storageclasses", "list",
	  PATHS("/apis/storage.k8s.io/v1/storageclasses"), NULL, NULL,
	  &storage_class_record, LIST(storage_classes, storage_class_count), NULL, 10000, 100, NULL },
	/* Asked for by name, once it is known which: references.c, api_logs.c. */
	{ .fact = FACT_SERVICES, .group = "", .name = "services", .verbs = "get" },
	{ .fact = FACT_ENDPOINTS, .group = "discovery.k8s.io", .name = "endpointslices", .verbs = "list" },
	{ .fact = FACT_LOGS, .group = "", .name = "pods/log", .verbs = "get" },
	/* Asked for once it is known that there are Wasm pods: pulls.c. */
	{ .fact = FACT_PULLS, .group = "", .name = "events", .verbs = "list",
	  .paths = PATHS("/api/v1/events"), .query = "fieldSelector=reason=Pulled" },
	/* Asked for once there are templates, which name the kinds: gatekeeper.c. */
	{ .fact = FACT_CONSTRAINTS, .group = "constraints.gatekeeper.sh", .name = "*", .verbs = "list" },
	{ .fact = FACT_GATEKEEPER_CONFIGS, .group = "config.gatekeeper.sh", .name = "configs", .verbs = "list" },
	{ .fact = FACT_EXEMPT_NAMESPACES, .group = "", .name = "namespaces", .verbs = "list" },
	/* Those that events say were refused pods: gatekeeper.c. */
	{ .fact = FACT_REFUSED_CONTROLLERS, .group = "apps", .name = "replicasets", .verbs = "get" },
	{ .fact = FACT_REFUSED_CONTROLLERS, .group = "apps", .name = "daemonsets", .verbs = "get" },
	{ .fact = FACT_REFUSED_CONTROLLERS, .group = "apps", .name = "statefulsets", .verbs = "get" },
	{ .fact = FACT_REFUSED_CONTROLLERS, .group = "batch", .name = "jobs", .verbs = "get" },
};
/* clang-format on */

const size_t resource_count = ARRAY_SIZE(resources);
