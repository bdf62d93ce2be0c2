// SPDX-License-Identifier: Apache-2.0
/*
 * Does Gatekeeper's webhook answer the API server, and in time?
 *
 * One dead webhook is one root: its pods (4106), else its Service (4102, 4101) or its
 * certificate (4103).  What follows from these - refused writes (4107), requests let
 * through (4105), events (4108) - are echoes, joined by {configuration}, or by
 * {namespace} and {service}.
 *
 * A webhook that is merely slow has one root as well: 4104 warns while calls still come
 * back; once calls are cut off, 4105 (failurePolicy Ignore) or 4108 (Fail) says so, with
 * the same numbers as evidence, and 4104 is silent.
 */
#include "gatekeeper_webhook.h"

#include "gatekeeper_webhook.words.h"
#include "workload.h"

#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#define GATEKEEPER_NAMESPACE "gatekeeper-system"
#define DAY                  INT64_C(86400)
#define EXPIRY_NOTICE        (14 * DAY)
#define START_GRACE          120 /* seconds a pod may take to become ready */
#define RESTART_MEMORY       900 /* seconds a restart counts as recent */

/* ---- which webhooks ---- */

/* Every name can be overridden by Helm values, so any one of these will do (facts D1). */
static bool is_gatekeepers(const struct webhook *webhook)
{
	return text_ends(webhook->name, ".gatekeeper.sh") ||
	       text_equal(webhook->service_name, "gatekeeper-webhook-service") ||
	       text_equal(webhook->service_namespace, GATEKEEPER_NAMESPACE);
}

static bool find_in(const struct webhook_configuration *configurations, size_t count,
		    const char *name, size_t length, struct hook *hook)
{
	for (size_t i = 0; i < count; i++) {
		const struct webhook_configuration *configuration = &configurations[i];

		for (size_t j = 0; j < configuration->webhook_count; j++) {
			const struct webhook *webhook = &configuration->webhooks[j];

			if (!is_gatekeepers(webhook) || !webhook->name ||
			    strncmp(webhook->name, name, length) != 0 ||
			    webhook->name[length])
				continue;
			hook->configuration = configuration;
			hook->webhook = webhook;
			return true;
		}
	}
	return false;
}

bool find_hook(const struct facts *facts, const char *name, size_t length,
	       struct hook *ret_hook)
{
	*ret_hook = (struct hook){ .mutating = false };
	if (find_in(facts->validating_webhooks, facts->validating_webhook_count, name,
		    length, ret_hook))
		return true;
	ret_hook->mutating = true;
	return find_in(facts->mutating_webhooks, facts->mutating_webhook_count, name,
		       length, ret_hook);
}

/* ---- findings about a webhook ---- */

struct subject hook_subject(const struct hook *hook)
{
	return (struct subject){ hook->mutating ? "MutatingWebhookConfiguration"
						: "ValidatingWebhookConfiguration",
				 NULL, text_or_empty(hook->configuration->name) };
}

const char *hook_source(const struct survey *survey, const struct hook *hook)
{
	return report_text(survey->report, "%s %s, webhook %s", hook_subject(hook).kind,
			   text_or_empty(hook->configuration->name),
			   text_or_empty(hook->webhook->name));
}

/* Where the webhook leads. */
static void name_server(struct finding *finding, const struct hook *hook)
{
	const struct webhook *webhook = hook->webhook;

	finding_value(finding, "webhook", "%s", text_or_empty(webhook->name));
	finding_value(finding, "resource", "%s",
		      hook->mutating ? "mutatingwebhookconfiguration"
				     : "validatingwebhookconfiguration");
	finding_value(finding, "namespace", "%s",
		      webhook->service_namespace ? webhook->service_namespace
						 : GATEKEEPER_NAMESPACE);
	if (webhook->service_name)
		finding_value(finding, "service", "%s", webhook->service_name);
	else if (webhook->url)
		finding_value(finding, "url", "%s", webhook->url);
}

struct finding *hook_finding(const struct survey *survey, const struct guide *guide,
			     const struct hook *hook)
{
	struct finding *finding =
		report_finding(survey->report, guide, hook_subject(hook));

	name_server(finding, hook);
	if (hook->webhook->timeout_seconds != UNSET)
		finding_value(finding, "timeout", "%lld",
			      (long long)hook->webhook->timeout_seconds);
	return finding;
}

