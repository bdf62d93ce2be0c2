// SPDX-License-Identifier: Apache-2.0
/* The API's objects.  To keep one more thing of them, add its row here. */
#include "facts_rows.h"

#include <wasmdiag/text.h>

#include "rows.h"

const char *const fact_state_names[] = {
	[FACT_NOT_SOUGHT] = "not-sought", [FACT_KNOWN] = "known",
	[FACT_ABSENT] = "absent",         [FACT_DENIED] = "denied",
	[FACT_FAILED] = "failed",         [FACT_STATE_COUNT] = NULL,
};

/* clang-format off */
#define OF source
static const struct field source_rows[] = {
	WORD(state, fact_state_names),
	TEXT(reason, NULL),
};
const struct record source_record = RECORD(struct source, source_rows);
#undef OF

#define OF condition
static const struct field condition_rows[] = {
	TEXT(type, "type"),
	TEXT(status, "status"),
	TEXT(reason, "reason"),
	PROSE(message, "message"),
};
static const struct record condition_words = RECORD(struct condition, condition_rows);
#undef OF

#define OF dated_condition
static const struct field dated_condition_rows[] = {
	SHARED(what, condition_words),
	TIME(since, "lastTransitionTime"),
};
const struct record condition_record = RECORD(struct dated_condition, dated_condition_rows);
#undef OF

#define OF taint
static const struct field taint_rows[] = {
	TEXT(key, "key"),
	TEXT(value, "value"),
	TEXT(effect, "effect"),
};
static const struct record taint_record = RECORD(struct taint, taint_rows);
#undef OF

#define OF address
static const struct field address_rows[] = {
	TEXT(type, "type"),
	TEXT(address, "address"),
};
static const struct record address_record = RECORD(struct address, address_rows);
#undef OF

static const char *const node_labels[] = {
	"kubernetes.io/arch", "kubernetes.io/os", "kubernetes.io/hostname",
	"node.kubernetes.io/instance-type", "node-role.kubernetes.io/*", NULL,
};

#define OF node
static const struct field node_rows[] = {
	TEXT(name, "metadata.name"),
	TEXT(pod_cidr, "spec.podCIDR"),
	STRINGS(pod_cidrs, "spec.podCIDRs"),
	LABELS(labels, label_count, "metadata.labels", node_labels),
	TEXT(flannel_backend_type, "metadata.annotations[flannel.alpha.coreos.com/backend-type]"),
	TEXT(flannel_backend_data, "metadata.annotations[flannel.alpha.coreos.com/backend-data]"),
	TEXT(flannel_public_ip, "metadata.annotations[flannel.alpha.coreos.com/public-ip]"),
	TEXT(flannel_subnet_manager, "metadata.annotations[flannel.alpha.coreos.com/kube-subnet-manager]"),
	LIST(conditions, condition_count, condition_record, "status.conditions"),
	LIST(taints, taint_count, taint_record, "spec.taints"),
	LIST(addresses, address_count, address_record, "status.addresses"),
	STRINGS(runtime_handlers, "status.runtimeHandlers[].name"),
	MILLI(cpu, "status.allocatable.cpu"),
	BYTES(memory, "status.allocatable.memory"),
	BYTES(pods, "status.allocatable.pods"),
	TEXT(kernel, "status.nodeInfo.kernelVersion"),
	TEXT(os_image, "status.nodeInfo.osImage"),
	TEXT(container_runtime, "status.nodeInfo.containerRuntimeVersion"),
	TEXT(kubelet, "status.nodeInfo.kubeletVersion"),
	TEXT(architecture, "status.nodeInfo.architecture"),
	NUMBER(requested_cpu, NULL),
	NUMBER(requested_memory, NULL),
	NUMBER(requested_pods, NULL),
};
const struct record node_record = RECORD(struct node, node_rows);
#undef OF

#define OF container
static const struct field container_rows[] = {
	TEXT(name, "name"),
	TEXT(image, "image"),
	TEXT(pull_policy, "imagePullPolicy"),
	TEXT(program, "command[0]"),
	STRINGS_OF(variables, "env[].name", kept_variables),
	BYTES(memory_limit, "resources.limits.memory"),
	BYTES(memory_request, "resources.requests.memory"),
	MILLI(cpu_limit, "resources.limits.cpu"),
	MILLI(cpu_request, "resources.requests.cpu"),
	TEXT(restart_policy, "restartPolicy"),
};
static const struct record container_record = RECORD(struct container, container_rows);
#undef OF

