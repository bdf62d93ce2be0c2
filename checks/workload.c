// SPDX-License-Identifier: Apache-2.0
#include "workload.h"

#include <wasmdiag/gatekeeper.h>
#include <wasmdiag/text.h>

/* The alphabet of generated suffixes (k8s.io/apimachinery pkg/util/rand). */
#define SUFFIX_ALPHABET "bcdfghjklmnpqrstvwxz2456789"

/* Where the pod-template hash of a Deployment's ReplicaSet begins; 0: it has none. */
static size_t hash_offset(const char *name)
{
	const char *dash = strrchr(name, '-');
	size_t length;

	if (!dash || dash == name)
		return 0;
	length = strspn(dash + 1, SUFFIX_ALPHABET);
	return length >= 5 && length <= 10 && !dash[1 + length] ? (size_t)(dash - name)
								: 0;
}

struct subject workload_named(const char *kind, const char *namespace, const char *name,
			      struct report *report)
{
	size_t length = hash_offset(text_or_empty(name));

	if (text_equal(kind, "ReplicaSet") && length > 0 && length < 254)
		return (struct subject){ "Deployment", namespace,
					 report_text(report, "%.*s", (int)length, name) };
	return (struct subject){ text_or_empty(kind), namespace, text_or_empty(name) };
}

struct subject workload_of(const struct pod *pod, struct report *report)
{
	const struct owner *owner = pod->owner_count ? &pod->owners[0] : NULL;

	if (!owner || !owner->kind || !owner->name || text_equal(owner->kind, "Node"))
		return (struct subject){ "Pod", pod->namespace,
					 text_or_empty(pod->name) };
	return workload_named(owner->kind, pod->namespace, owner->name, report);
}

static bool is_replica_set_of(const char *replica_set, const char *deployment)
{
	size_t length = hash_offset(replica_set);

	return length > 0 && strlen(deployment) == length &&
	       strncmp(replica_set, deployment, length) == 0;
}

bool pod_is_of(const struct pod *pod, const char *kind, const char *name)
{
	for (size_t i = 0; kind && name && i < pod->owner_count; i++) {
		const struct owner *owner = &pod->owners[i];

		if (!owner->name)
			continue;
		if (text_equal(owner->kind, kind) && text_equal(owner->name, name))
			return true;
		if (text_equal(kind, "Deployment") &&
		    text_equal(owner->kind, "ReplicaSet") &&
		    is_replica_set_of(owner->name, name))
			return true;
	}
	return false;
}

const char *workload_resource(const struct subject *workload, struct report *report)
{
	static const char *const kinds[][2] = {
		{ "Deployment", "deployment" },
		{ "DaemonSet", "daemonset" },
		{ "StatefulSet", "statefulset" },
		{ "ReplicaSet", "replicaset" },
		{ "Job", "job" },
		{ "Pod", "pod" },
	};
	const char *kind = text_or_empty(workload->kind);

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (text_equal(kinds[i][0], kind))
			kind = kinds[i][1];
	return report_text(report, "%s/%s", kind, text_or_empty(workload->name));
}

bool workload_restarts(const struct subject *workload)
{
	return text_equal(workload->kind, "Deployment") ||
	       text_equal(workload->kind, "DaemonSet") ||
	       text_equal(workload->kind, "StatefulSet");
}

const char *workload_key(const struct subject *workload)
{
	if (text_equal(workload->kind, "Pod"))
		return "bare_pod";
	return text_equal(workload->kind, "Job") ? "job" : "owner";
}

void name_workload(struct finding *finding, const struct pod *pod, struct report *report)
{
	struct subject workload = workload_of(pod, report);

	if (pod->namespace)
		finding_value(finding, "namespace", "%s", pod->namespace);
	finding_value(finding, "resource", "%s", workload_resource(&workload, report));
	finding_value(finding, "owner", "%s", text_or_empty(workload.name));
	finding_value(finding, "pod", "%s", text_or_empty(pod->name));
	if (pod->node)
		finding_value(finding, "node", "%s", pod->node);
}

/* The CronJob of a Job that it named by the minute or, before 1.21, by the second. */
static struct subject cron_job_of(struct subject workload, struct report *report)
{
	const char *dash = strrchr(text_or_empty(workload.name), '-');
	size_t digits = dash ? strspn(dash + 1, "0123456789") : 0;

	if (!text_equal(workload.kind, "Job") || digits < 8 || digits > 10 ||
	    dash[1 + digits] || dash == workload.name)
		return workload;
	return (struct subject){ "CronJob", workload.namespace,
				 report_text(report, "%.*s", (int)(dash - workload.name),
					     workload.name) };
}

struct finding *container_finding(struct report *report, const struct facts *facts,
				  const struct guide *guide, const struct place *place)
{
	const struct pod *pod = find_pod(facts, place->namespace, place->pod);
	struct subject witness = { "Pod", place->namespace, text_or_empty(place->pod) };
	struct subject subject = pod ? workload_of(pod, report) : witness;
	struct finding *finding =
		report_finding(report, guide, cron_job_of(subject, report));

	finding_value(finding, "resource", "%s", workload_resource(&subject, report));
	if (pod)
		finding_value(finding, workload_key(&subject), "%s",
			      text_or_empty(subject.name));
	finding_value(finding, "container", "%s", text_or_empty(place->container));
	finding_witness(finding, witness);
	return finding;
}