void hook_severity(struct finding *finding, const struct hook *hook,
		   enum severity severity)
{
	if (severity == SEVERITY_FAIL ||
	    hook->webhook == &hook->configuration->webhooks[0])
		finding_severity(finding, severity);
}

struct finding *report_unanswered(const struct survey *survey, const struct hook *hook,
				  const char *reason)
{
	const struct webhook *webhook = hook->webhook;
	struct finding *finding;

	if (webhook->service_name)
		finding = report_finding(survey->report, &WD4101,
					 (struct subject){ "Service",
							   webhook->service_namespace,
							   webhook->service_name });
	else
		finding = report_finding(survey->report, &WD4101, hook_subject(hook));
	name_server(finding, hook);
	finding_value(finding, "reason", "%s", reason);
	finding_witness(finding, hook_subject(hook));
	return finding;
}

void report_refusal(const struct survey *survey, const struct hook *hook)
{
	const struct webhook *webhook = hook->webhook;
	struct finding *finding;

	if (!text_equal(webhook->failure_policy, "Fail"))
		return;
	finding = hook_finding(survey, &WD4107, hook);
	finding_saw(finding, "failurePolicy", "Fail", NULL, hook_source(survey, hook));
	if (text_equal(webhook->path, "/v1/admitlabel"))
		finding_saw(finding, "clientConfig.service.path",
			    "/v1/admitlabel (namespaces)", NULL,
			    hook_source(survey, hook));
}

/* ---- does anything answer ---- */

bool hook_has_endpoint(const struct survey *survey, const struct hook *hook)
{
	const struct facts *facts = survey->facts;

	for (size_t i = 0; i < facts->endpoint_count; i++) {
		const struct endpoint *endpoint = &facts->endpoints[i];

		if (endpoint->ready && hook->webhook->service_name &&
		    text_equal(endpoint->service, hook->webhook->service_name) &&
		    text_equal(endpoint->namespace, hook->webhook->service_namespace))
			return true;
	}
	return false;
}

static const char *count_endpoints(const struct survey *survey,
				   const struct webhook *webhook)
{
	const struct facts *facts = survey->facts;
	size_t count = 0;

	for (size_t i = 0; i < facts->endpoint_count; i++)
		if (text_equal(facts->endpoints[i].service, webhook->service_name) &&
		    text_equal(facts->endpoints[i].namespace, webhook->service_namespace))
			count++;
	return report_text(survey->report, "0 of %zu ready", count);
}

static void report_missing_service(const struct survey *survey, const struct hook *hook)
{
	const struct webhook *webhook = hook->webhook;
	struct finding *finding =
		report_finding(survey->report, &WD4102,
			       (struct subject){ "Service", webhook->service_namespace,
						 webhook->service_name });

	name_server(finding, hook);
	finding_witness(finding, hook_subject(hook));
	finding_saw(finding, "clientConfig.service",
		    report_text(survey->report, "%s/%s: not found",
				text_or_empty(webhook->service_namespace),
				webhook->service_name),
		    NULL, hook_source(survey, hook));
}

static bool judge_service(const struct survey *survey, const struct hook *hook)
{
	const struct webhook *webhook = hook->webhook;
	const struct service *service;
	struct finding *finding;

	if (!webhook->service_name)
		return true;
	service = find_service(survey->facts, webhook->service_namespace,
			       webhook->service_name);
	if (survey->services && service && !service->exists) {
		report_missing_service(survey, hook);
		return false;
	}
	if (!survey->endpoints || hook_has_endpoint(survey, hook))
		return true;
	finding = report_unanswered(
		survey, hook,
		report_text(survey->report, "no endpoints available for service \"%s\"",
			    webhook->service_name));
	finding_saw(finding, "endpoints", count_endpoints(survey, webhook), "1 ready",
		    report_text(survey->report, "Service %s/%s",
				text_or_empty(webhook->service_namespace),
				webhook->service_name));
	show_refused_pods(survey, finding, hook);
	return false;
}

static int reach(const struct webhook_probe *probe)
{
	return !probe ? -1 : !probe->connected ? 0 : !probe->trusted ? 1 : 2;
}