#define OF termination
static const struct field termination_rows[] = {
	TEXT(reason, "reason"),
	PROSE(message, "message"),
	NUMBER(exit_code, "exitCode"),
	TIME(started, "startedAt"),
	TIME(finished, "finishedAt"),
};
static const struct record termination_record = RECORD(struct termination, termination_rows);
#undef OF

#define OF container_status
static const struct field container_status_rows[] = {
	TEXT(name, "name"),
	TEXT(container_id, "containerID"),
	BOOLEAN(ready, "ready"),
	NUMBER(restarts, "restartCount"),
	TEXT(waiting_reason, "state.waiting.reason"),
	PROSE(waiting_message, "state.waiting.message"),
	TIME(running_since, "state.running.startedAt"),
	NESTED(now, termination_record, "state.terminated"),
	NESTED(last, termination_record, "lastState.terminated"),
};
static const struct record container_status_record = RECORD(struct container_status, container_status_rows);
#undef OF

#define OF owner
static const struct field owner_rows[] = {
	TEXT(kind, "kind"),
	TEXT(name, "name"),
};
static const struct record owner_record = RECORD(struct owner, owner_rows);
#undef OF

static const char *const any_key[] = { "*", NULL };

static const char *const pod_labels[] = {
	"app", "k8s-app", "app.kubernetes.io/name", "control-plane",
	"gatekeeper.sh/operation", "gatekeeper.sh/system", NULL,
};

/* Misspelt keys are what we look for, so the pattern is wide; values are short words. */
const char *const kept_annotations[] = { "*wasm*", "module.*", "run.oci.*", NULL };

#define OF pod
static const struct field pod_rows[] = {
	TEXT(namespace, "metadata.namespace"),
	TEXT(name, "metadata.name"),
	TEXT(uid, "metadata.uid"),
	TIME(created, "metadata.creationTimestamp"),
	TIME(deleted, "metadata.deletionTimestamp"),
	LIST(owners, owner_count, owner_record, "metadata.ownerReferences"),
	LABELS(labels, label_count, "metadata.labels", pod_labels),
	LABELS(annotations, annotation_count, "metadata.annotations", kept_annotations),
	TEXT(node, "spec.nodeName"),
	TEXT(runtime_class, "spec.runtimeClassName"),
	STRINGS(claims, "spec.volumes[].persistentVolumeClaim.claimName"),
	BOOLEAN(host_network, "spec.hostNetwork"),
	TEXT(restart_policy, "spec.restartPolicy"),
	LIST(containers, container_count, container_record, "spec.containers"),
	LIST(init_containers, init_container_count, container_record, "spec.initContainers"),
	TEXT(phase, "status.phase"),
	TEXT(reason, "status.reason"),
	PROSE(message, "status.message"),
	TEXT(ip, "status.podIP"),
	LIST(conditions, condition_count, condition_record, "status.conditions"),
	LIST(statuses, status_count, container_status_record, "status.containerStatuses"),
	LIST(init_statuses, init_status_count, container_status_record, "status.initContainerStatuses"),
	TEXT(scheduler, "spec.schedulerName"),
	LABELS(node_selector, node_selector_count, "spec.nodeSelector", any_key),
	MILLI(cpu_request, "spec.resources.requests.cpu"),
	BYTES(memory_request, "spec.resources.requests.memory"),
	MILLI(cpu_overhead, "spec.overhead.cpu"),
	BYTES(memory_overhead, "spec.overhead.memory"),
};
const struct record pod_record = RECORD(struct pod, pod_rows);
#undef OF

#define OF event
static const struct field event_rows[] = {
	/* core/v1 | events.k8s.io/v1, whose reportingInstance need not be a node */
	TEXT(namespace, "involvedObject.namespace|regarding.namespace"),
	TEXT(kind, "involvedObject.kind|regarding.kind"),
	TEXT(name, "involvedObject.name|regarding.name"),
	TEXT(type, "type"),
	TEXT(reason, "reason"),
	PROSE(message, "message|note"),
	TEXT(component, "source.component|deprecatedSource.component|reportingComponent|reportingController"),
	TEXT(host, "source.host|deprecatedSource.host"),
	NUMBER(count, "series.count|count|deprecatedCount"),
	TIME(first, "firstTimestamp|deprecatedFirstTimestamp|eventTime|metadata.creationTimestamp"),
	TIME(last, "series.lastObservedTime|lastTimestamp|deprecatedLastTimestamp|eventTime|metadata.creationTimestamp"),
};
const struct record event_record = RECORD(struct event, event_rows);
#undef OF

