// SPDX-License-Identifier: Apache-2.0
/* What metrics-server itself does: its pods, and the samples it has. */
#include "metrics_server.h"

#include <wasmdiag/text.h>

#include "autoscaler.h"
#include "metrics_server.words.h"

/* metrics-server takes a sample every 15 to 60 s. */
#define OLD_SAMPLE_S 180

/* ---- 5203: its pods ---- */

static bool is_endpoint(const struct metrics *metrics, const struct pod *pod)
{
	const struct facts *facts = metrics->facts;

	for (size_t i = 0; metrics->api && i < facts->endpoint_count; i++)
		if (text_equal(facts->endpoints[i].namespace,
			       metrics->api->service_namespace) &&
		    text_equal(facts->endpoints[i].service, metrics->api->service_name) &&
		    text_equal(facts->endpoints[i].pod, pod->name))
			return text_equal(pod->namespace, facts->endpoints[i].namespace);
	return false;
}

/* The manifests label it in one way, the Helm chart in another. */
static bool is_metrics_server(const struct metrics *metrics, const struct pod *pod)
{
	return text_equal(label_value(pod->labels, pod->label_count, "k8s-app"),
			  "metrics-server") ||
	       text_equal(label_value(pod->labels, pod->label_count,
				      "app.kubernetes.io/name"),
			  "metrics-server") ||
	       is_endpoint(metrics, pod);
}

static bool is_failing(const struct metrics *metrics, const struct pod *pod)
{
	const struct condition *ready =
		find_condition(pod->conditions, pod->condition_count, "Ready");
	int64_t now = report_now(metrics->report);

	if (pod->deleted != UNSET || text_equal(pod->phase, "Succeeded") ||
	    (ready && text_equal(ready->status, "True")))
		return false;
	return pod->created == UNSET || now - YOUNG_S >= pod->created;
}

/* Deployment "metrics-server" of ReplicaSet "metrics-server-7b9c4". */
static void name_workload(const struct pod *pod, struct finding *finding)
{
	for (size_t i = 0; i < pod->owner_count; i++) {
		const char *name = pod->owners[i].name;
		const char *dash = name ? strrchr(name, '-') : NULL;

		if (!dash || !text_equal(pod->owners[i].kind, "ReplicaSet"))
			continue;
		finding_value(finding, "resource", "deployment/%.*s", (int)(dash - name),
			      name);
		return;
	}
}

static void show_status(const struct metrics *metrics, const struct pod *pod,
			struct finding *finding)
{
	for (size_t i = 0; i < pod->status_count; i++) {
		const struct container_status *status = &pod->statuses[i];

		if (status->waiting_reason)
			finding_saw(finding, status->waiting_reason,
				    text_or_empty(status->waiting_message), NULL,
				    "state.waiting");
		if (status->last.reason)
			finding_saw(finding, "lastState.terminated",
				    report_text(metrics->report, "%s, exit %lld",
						status->last.reason,
						(long long)status->last.exit_code),
				    NULL, status->name);
		if (status->restarts > 0)
			finding_saw(finding, "restartCount",
				    report_text(metrics->report, "%lld",
						(long long)status->restarts),
				    NULL, status->name);
	}
	finding_saw(finding, "Ready", "False", "True", "status.conditions");
}

/* Two of its lines are enough to know what it could not do. */
static void show_log(const struct metrics *metrics, const struct pod *pod,
		     struct finding *finding)
{
	const struct facts *facts = metrics->facts;

	for (size_t i = 0; i < facts->log_count; i++) {
		const struct log_excerpt *log = &facts->logs[i];

		if (!text_equal(log->pod, pod->name) ||
		    !text_equal(log->namespace, pod->namespace))
			continue;
		for (size_t j = 0; j < log->lines.count && j < 2; j++)
			finding_saw(finding, "log", text_or_empty(log->lines.items[j]),
				    NULL, log->container);
	}
}

static void judge_pod(const struct metrics *metrics, const struct pod *pod)
{
	struct finding *finding;

	if (!pod->name || !pod->namespace || !is_metrics_server(metrics, pod) ||
	    !is_failing(metrics, pod))
		return;
	finding = report_finding(
		metrics->report, &WD5203,
		(struct subject){ "Pod", pod->namespace, text_or_empty(pod->name) });
	finding_value(finding, "api_service", "%s", metrics_api_name(metrics));
	finding_value(finding, "node", "%s", text_or_empty(pod->node));
	name_workload(pod, finding);
	show_status(metrics, pod, finding);
	show_log(metrics, pod, finding);
	/* Another replica does the work. */
	if (metrics->api && api_service_available(metrics->api))
		finding_severity(finding, SEVERITY_WARN);
}

void metrics_judge_pods(const struct metrics *metrics)
{
	for (size_t i = 0; i < metrics->facts->pod_count; i++)
		judge_pod(metrics, &metrics->facts->pods[i]);
}

/* ---- 5204: nodes without a sample ---- */

/* Both lists come in the same order, so the search goes on where the last one ended. */
static const struct node_metrics *find_sample(const struct facts *facts, const char *name,
					      size_t *at)
{
	for (size_t i = 0; i < facts->node_metrics_count; i++) {
		size_t place = (*at + i) % facts->node_metrics_count;

		if (!text_equal(facts->node_metrics[place].name, name))
			continue;
		*at = place + 1;
		return &facts->node_metrics[place];
	}
	return NULL;
}

static bool is_ready(const struct metrics *metrics, const struct node *node)
{
	const struct condition *ready =
		find_condition(node->conditions, node->condition_count, "Ready");
	int64_t since = condition_since(node->conditions, node->condition_count, "Ready");

	return ready && text_equal(ready->status, "True") &&
	       (since == UNSET || since <= report_now(metrics->report) - OLD_SAMPLE_S);
}

static void lacks_sample(const struct metrics *metrics, const struct node *node,
			 const struct node_metrics *sample)
{
	const char *api = metrics_api_name(metrics);
	const char *name = text_or_empty(node->name);
	struct finding *finding = report_finding(
		metrics->report, &WD5204, (struct subject){ "APIService", NULL, api });

	finding_value(finding, "node", "%s", name);
	finding_value(finding, "namespace", "%s",
		      metrics->api && metrics->api->service_namespace
			      ? metrics->api->service_namespace
			      : "kube-system");
	finding_value(finding, "service", "%s",
		      metrics->api && metrics->api->service_name
			      ? metrics->api->service_name
			      : "metrics-server");
	finding_value(finding, "seconds", "%d", OLD_SAMPLE_S);
	finding_witness(finding, (struct subject){ "Node", NULL, name });
	if (!sample || sample->timestamp == UNSET)
		finding_saw(finding, name, "none", NULL, "metrics.k8s.io nodes");
	else
		finding_saw(finding, name,
			    report_text(metrics->report, "%lld s",
					(long long)(report_now(metrics->report) -
						    sample->timestamp)),
			    report_text(metrics->report, "<= %d s", OLD_SAMPLE_S),
			    "metrics.k8s.io nodes");
}

void metrics_judge_samples(const struct metrics *metrics)
{
	const struct facts *facts = metrics->facts;
	int64_t oldest = report_now(metrics->report) - OLD_SAMPLE_S;
	size_t at = 0;

	for (size_t i = 0; i < facts->node_count; i++) {
		const struct node_metrics *sample;

		if (!is_ready(metrics, &facts->nodes[i]))
			continue;
		sample = find_sample(facts, facts->nodes[i].name, &at);
		if (!sample || sample->timestamp == UNSET || sample->timestamp < oldest)
			lacks_sample(metrics, &facts->nodes[i], sample);
	}
}
