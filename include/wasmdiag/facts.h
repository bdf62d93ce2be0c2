// SPDX-License-Identifier: Apache-2.0
/*
 * What was learned, as plain structs: from the API (this file) and from nodes (host.h).
 * A check reads them and nothing else.  All of it lives in the run's arena.
 *
 * Numbers are int64_t, UNSET when absent; times are Unix seconds, memory is bytes, cpu is
 * thousandths of a core.  A string is NULL when absent.  What has no row in
 * src/facts_rows.c is neither kept nor shown: the rows are the privacy policy.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <wasmdiag/silent_log.h>

#define UNSET INT64_MIN

struct string_list {
	const char **items;
	size_t count;
};

/* One label, annotation or selector term. */
struct label {
	const char *key;
	const char *value;
};

/* "Could not find out" is a fact. */
enum fact_state {
	FACT_NOT_SOUGHT, /* nobody looked: not asked for, or not a node */
	FACT_KNOWN,
	FACT_ABSENT, /* looked, and there is no such thing (404, ENOENT): known to be
			empty */
	FACT_DENIED, /* may not be read */
	FACT_FAILED, /* tried in vain */
	FACT_STATE_COUNT,
};

struct source {
	enum fact_state state;
	const char *reason; /* one sentence; of a known fact: why it is not whole */
};

enum answer {
	ANSWER_UNKNOWN,
	ANSWER_NO,
	ANSWER_YES,
	ANSWER_COUNT,
};

/* Facts of the cluster, each learned by itself. */
enum fact {
	FACT_SERVER,
	FACT_NODES,
	FACT_PODS,
	FACT_EVENTS,
	FACT_RUNTIME_CLASSES,
	FACT_VALIDATING_WEBHOOKS,
	FACT_MUTATING_WEBHOOKS,
	FACT_API_SERVICES,
	FACT_AUTOSCALERS,
	FACT_NODE_METRICS,
	FACT_SERVER_METRICS,
	FACT_SERVICES,
	FACT_ENDPOINTS,
	FACT_LOGS,
	FACT_PULLS,
	FACT_CONSTRAINT_TEMPLATES,
	FACT_CONSTRAINTS,
	FACT_GATEKEEPER_CONFIGS,
	FACT_EXEMPT_NAMESPACES,
	FACT_REFUSED_CONTROLLERS,
	FACT_VOLUME_CLAIMS,
	FACT_STORAGE_CLASSES,
	FACT_SCALED_OBJECTS,
	FACT_COUNT,
};

struct condition {
	const char *type;
	const char *status;
	const char *reason;
	const char *message;
};

/* Most objects' conditions differ in their times alone: the rest is kept once. */
struct dated_condition {
	const struct condition *what;
	int64_t since;
};

struct taint {
	const char *key;
	const char *value;
	const char *effect;
};

struct address {
	const char *type; /* InternalIP, Hostname, ... */
	const char *address;
};

struct node {
	const char *name;
	const char *pod_cidr;
	struct string_list pod_cidrs;
	struct label *labels; /* those a row allows */
	size_t label_count;
	const char *flannel_backend_type;
	const char *flannel_backend_data; /* JSON text: {"VNI":1,"VtepMAC":"..."} */
	const char *flannel_public_ip;
	const char *flannel_subnet_manager;
	struct dated_condition *conditions;
	size_t condition_count;
	struct taint *taints;
	size_t taint_count;
	struct address *addresses;
	size_t address_count;
	struct string_list runtime_handlers; /* status.runtimeHandlers[].name, 1.30 on */
	int64_t cpu; /* allocatable */
	int64_t memory; /* allocatable */
	int64_t pods; /* allocatable */
	const char *kernel;
	const char *os_image;
	const char *container_runtime; /* containerd://1.7.24 */
	const char *kubelet; /* v1.31.6+k3s1 */
	const char *architecture;
	/* What the pods on it request together; UNSET: not all pods could be seen. */
	int64_t requested_cpu;
	int64_t requested_memory;
	int64_t requested_pods; /* how many they are */
};

struct container {
	const char *name;
	const char *image;
	const char *pull_policy;
	const char *program; /* command[0] */
	struct string_list variables; /* names of its environment's, those a row allows */
	int64_t memory_limit;
	int64_t memory_request;
	int64_t cpu_limit;
	int64_t cpu_request;
	const char *restart_policy; /* Always: an init container that stays, a sidecar */
};

struct termination {
	const char *reason;
	const char *message;
	int64_t exit_code; /* UNSET: it did not terminate */
	int64_t started;
	int64_t finished;
};

struct container_status {
	const char *name;
	const char *container_id; /* containerd://64 hex */
	bool ready;
	int64_t restarts;
	const char *waiting_reason;
	const char *waiting_message;
	int64_t running_since;
	struct termination now; /* state.terminated */
	struct termination last; /* lastState.terminated */
};