#define OF runtime_class
static const struct field runtime_class_rows[] = {
	TEXT(name, "metadata.name"),
	TEXT(handler, "handler"),
	LABELS(node_selector, node_selector_count, "scheduling.nodeSelector", any_key),
};
const struct record runtime_class_record = RECORD(struct runtime_class, runtime_class_rows);
#undef OF

#define OF certificates
static const struct field certificates_rows[] = {
	NUMBER(count, NULL),
	TIME(not_before, NULL),
	TIME(not_after, NULL),
	TEXT(subject, NULL),
	TEXT(sha256, NULL),
	TEXT(error, NULL),
};
static const struct record certificates_record = RECORD(struct certificates, certificates_rows);
#undef OF

#define OF webhook
static const struct field webhook_rows[] = {
	TEXT(name, "name"),
	TEXT(failure_policy, "failurePolicy"),
	NUMBER(timeout_seconds, "timeoutSeconds"),
	TEXT(url, "clientConfig.url"),
	TEXT(service_namespace, "clientConfig.service.namespace"),
	TEXT(service_name, "clientConfig.service.name"),
	NUMBER(service_port, "clientConfig.service.port"),
	TEXT(path, "clientConfig.service.path"),
	ROW(ca_bundle, FIELD_CERTIFICATES, .path = "clientConfig.caBundle",
	    .record = &certificates_record),
};
static const struct record webhook_record = RECORD(struct webhook, webhook_rows);
#undef OF

#define OF webhook_configuration
static const struct field webhook_configuration_rows[] = {
	TEXT(name, "metadata.name"),
	LIST(webhooks, webhook_count, webhook_record, "webhooks"),
};
const struct record webhook_configuration_record = RECORD(struct webhook_configuration, webhook_configuration_rows);
#undef OF

#define OF api_service
static const struct field api_service_rows[] = {
	TEXT(name, "metadata.name"),
	TEXT(service_namespace, "spec.service.namespace"),
	TEXT(service_name, "spec.service.name"),
	LIST(conditions, condition_count, condition_record, "status.conditions"),
};
const struct record api_service_record = RECORD(struct api_service, api_service_rows);
#undef OF

#define OF node_metrics
static const struct field node_metrics_rows[] = {
	TEXT(name, "metadata.name"),
	TIME(timestamp, "timestamp"),
	MILLI(cpu, "usage.cpu"),
	BYTES(memory, "usage.memory"),
};
const struct record node_metrics_record = RECORD(struct node_metrics, node_metrics_rows);
#undef OF

#define OF bucket
static const struct field bucket_rows[] = {
	NUMBER(upto_ms, NULL),
	NUMBER(count, NULL),
};
static const struct record bucket_record = RECORD(struct bucket, bucket_rows);
#undef OF

#define OF admission
static const struct field admission_rows[] = {
	TEXT(webhook, NULL),
	TEXT(type, NULL),
	NUMBER(count, NULL),
	NUMBER(sum_ms, NULL),
	LIST(buckets, bucket_count, bucket_record, NULL),
	NUMBER(failed_open, NULL),
	NUMBER(call_errors, NULL),
	NUMBER(denied, NULL),
};
const struct record admission_record = RECORD(struct admission, admission_rows);
#undef OF

#define OF service_port
static const struct field service_port_rows[] = {
	TEXT(name, "name"),
	NUMBER(port, "port"),
};
static const struct record service_port_record = RECORD(struct service_port, service_port_rows);
#undef OF

#define OF service
static const struct field service_rows[] = {
	TEXT(namespace, "metadata.namespace"),
	TEXT(name, "metadata.name"),
	BOOLEAN(exists, NULL),
	TEXT(cluster_ip, "spec.clusterIP"),
	TEXT(type, "spec.type"),
	LIST(ports, port_count, service_port_record, "spec.ports"),
};
const struct record service_record = RECORD(struct service, service_rows);
#undef OF

