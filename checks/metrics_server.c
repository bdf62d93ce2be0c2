// SPDX-License-Identifier: Apache-2.0
/* Can autoscalers learn what pods use?  HPA -> APIService -> metrics-server -> kubelet.
 */
#include "metrics_server.h"

#include <wasmdiag/text.h>

#include "autoscaler.h"
#include "metrics_server.words.h"

/* ---- who is there ---- */

const char *metrics_api_name(const struct metrics *metrics)
{
	return metrics->api ? text_or_empty(metrics->api->name) : METRICS_API;
}

static bool is_k3s(const struct facts *facts)
{
	if (text_has(facts->server.version, "+k3s"))
		return true;
	for (size_t i = 0; i < facts->node_count; i++)
		if (text_has(facts->nodes[i].kubelet, "+k3s"))
			return true;
	for (size_t i = 0; i < facts->host_count; i++)
		if (facts->hosts[i].k3s.installed)
			return true;
	return false;
}

static const struct host *find_server(const struct facts *facts)
{
	for (size_t i = 0; i < facts->host_count; i++) {
		const struct k3s *k3s = &facts->hosts[i].k3s;

		if (k3s->installed && !k3s->error && text_equal(k3s->role, "server"))
			return &facts->hosts[i];
	}
	return NULL;
}

static bool is_listed(const struct string_list *list, const char *wanted)
{
	for (size_t i = 0; i < list->count; i++)
		if (text_equal(list->items[i], wanted))
			return true;
	return false;
}

static bool is_needed(const struct facts *facts)
{
	for (size_t i = 0; i < facts->autoscaler_count; i++)
		if (reads_resources(&facts->autoscalers[i]))
			return true;
	return false;
}

static void call_witnesses(const struct metrics *metrics, struct finding *finding)
{
	const struct facts *facts = metrics->facts;

	for (size_t i = 0; i < facts->autoscaler_count; i++)
		if (reads_resources(&facts->autoscalers[i]))
			finding_witness(finding,
					autoscaler_subject(&facts->autoscalers[i]));
}

/* ---- 5201: not registered ---- */

/* The minor of "v1.20.2"; UNSET when it does not read like that. */
static int64_t minor_version(const char *version)
{
	int64_t minor = 0;

	if (!text_starts(version, "v1.") || version[3] < '0' || version[3] > '9')
		return UNSET;
	for (version += 3; *version >= '0' && *version <= '9' && minor < 1000; version++)
		minor = minor * 10 + (*version - '0');
	return minor;
}

/* The release that its README's table of versions gives for this cluster. */
static void name_release(const struct metrics *metrics, struct finding *finding)
{
	int64_t minor = minor_version(metrics->facts->server.version);
	const char *release = minor == UNSET || minor >= 31 ? "latest/download"
			      : minor >= 27                 ? "download/v0.7.2"
			      : minor >= 25                 ? "download/v0.6.4"
							    : "download/v0.5.2";

	finding_value(finding, "url",
		      "https://github.com/kubernetes-sigs/metrics-server/releases/%s/"
		      "components.yaml",
		      release);
}

static void name_fix(const struct metrics *metrics, struct finding *finding)
{
	const struct k3s *k3s = metrics->server ? &metrics->server->k3s : NULL;

	if (!metrics->k3s) {
		name_release(metrics, finding);
		return;
	}
	finding_value(finding, "unit", "k3s");
	if (metrics->disabled && k3s->config)
		finding_value(finding, "path", "%s", k3s->config);
	else
		finding_value(finding, "data_dir", "%s",
			      k3s && k3s->data_dir ? k3s->data_dir
						   : "/var/lib/rancher/k3s");
}

/* K3s brings it, unless its configuration says otherwise: which has to be seen. */
static bool is_part_of_product(const struct metrics *metrics)
{
	return metrics->server && !metrics->disabled;
}

static void judge_missing(const struct metrics *metrics)
{
	bool known = report_knows(metrics->report, FACT_AUTOSCALERS);
	struct finding *finding;

	if (!is_needed(metrics->facts) && !is_part_of_product(metrics)) {
		if (known)
			report_skip(metrics->report,
				    metrics->disabled ? &metrics_server_disabled
						      : &metrics_server_not_needed);
		return;
	}
	finding = report_finding(metrics->report, &WD5201,
				 (struct subject){ "APIService", NULL, METRICS_API });
	finding_saw(finding, METRICS_API, "missing", "registered",
		    "kubectl get apiservice");
	if (metrics->disabled)
		finding_saw(finding, "disable", "metrics-server", NULL,
			    metrics->server->k3s.config);
	name_fix(metrics, finding);
	call_witnesses(metrics, finding);
}

/* ---- 5202: registered, not available ---- */

/* Each reason has a fix of its own, picked by the value that only it gives. */
static void decode_reason(const struct metrics *metrics, const char *reason,
			  struct finding *finding)
{
	if (text_equal(reason, "ServiceNotFound") ||
	    text_equal(reason, "ServicePortError")) {
		if (metrics->k3s && !metrics->disabled)
			finding_value(finding, "unit", "k3s");
		else
			finding_value(finding, "name", "%s", metrics->api->name);
		if (!metrics->k3s)
			name_release(metrics, finding);
	} else if (text_equal(reason, "MissingEndpoints") ||
		   text_equal(reason, "EndpointsNotFound")) {
		finding_value(finding, "count", "0");
	} else if (text_equal(reason, "FailedDiscoveryCheck")) {
		finding_value(finding, "port", "10250");
	}
}