struct owner {
	const char *kind;
	const char *name;
};

struct pod {
	const char *namespace;
	const char *name;
	const char *uid;
	int64_t created;
	int64_t deleted; /* deletionTimestamp */
	struct owner *owners;
	size_t owner_count;
	struct label *labels; /* those a row allows */
	size_t label_count;
	struct label *annotations; /* those about Wasm: *wasm*, module.*, run.oci.* */
	size_t annotation_count;
	const char *node;
	const char *runtime_class;
	struct string_list claims; /* PersistentVolumeClaims it names */
	bool host_network;
	const char *restart_policy;
	struct container *containers;
	size_t container_count;
	struct container *init_containers;
	size_t init_container_count;
	const char *phase;
	const char *reason;
	const char *message;
	const char *ip;
	struct dated_condition *conditions;
	size_t condition_count;
	struct container_status *statuses;
	size_t status_count;
	struct container_status *init_statuses;
	size_t init_status_count;
	const char *scheduler;
	struct label *node_selector;
	size_t node_selector_count;
	int64_t cpu_request; /* of the pod as a whole, which counts then */
	int64_t memory_request;
	int64_t cpu_overhead; /* of its RuntimeClass */
	int64_t memory_overhead;
};

/* What the scheduler reckons a pod with. */
struct pod_requests {
	int64_t cpu;
	int64_t memory;
};

struct event {
	const char *namespace; /* of the object it is about */
	const char *kind;
	const char *name;
	const char *type; /* Normal, Warning */
	const char *reason;
	const char *message;
	const char *component;
	const char *host;
	int64_t count;
	int64_t first;
	int64_t last;
};

struct runtime_class {
	const char *name;
	const char *handler;
	struct label *node_selector;
	size_t node_selector_count;
};

/* A bundle of PEM certificates, read. */
struct certificates {
	int64_t count; /* UNSET: there was nothing to read */
	int64_t not_before;
	int64_t not_after; /* the soonest of the bundle */
	const char *subject;
	const char *sha256; /* of the bytes */
	const char *error;
	const char *pem; /* for probing with; never in a snapshot */
};

struct webhook {
	const char *name;
	const char *failure_policy; /* Ignore, Fail */
	int64_t timeout_seconds;
	const char *url;
	const char *service_namespace;
	const char *service_name;
	int64_t service_port;
	const char *path;
	struct certificates ca_bundle;
};

struct webhook_configuration {
	const char *name;
	struct webhook *webhooks;
	size_t webhook_count;
};

struct api_service {
	const char *name; /* v1beta1.metrics.k8s.io */
	const char *service_namespace;
	const char *service_name;
	struct dated_condition *conditions;
	size_t condition_count;
};

struct node_metrics {
	const char *name;
	int64_t timestamp;
	int64_t cpu;
	int64_t memory;
};

struct bucket {
	int64_t upto_ms; /* INT64_MAX: no bound */
	int64_t count; /* of all up to here, as Prometheus has it */
};

/* What the API server measured of one webhook since it started. */
struct admission {
	const char *webhook;
	const char *type; /* validating, admit */
	int64_t count;
	int64_t sum_ms;
	struct bucket *buckets;
	size_t bucket_count;
	int64_t failed_open;
	int64_t call_errors; /* rejections with error_type calling_webhook_error */
	int64_t denied; /* rejections by the webhook's own word */
};

struct service_port {
	const char *name;
	int64_t port;
};

/* A service that a webhook, an APIService or cluster DNS leads to. */
struct service {
	const char *namespace;
	const char *name;
	bool exists;
	const char *cluster_ip;
	const char *type;
	struct service_port *ports;
	size_t port_count;
};

struct endpoint {
	const char *namespace;
	const char *service;
	const char *address;
	int64_t port;
	bool ready;
	const char *pod;
	const char *node;
};

/* Lines of a container's log that match a pattern we know (checks' YAML, `match`). */
struct log_excerpt {
	const char *namespace;
	const char *pod;
	const char *pod_uid; /* NULL: not known */
	const char *container;
	int64_t restart; /* of which instance: the number of restarts before it */
	struct string_list lines;
};

/* How the API server answered, told apart as the user's next step differs. */
enum server_outcome {
	SERVER_NOT_ASKED,
	SERVER_OK,
	SERVER_UNRESOLVED,
	SERVER_UNREACHABLE,
	SERVER_TIMEOUT,
	SERVER_TLS,
	SERVER_UNAUTHORIZED,
	SERVER_FORBIDDEN, /* it knows who asks, and lets them see nothing */
	SERVER_NOT_KUBERNETES,
	SERVER_ERROR,
	SERVER_OUTCOME_COUNT,
};

struct server {
	enum server_outcome outcome;
	const char *url;
	const char *error; /* one sentence, unless OK */
	const char *version; /* gitVersion */
	bool ready; /* /readyz */
	struct string_list not_ready; /* the checks of /readyz that fail */
	int64_t skew_s; /* its Date header minus our clock */
};