const struct webhook_probe *best_probe(const struct survey *survey,
				       const struct hook *hook)
{
	const struct webhook_probe *best = NULL;

	for (size_t i = 0; i < survey->facts->host_count; i++) {
		const struct host *host = &survey->facts->hosts[i];

		for (size_t j = 0; j < host->webhook_probe_count; j++) {
			const struct webhook_probe *probe = &host->webhook_probes[j];

			if (text_equal(probe->webhook, hook->webhook->name) &&
			    text_equal(probe->configuration, hook->configuration->name) &&
			    reach(probe) > reach(best))
				best = probe;
		}
	}
	return best;
}

/* The handshake broke off before there was a certificate to judge. */
static bool broke_off(const struct webhook_probe *probe)
{
	static const char *const signs[] = { "timed out", "timeout", "EOF", "reset",
					     "refused",   "closed",  "eof " };

	for (size_t i = 0; i < ARRAY_SIZE(signs); i++)
		if (text_has(probe->error, signs[i]))
			return true;
	return false;
}

static bool judge_probe(const struct survey *survey, const struct hook *hook)
{
	const struct webhook_probe *probe = best_probe(survey, hook);
	struct finding *finding;
	const char *source;

	if (!probe || !probe->error || reach(probe) > 1)
		return true;
	source = report_text(survey->report, "%s:%lld", text_or_empty(probe->address),
			     (long long)(probe->port == UNSET ? 443 : probe->port));
	if (!probe->connected || broke_off(probe)) {
		finding = report_unanswered(survey, hook, probe->error);
		finding_saw(finding, "connect", probe->error, NULL, source);
		return false;
	}
	if (hook->webhook->ca_bundle.count == UNSET || hook->webhook->ca_bundle.count < 1)
		return true; /* the system's authorities vouch for it, not a bundle */
	finding = hook_finding(survey, &WD4103, hook);
	finding_value(finding, "reason", "%s", probe->error);
	finding_saw(finding, "TLS handshake", probe->error, "vouched for by caBundle",
		    source);
	return false;
}

/* ---- the bundle of authorities ---- */

static void report_bundle(const struct survey *survey, const struct hook *hook,
			  const char *reason, enum severity severity)
{
	struct finding *finding = hook_finding(survey, &WD4103, hook);

	finding_value(finding, "reason", "%s", reason);
	finding_saw(finding, "clientConfig.caBundle", reason, NULL,
		    hook_source(survey, hook));
	hook_severity(finding, hook, severity);
}

static const char *date(const struct survey *survey, const char *what, int64_t time)
{
	int64_t age = seconds_since(time, report_now(survey->report));
	int64_t days = (age < 0 ? -(age + 1) : age) / DAY;

	return report_text(survey->report, "%s %lld %s", what, (long long)days,
			   age < 0 ? "days from now" : "days ago");
}

/*
 * not_after is the soonest of the bundle: while an authority is being replaced a bundle
 * holds the old one too, so of several an expired one proves nothing yet.
 */
static bool judge_dates(const struct survey *survey, const struct hook *hook)
{
	const struct certificates *bundle = &hook->webhook->ca_bundle;
	int64_t now = report_now(survey->report);
	enum severity worst = bundle->count > 1 ? SEVERITY_WARN : SEVERITY_FAIL;

	if (bundle->not_after != UNSET && bundle->not_after < now) {
		report_bundle(survey, hook, date(survey, "expired", bundle->not_after),
			      worst);
		return worst != SEVERITY_FAIL;
	}
	if (bundle->not_before != UNSET && bundle->not_before > now) {
		report_bundle(survey, hook,
			      date(survey, "not valid before", bundle->not_before),
			      worst);
		return worst != SEVERITY_FAIL;
	}
	if (bundle->not_after != UNSET &&
	    seconds_since(now, bundle->not_after) < EXPIRY_NOTICE)
		report_bundle(survey, hook, date(survey, "expires", bundle->not_after),
			      SEVERITY_WARN);
	return true;
}

static bool judge_bundle(const struct survey *survey, const struct hook *hook)
{
	const struct certificates *bundle = &hook->webhook->ca_bundle;

	if (bundle->error) {
		report_bundle(survey, hook, bundle->error, SEVERITY_FAIL);
		return false;
	}
	if (bundle->count != UNSET && bundle->count > 0)
		return judge_dates(survey, hook);
	if (!hook->webhook->service_name)
		return true; /* by url, a public authority may vouch for it */
	report_bundle(survey, hook, "empty", SEVERITY_FAIL);
	return false;
}

/* ---- its pods ---- */