const struct wasm_container *find_wasm_container(const struct facts *facts,
						 const struct place *place)
{
	for (size_t i = 0; i < facts->host_count; i++) {
		const struct host *host = &facts->hosts[i];

		for (size_t j = 0; j < host->wasm_container_count; j++) {
			const struct wasm_container *found = &host->wasm_containers[j];

			if (text_equal(found->pod, place->pod) &&
			    text_equal(found->namespace, place->namespace) &&
			    text_equal(found->container, place->container))
				return found;
		}
	}
	return NULL;
}

int64_t seconds_since(int64_t then, int64_t now)
{
	int64_t age;

	if (then == UNSET || __builtin_sub_overflow(now, then, &age))
		return INT64_MAX;
	return age;
}

const struct controller *find_controller(const struct facts *facts,
					 const struct event *event)
{
	for (size_t i = 0; event->name && i < facts->refused_controller_count; i++) {
		const struct controller *controller = &facts->refused_controllers[i];

		if (text_equal(controller->kind, event->kind) &&
		    text_equal(controller->namespace, event->namespace) &&
		    text_equal(controller->name, event->name))
			return controller;
	}
	return NULL;
}

bool lacks_pods(const struct controller *controller)
{
	int64_t current = controller->current == UNSET ? 0 : controller->current;

	return controller->exists && controller->completed == UNSET &&
	       (controller->desired == UNSET || current < controller->desired);
}

void show_controller(struct finding *finding, const struct facts *facts,
		     const struct event *event, struct report *report)
{
	const struct controller *controller = find_controller(facts, event);

	if (!controller || controller->desired == UNSET)
		return;
	finding_saw(finding, "pods",
		    report_text(report, "%lld",
				(long long)(controller->current == UNSET
						    ? 0
						    : controller->current)),
		    report_text(report, "%lld", (long long)controller->desired),
		    report_text(report, "%s %s/%s", text_or_empty(event->kind),
				text_or_empty(event->namespace),
				text_or_empty(event->name)));
}

bool pod_is_over(const struct pod *pod)
{
	if (pod->deleted != UNSET || text_equal(pod->phase, "Succeeded"))
		return true;
	/* Evicted, shut down with its node: the record stays, the owner makes another. */
	return text_equal(pod->phase, "Failed") && pod->owner_count > 0 &&
	       !text_equal(pod->owners[0].kind, "Node");
}

bool pod_is_ready(const struct pod *pod)
{
	const struct condition *ready =
		find_condition(pod->conditions, pod->condition_count, "Ready");

	return ready && text_equal(ready->status, "True");
}

int64_t pod_unready_since(const struct pod *pod)
{
	int64_t since = condition_since(pod->conditions, pod->condition_count, "Ready");

	return since != UNSET ? since : pod->created;
}

static const char *status_trouble(const struct container_status *statuses, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct container_status *status = &statuses[i];

		if (status->waiting_reason &&
		    !text_equal(status->waiting_reason, "PodInitializing") &&
		    !text_equal(status->waiting_reason, "ContainerCreating"))
			return status->waiting_reason;
		if (status->now.reason && !text_equal(status->now.reason, "Completed"))
			return status->now.reason;
	}
	return NULL;
}

const char *pod_trouble(const struct pod *pod)
{
	const struct condition *scheduled =
		find_condition(pod->conditions, pod->condition_count, "PodScheduled");
	const char *trouble;

	if (scheduled && text_equal(scheduled->status, "False"))
		return scheduled->reason ? scheduled->reason : "Unschedulable";
	trouble = status_trouble(pod->init_statuses, pod->init_status_count);
	if (!trouble)
		trouble = status_trouble(pod->statuses, pod->status_count);
	if (trouble)
		return trouble;
	if (pod->reason)
		return pod->reason;
	return text_equal(pod->phase, "Running") || !pod->phase ? "NotReady" : pod->phase;
}

static void show_status(struct finding *finding, const struct container_status *status,
			const char *source, struct report *report)
{
	const struct termination *end =
		status->now.exit_code != UNSET ? &status->now : &status->last;

	if (end->exit_code == UNSET)
		return;
	finding_saw(finding, text_or_empty(status->name),
		    report_text(report, "%s, exit %lld, %lld restarts",
				end->reason ? end->reason : "terminated",
				(long long)end->exit_code,
				(long long)(status->restarts > 0 ? status->restarts : 0)),
		    NULL, source);
}

void show_pod(struct finding *finding, const struct pod *pod, struct report *report)
{
	const char *source =
		report_text(report, "Pod %s/%s", text_or_empty(pod->namespace),
			    text_or_empty(pod->name));
	const struct condition *scheduled =
		find_condition(pod->conditions, pod->condition_count, "PodScheduled");

	finding_witness(finding, (struct subject){ "Pod", pod->namespace,
						   text_or_empty(pod->name) });
	if (!pod_is_ready(pod))
		finding_saw(finding, "status", pod_trouble(pod), "Ready", source);
	if (scheduled && scheduled->message && !text_equal(scheduled->status, "True"))
		finding_saw(finding, "PodScheduled", scheduled->message, "True", source);
	for (size_t i = 0; i < pod->status_count; i++)
		show_status(finding, &pod->statuses[i], source, report);
}