/* A right that was missing, as RBAC writes it. */
struct denial {
	const char *verb;
	const char *group; /* "" is core */
	const char *resource;
	const char *url; /* for a non-resource URL, else NULL */
};

/* Why there is no host in the facts. */
enum host_absence {
	HOST_NOT_SOUGHT, /* nobody said: a snapshot by hand; or there is one */
	HOST_REFUSED, /* --no-host */
	HOST_NO_NODE, /* this machine is none */
	HOST_ABSENCE_COUNT,
};

struct host;
struct pull;
struct host; /* host.h */

/* gatekeeper.h */
struct constraint_template;
struct constraint;
struct gatekeeper_config;
struct controller;
struct volume_claim;
struct storage_class;
struct autoscaler; /* autoscaling.h, as the next */
struct scaled_object;
struct facts_index;

struct facts {
	int64_t taken; /* Unix seconds */
	enum host_absence no_host;
	/* The cluster was asked about these nodes and their pods alone; none: about all.
	 */
	struct string_list only_nodes;
	struct source source[FACT_COUNT];
	struct server server;
	struct denial *denials;
	size_t denial_count;
	struct node *nodes;
	size_t node_count;
	struct pod *pods; /* those a check may have to say something about */
	size_t pod_count;
	int64_t pods_seen; /* all of them */
	struct event *events;
	size_t event_count;
	struct runtime_class *runtime_classes;
	size_t runtime_class_count;
	struct webhook_configuration *validating_webhooks;
	size_t validating_webhook_count;
	struct webhook_configuration *mutating_webhooks;
	size_t mutating_webhook_count;
	struct api_service *api_services;
	size_t api_service_count;
	struct autoscaler *autoscalers;
	size_t autoscaler_count;
	struct node_metrics *node_metrics;
	size_t node_metrics_count;
	struct admission *admissions;
	size_t admission_count;
	struct service *services;
	size_t service_count;
	struct endpoint *endpoints;
	size_t endpoint_count;
	struct log_excerpt *logs;
	size_t log_count;
	struct silent_log *silent_logs;
	size_t silent_log_count;
	struct constraint_template *constraint_templates;
	size_t constraint_template_count;
	struct constraint *constraints;
	size_t constraint_count;
	struct gatekeeper_config *gatekeeper_configs;
	size_t gatekeeper_config_count;
	struct string_list exempt_namespaces; /* admission.gatekeeper.sh/ignore */
	struct controller *refused_controllers;
	size_t refused_controller_count;
	struct host *hosts; /* the nodes we ran on: one, or one a snapshot */
	size_t host_count;
	struct pull *pulls; /* performance.h */
	size_t pull_count;
	struct volume_claim *volume_claims; /* those that are not bound */
	size_t volume_claim_count;
	struct storage_class *storage_classes;
	size_t storage_class_count;
	struct scaled_object *scaled_objects;
	size_t scaled_object_count;
	const struct facts_index *index; /* by name; NULL: there is none */
};

/* The names of facts, as snapshots and `list` have them. */
extern const char *const fact_names[FACT_COUNT];

/*
 * What a pod requests: its containers and sidecars together, or the init container that
 * wants most if that is more, and its RuntimeClass's overhead (kubernetes
 * component-helpers resource.PodRequests).  Never negative; INT64_MAX is "or more".
 */
struct pod_requests pod_requests(const struct pod *pod) __attribute__((nonnull));

/* The value of a label or annotation; NULL when it is not there. */
const char *label_value(const struct label *labels, size_t count, const char *key)
	__attribute__((nonnull(3)));

/* The condition of that type; NULL when it is not there. */
const struct condition *find_condition(const struct dated_condition *conditions,
				       size_t count, const char *type)
	__attribute__((nonnull(3)));

/* Since when it is as it is; UNSET when it does not say, or is not there. */
int64_t condition_since(const struct dated_condition *conditions, size_t count,
			const char *type) __attribute__((nonnull(3)));

/* The nodes are known, and none is left out: what no node has, nobody has. */
bool knows_all_nodes(const struct facts *facts) __attribute__((nonnull));

const struct node *find_node(const struct facts *facts, const char *name)
	__attribute__((nonnull(1)));
const struct pod *find_pod(const struct facts *facts, const char *namespace,
			   const char *name) __attribute__((nonnull(1)));
const struct container *find_container(const struct pod *pod, const char *name)
	__attribute__((nonnull(1)));
const struct runtime_class *find_runtime_class(const struct facts *facts,
					       const char *name)
	__attribute__((nonnull(1)));
const struct service *find_service(const struct facts *facts, const char *namespace,
				   const char *name) __attribute__((nonnull(1)));

/* The host that is this node; NULL when we did not run there. */
const struct host *find_host(const struct facts *facts, const char *node)
	__attribute__((nonnull(1)));