static bool is_gatekeepers_pod(const struct pod *pod)
{
	return text_equal(
		       label_value(pod->labels, pod->label_count, "gatekeeper.sh/system"),
		       "yes") ||
	       text_equal(pod->namespace, GATEKEEPER_NAMESPACE);
}

/* It came back, but not to stay. */
static bool restarts_lately(const struct pod *pod, int64_t now)
{
	for (size_t i = 0; i < pod->status_count; i++) {
		const struct container_status *status = &pod->statuses[i];

		if (status->restarts >= 3 &&
		    seconds_since(status->last.finished, now) < RESTART_MEMORY)
			return true;
	}
	return false;
}

static void judge_pod(const struct survey *survey, const struct pod *pod)
{
	int64_t now = report_now(survey->report), since = pod_unready_since(pod);
	bool ready = pod_is_ready(pod), restarting = restarts_lately(pod, now);
	struct finding *finding;

	if (pod_is_over(pod) || (ready && !restarting))
		return;
	if (!restarting && seconds_since(since, now) < START_GRACE)
		return;
	finding =
		report_finding(survey->report, &WD4106, workload_of(pod, survey->report));
	name_workload(finding, pod, survey->report);
	finding_value(finding, "reason", "%s", ready ? "restarting" : pod_trouble(pod));
	show_pod(finding, pod, survey->report);
}

static bool judge_pods(const struct survey *survey)
{
	bool any = false;

	if (!report_knows(survey->report, FACT_PODS))
		return true;
	for (size_t i = 0; i < survey->facts->pod_count; i++) {
		if (!is_gatekeepers_pod(&survey->facts->pods[i]))
			continue;
		any = true;
		judge_pod(survey, &survey->facts->pods[i]);
	}
	return any;
}

/* ---- all of it ---- */

static void judge_hook(const struct survey *survey, const struct hook *hook)
{
	bool answers = judge_service(survey, hook);
	bool trusted = judge_bundle(survey, hook);

	answers = answers && judge_probe(survey, hook);
	if (!answers || !trusted)
		report_refusal(survey, hook);
	judge_calls(survey, hook, answers && trusted);
}

static size_t judge_list(const struct survey *survey,
			 const struct webhook_configuration *configurations, size_t count,
			 bool mutating, bool judge)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < configurations[i].webhook_count; j++) {
			struct hook hook = { &configurations[i],
					     &configurations[i].webhooks[j], mutating };

			if (!is_gatekeepers(hook.webhook))
				continue;
			found++;
			if (judge)
				judge_hook(survey, &hook);
		}
	}
	return found;
}

static size_t judge_hooks(const struct survey *survey, bool judge)
{
	const struct facts *facts = survey->facts;

	return judge_list(survey, facts->validating_webhooks,
			  facts->validating_webhook_count, false, judge) +
	       judge_list(survey, facts->mutating_webhooks, facts->mutating_webhook_count,
			  true, judge);
}

/* Whether they are known is asked only once there is something to judge by them: a
 * cluster without Gatekeeper lacks nothing. */
static void run(const struct facts *facts, struct report *report)
{
	struct survey survey = { .facts = facts, .report = report };
	bool validating = report_knows(report, FACT_VALIDATING_WEBHOOKS);
	bool mutating = report_knows(report, FACT_MUTATING_WEBHOOKS);

	if (!validating && !mutating)
		return;
	if (judge_hooks(&survey, false) == 0) {
		if (!judge_pods(&survey))
			report_skip(report, &gatekeeper_webhook_not_installed);
		return;
	}
	judge_pods(&survey);
	survey.services = report_knows(report, FACT_SERVICES);
	survey.endpoints = report_knows(report, FACT_ENDPOINTS);
	for (size_t i = 0; i < facts->host_count; i++)
		report_knows_host(report, &facts->hosts[i], HOST_WEBHOOK_PROBES);
	judge_hooks(&survey, true);
	judge_events(&survey);
}

const struct check check_gatekeeper_webhook = {
	.words = &words_gatekeeper_webhook,
	.needs = NEED(FACT_VALIDATING_WEBHOOKS) | NEED(FACT_MUTATING_WEBHOOKS) |
		 NEED(FACT_PODS) | NEED(FACT_SERVICES) | NEED(FACT_ENDPOINTS) |
		 NEED(FACT_SERVER_METRICS) | NEED(FACT_EVENTS),
	.host_needs = NEED(HOST_WEBHOOK_PROBES),
	.run = run,
};