#define OF endpoint
static const struct field endpoint_rows[] = {
	TEXT(namespace, NULL),
	TEXT(service, NULL),
	TEXT(address, NULL),
	NUMBER(port, NULL),
	BOOLEAN(ready, NULL),
	TEXT(pod, NULL),
	TEXT(node, NULL),
};
const struct record endpoint_record = RECORD(struct endpoint, endpoint_rows);
#undef OF

#define OF log_excerpt
static const struct field log_excerpt_rows[] = {
	TEXT(namespace, NULL),
	TEXT(pod, NULL),
	TEXT(pod_uid, NULL),
	TEXT(container, NULL),
	NUMBER(restart, NULL),
	STRINGS(lines, NULL),
};
const struct record log_excerpt_record = RECORD(struct log_excerpt, log_excerpt_rows);
#undef OF

static const char *const server_outcomes[] = {
	[SERVER_NOT_ASKED] = "not-asked", [SERVER_OK] = "ok", [SERVER_UNRESOLVED] = "unresolved",
	[SERVER_UNREACHABLE] = "unreachable", [SERVER_TIMEOUT] = "timeout", [SERVER_TLS] = "tls",
	[SERVER_UNAUTHORIZED] = "unauthorized", [SERVER_FORBIDDEN] = "forbidden",
	[SERVER_NOT_KUBERNETES] = "not-kubernetes", [SERVER_ERROR] = "error",
	[SERVER_OUTCOME_COUNT] = NULL,
};

#define OF server
static const struct field server_rows[] = {
	WORD(outcome, server_outcomes),
	TEXT(url, NULL),
	TEXT(error, NULL),
	TEXT(version, NULL),
	BOOLEAN(ready, NULL),
	STRINGS(not_ready, NULL),
	NUMBER(skew_s, NULL),
};
const struct record server_record = RECORD(struct server, server_rows);
#undef OF

#define OF denial
static const struct field denial_rows[] = {
	TEXT(verb, NULL),
	TEXT(group, NULL),
	TEXT(resource, NULL),
	TEXT(url, NULL),
};
const struct record denial_record = RECORD(struct denial, denial_rows);
#undef OF

static const char *const host_absences[] = {
	[HOST_NOT_SOUGHT] = "not-sought", [HOST_REFUSED] = "refused", [HOST_NO_NODE] = "no-node",
	[HOST_ABSENCE_COUNT] = NULL,
};

#define OF facts
static const struct field facts_rows[] = {
	TIME(taken, NULL),
	WORD(no_host, host_absences),
	STRINGS(only_nodes, NULL),
	NESTED(server, server_record, NULL),
	LIST(denials, denial_count, denial_record, NULL),
	LIST(nodes, node_count, node_record, NULL),
	LIST(pods, pod_count, pod_record, NULL),
	NUMBER(pods_seen, NULL),
	LIST(events, event_count, event_record, NULL),
	LIST(runtime_classes, runtime_class_count, runtime_class_record, NULL),
	LIST(validating_webhooks, validating_webhook_count, webhook_configuration_record, NULL),
	LIST(mutating_webhooks, mutating_webhook_count, webhook_configuration_record, NULL),
	LIST(api_services, api_service_count, api_service_record, NULL),
	LIST(autoscalers, autoscaler_count, autoscaler_record, NULL),
	LIST(node_metrics, node_metrics_count, node_metrics_record, NULL),
	LIST(admissions, admission_count, admission_record, NULL),
	LIST(services, service_count, service_record, NULL),
	LIST(endpoints, endpoint_count, endpoint_record, NULL),
	LIST(logs, log_count, log_excerpt_record, NULL),
	LIST(silent_logs, silent_log_count, silent_log_record, NULL),
	LIST(pulls, pull_count, pull_record, NULL),
	LIST(constraint_templates, constraint_template_count, constraint_template_record, NULL),
	LIST(constraints, constraint_count, constraint_record, NULL),
	LIST(gatekeeper_configs, gatekeeper_config_count, gatekeeper_config_record, NULL),
	STRINGS(exempt_namespaces, NULL),
	LIST(refused_controllers, refused_controller_count, controller_record, NULL),
	LIST(volume_claims, volume_claim_count, volume_claim_record, NULL),
	LIST(storage_classes, storage_class_count, storage_class_record, NULL),
	LIST(scaled_objects, scaled_object_count, scaled_object_record, NULL),
};
const struct record facts_record = RECORD(struct facts, facts_rows);
#undef OF
/* clang-format on */