static void judge_unavailable(const struct metrics *metrics)
{
	const struct api_service *api = metrics->api;
	const struct condition *condition =
		find_condition(api->conditions, api->condition_count, "Available");
	const char *reason = condition ? condition->reason : NULL;
	struct finding *finding = report_finding(
		metrics->report, &WD5202,
		(struct subject){ "APIService", NULL, text_or_empty(api->name) });

	finding_value(finding, "namespace", "%s", text_or_empty(api->service_namespace));
	finding_value(finding, "service", "%s", text_or_empty(api->service_name));
	finding_value(finding, "reason", "%s", reason ? reason : "Unknown");
	finding_saw(finding, "Available",
		    condition && condition->status ? condition->status : "Unknown",
		    "True", "status.conditions");
	if (condition && condition->message)
		finding_saw(finding, reason ? reason : "Unknown", condition->message,
			    NULL, "status.conditions");
	decode_reason(metrics, reason, finding);
	call_witnesses(metrics, finding);
}

/* ---- 5205: autoscalers ---- */

/* It read no resource metric, for a reason on this side of the pod's own specification:
 * a request that is missing is hpa-cpu's to report. */
static bool is_blind(const struct metrics *metrics, const struct autoscaler *autoscaler,
		     const struct condition *condition)
{
	const char *message = text_or_empty(condition->message);
	int64_t since = condition_since(autoscaler->conditions,
					autoscaler->condition_count, condition->type);

	if (!(text_equal(condition->reason, "FailedGetResourceMetric") ||
	      text_equal(condition->reason, "FailedGetContainerResourceMetric")) ||
	    text_has(message, "missing request for"))
		return false;
	if (text_has(message, "no metrics returned") ||
	    text_has(message, "did not receive metrics"))
		return since == UNSET || since <= report_now(metrics->report) - YOUNG_S;
	return true;
}

static void judge_autoscaler(const struct metrics *metrics,
			     const struct autoscaler *autoscaler)
{
	const struct condition *condition = why_inactive(autoscaler);
	struct finding *finding;

	if (!condition || !is_blind(metrics, autoscaler, condition))
		return;
	finding =
		report_finding(metrics->report, &WD5205, autoscaler_subject(autoscaler));
	finding_value(finding, "api_service", "%s", metrics_api_name(metrics));
	name_target(finding, autoscaler, metrics->report);
	finding_value(finding, "reason", "%s", text_or_empty(condition->reason));
	finding_saw(finding, text_or_empty(condition->reason),
		    text_or_empty(condition->message), NULL, "ScalingActive");
}

/* ---- 5206: what it is to scale ---- */

/* The condition that says it cannot get at its target or tell its pods. */
static const struct condition *find_target_fault(const struct autoscaler *autoscaler)
{
	const struct condition *able = find_condition(
		autoscaler->conditions, autoscaler->condition_count, "AbleToScale");
	const struct condition *inactive = why_inactive(autoscaler);

	if (able && text_equal(able->status, "False") &&
	    (text_equal(able->reason, "FailedGetScale") ||
	     text_equal(able->reason, "FailedUpdateScale")))
		return able;
	if (inactive && (text_equal(inactive->reason, "InvalidSelector") ||
			 text_equal(inactive->reason, "SelectorRequired")))
		return inactive;
	return NULL;
}

static void judge_target(const struct metrics *metrics,
			 const struct autoscaler *autoscaler)
{
	const struct condition *condition = find_target_fault(autoscaler);
	struct finding *finding;

	if (!condition)
		return;
	finding =
		report_finding(metrics->report, &WD5206, autoscaler_subject(autoscaler));
	name_target(finding, autoscaler, metrics->report);
	finding_value(finding, "reason", "%s", text_or_empty(condition->reason));
	finding_saw(finding, text_or_empty(condition->reason),
		    text_or_empty(condition->message), NULL,
		    text_or_empty(condition->type));
}

/* ---- all of it ---- */

static bool is_known(const struct facts *facts, enum fact fact)
{
	return facts->source[fact].state == FACT_KNOWN;
}

static void judge_api(struct metrics *metrics)
{
	metrics->api = find_api_group(metrics->facts, METRICS_GROUP);
	if (!metrics->api)
		judge_missing(metrics);
	else if (!api_service_available(metrics->api))
		judge_unavailable(metrics);
}

static void run(const struct facts *facts, struct report *report)
{
	struct metrics metrics = {
		.facts = facts,
		.report = report,
		.server = find_server(facts),
		.k3s = is_k3s(facts),
	};
	bool knows_api = report_knows(report, FACT_API_SERVICES);

	metrics.disabled = metrics.server &&
			   is_listed(&metrics.server->k3s.disable, "metrics-server");
	if (knows_api)
		judge_api(&metrics);
	if (metrics.api && report_knows(report, FACT_PODS))
		metrics_judge_pods(&metrics);
	/* An API that is down has its finding: that it gave no samples says no more. */
	if (metrics.api && api_service_available(metrics.api) &&
	    report_knows(report, FACT_NODE_METRICS) && report_knows(report, FACT_NODES) &&
	    is_known(facts, FACT_NODE_METRICS))
		metrics_judge_samples(&metrics);
	for (size_t i = 0; i < facts->autoscaler_count; i++) {
		judge_autoscaler(&metrics, &facts->autoscalers[i]);
		judge_target(&metrics, &facts->autoscalers[i]);
	}
}

const struct check check_metrics_server = {
	.words = &words_metrics_server,
	.needs = NEED(FACT_API_SERVICES) | NEED(FACT_AUTOSCALERS) |
		 NEED(FACT_NODE_METRICS) | NEED(FACT_NODES) | NEED(FACT_PODS) |
		 NEED(FACT_SERVICES) | NEED(FACT_ENDPOINTS) | NEED(FACT_LOGS),
	.host_needs = NEED(HOST_K3S),
	.run = run,
};
