// SPDX-License-Identifier: Apache-2.0
/*
 * Do Gatekeeper's pods enforce the policies as they stand?
 *
 * A pod that lags is one finding however many policies it lags behind with: 4201 and 4203
 * are about the pod, 4207 says that there is none; 4202 is about the policy that no pod
 * can take over, 4205 about the audit.  4204 and 4206 are remarks: the policy is in
 * force, and meant to let things pass.
 */
#include "gatekeeper_sync.h"

#include "gatekeeper_sync.words.h"
#include "workload.h"

#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

/* ---- 4202: a pod could not take it over ---- */

static void report_errors(const struct survey *survey, const struct policy *policy,
			  const struct policy_status *status)
{
	const char *resource = policy_resource(policy, survey->report);

	for (size_t i = 0; i < status->error_count && i < SHOWN; i++) {
		const struct policy_error *error = &status->errors[i];
		struct finding *finding =
			report_finding(survey->report, &WD4202, policy->subject);

		finding_value(finding, "constraint", "%s", resource);
		finding_value(finding, "reason", "%s", error_text(error, survey->report));
		finding_value(finding, "namespace", "%s", crew_namespace(&survey->crew));
		finding_value(finding, "pod", "%s", text_or_empty(status->pod));
		finding_saw(finding, error->code ? error->code : "errors",
			    error_text(error, survey->report), NULL, "status.byPod");
		finding_witness(finding,
				(struct subject){ "Pod", crew_namespace(&survey->crew),
						  text_or_empty(status->pod) });
	}
}

static void judge_errors(const struct survey *survey)
{
	struct policy policy;
	size_t cursor = 0;

	while (next_policy(survey->facts, &cursor, &policy))
		for (size_t i = 0; i < policy.object->status_count; i++)
			if (crew_has(&survey->crew, policy.object->statuses[i].pod))
				report_errors(survey, &policy,
					      &policy.object->statuses[i]);
}

/* ---- 4201, 4203: a pod lags behind, or lacks it ---- */

enum freshness {
	FRESH,
	BEHIND,
	LACKING,
};

static const struct policy_status *status_of(const struct policy_object *object,
					     const char *pod)
{
	for (size_t i = 0; i < object->status_count; i++)
		if (text_equal(object->statuses[i].pod, pod))
			return &object->statuses[i];
	return NULL;
}

static bool is_of_another_uid(const struct policy_object *object,
			      const struct policy_status *status)
{
	return object->uid && status->uid && *status->uid &&
	       !text_equal(object->uid, status->uid);
}

static bool lacks_operation(const struct policy_status *status, const char *operation)
{
	for (size_t i = 0; i < status->operations.count; i++)
		if (text_equal(status->operations.items[i], operation))
			return false;
	return status->operations.count > 0;
}

static enum freshness freshness(const struct policy_object *object, const char *pod,
				int64_t now)
{
	const struct policy_status *status = status_of(object, pod);

	if (seconds_since(policy_changed(object), now) < POLICY_GRACE)
		return FRESH;
	if (!status)
		return LACKING;
	if (lacks_operation(status, "webhook"))
		return FRESH;
	if (is_of_another_uid(object, status))
		return BEHIND;
	return status->generation != UNSET && object->generation != UNSET &&
			       status->generation < object->generation
		       ? BEHIND
		       : FRESH;
}

static size_t count_stale(const struct survey *survey, const char *pod,
			  enum freshness wanted)
{
	int64_t now = report_now(survey->report);
	struct policy policy;
	size_t cursor = 0, count = 0;

	while (next_policy(survey->facts, &cursor, &policy))
		count += freshness(policy.object, pod, now) == wanted;
	return count;
}

/* What the pod has of it, and what there is. */
static void show_stale(const struct survey *survey, struct finding *finding,
		       const struct policy *policy, const char *pod)
{
	const struct policy_status *status = status_of(policy->object, pod);
	const char *resource = policy_resource(policy, survey->report);

	if (!status)
		finding_saw(finding, resource, "no entry of this pod", NULL,
			    "status.byPod");
	else if (is_of_another_uid(policy->object, status))
		finding_saw(finding, resource,
			    report_text(survey->report, "uid %s", status->uid),
			    policy->object->uid, "status.byPod");
	else
		finding_saw(finding, resource,
			    report_text(survey->report, "observedGeneration %lld",
					(long long)status->generation),
			    report_text(survey->report, "%lld",
					(long long)policy->object->generation),
			    "status.byPod");
}

static void show_all_stale(const struct survey *survey, struct finding *finding,
			   const char *pod, enum freshness wanted)
{
	int64_t now = report_now(survey->report);
	struct policy policy;
	size_t cursor = 0, shown = 0;

	while (next_policy(survey->facts, &cursor, &policy) && shown < SHOWN) {
		if (freshness(policy.object, pod, now) != wanted)
			continue;
		finding_value(finding, "constraint", "%s",
			      policy_resource(&policy, survey->report));
		finding_witness(finding, policy.subject);
		show_stale(survey, finding, &policy, pod);
		shown++;
	}
}

static void judge_pod(const struct survey *survey, const struct pod *pod,
		      enum freshness wanted)
{
	size_t count = count_stale(survey, pod->name, wanted);
	struct finding *finding;

	if (!count)
		return;
	finding = report_finding(
		survey->report, wanted == BEHIND ? &WD4201 : &WD4203,
		(struct subject){ "Pod", pod->namespace, text_or_empty(pod->name) });
	finding_value(finding, "count", "%zu", count);
	finding_value(finding, "namespace", "%s", crew_namespace(&survey->crew));
	name_workload(finding, pod, survey->report);
	show_all_stale(survey, finding, pod->name, wanted);
}

/* The first webhook of Gatekeeper's; NULL when none is registered. */
static const struct webhook *find_webhook(const struct facts *facts)
{
	for (size_t i = 0; i < facts->validating_webhook_count; i++) {
		const struct webhook_configuration *configuration =
			&facts->validating_webhooks[i];

		for (size_t j = 0; j < configuration->webhook_count; j++)
			if (text_ends(configuration->webhooks[j].name, ".gatekeeper.sh"))
				return &configuration->webhooks[j];
	}
	return NULL;
}

/* No pod serves the webhook at all: then none has any policy.  Without a webhook either,
 * they are what an uninstallation left behind. */
static void report_nobody(const struct survey *survey)
{
	const struct crew *crew = &survey->crew;
	struct finding *finding =
		report_finding(survey->report, &WD4207,
			       (struct subject){ "Deployment", crew_namespace(crew),
						 "gatekeeper-controller-manager" });
	struct policy policy;
	size_t cursor = 0;

	if (report_knows(survey->report, FACT_VALIDATING_WEBHOOKS) &&
	    !find_webhook(survey->facts)) {
		finding_severity(finding, SEVERITY_WARN);
		finding_saw(finding, "validatingwebhookconfigurations",
			    "no webhook of Gatekeeper's", NULL,
			    survey->facts->server.url);
	}
	finding_value(finding, "resource", "%s",
		      "deployment/gatekeeper-controller-manager");
	finding_value(finding, "count", "%zu",
		      survey->facts->constraint_template_count +
			      survey->facts->constraint_count);
	finding_saw(finding, "pods that serve the webhook", "none ready", "1 ready",
		    "label gatekeeper.sh/operation=webhook");
	while (cursor < WITNESSES && next_policy(survey->facts, &cursor, &policy))
		finding_witness(finding, policy.subject);
}

static void judge_freshness(const struct survey *survey)
{
	const struct crew *crew = &survey->crew;
	const struct webhook *webhook = find_webhook(survey->facts);

	if (!crew->known)
		return;
	if (crew->count == 0 && webhook && webhook->url) {
		report_unknown(survey->report, &gatekeeper_sync_elsewhere, webhook->url);
		return;
	}
	if (crew->webhook_count == 0 && !crew->starting) {
		report_nobody(survey);
		return;
	}
	if (!crew->has_auditor) {
		report_unknown(survey->report, &gatekeeper_sync_no_auditor, NULL);
		return;
	}
	for (size_t i = 0; i < crew->webhook_count; i++) {
		judge_pod(survey, crew->webhooks[i], BEHIND);
		judge_pod(survey, crew->webhooks[i], LACKING);
	}
}

/* ---- 4205: audit ---- */

/* An audit covers all constraints that were there when it began. */
static int64_t last_audit(const struct facts *facts)
{
	int64_t last = UNSET;

	for (size_t i = 0; i < facts->constraint_count; i++)
		if (facts->constraints[i].audited > last)
			last = facts->constraints[i].audited;
	return last;
}

/* Since when there is something to audit. */
static int64_t oldest_constraint(const struct facts *facts)
{
	int64_t oldest = UNSET;

	for (size_t i = 0; i < facts->constraint_count; i++) {
		int64_t created = facts->constraints[i].object.created;

		if (created != UNSET && (oldest == UNSET || created < oldest))
			oldest = created;
	}
	return oldest;
}

static const struct pod *find_auditor(const struct crew *crew)
{
	for (size_t i = 0; i < crew->count; i++)
		if (text_equal(label_value(crew->pods[i]->labels,
					   crew->pods[i]->label_count,
					   "gatekeeper.sh/operation"),
			       "audit"))
			return crew->pods[i];
	return NULL;
}

static struct finding *audit_finding(const struct survey *survey)
{
	const char *namespace = crew_namespace(&survey->crew);
	const struct pod *pod = find_auditor(&survey->crew);
	struct finding *finding = report_finding(
		survey->report, &WD4205,
		pod ? workload_of(pod, survey->report)
		    : (struct subject){ "Deployment", namespace, "gatekeeper-audit" });

	if (pod) {
		name_workload(finding, pod, survey->report);
		show_pod(finding, pod, survey->report);
	} else {
		finding_value(finding, "resource", "%s", "deployment/gatekeeper-audit");
		if (survey->crew.known)
			finding_saw(finding, "pods", "none", "one",
				    "label gatekeeper.sh/operation=audit");
	}
	return finding;
}

static void judge_audit(const struct survey *survey)
{
	int64_t now = report_now(survey->report), last = last_audit(survey->facts);
	int64_t limit = report_threshold(survey->report, THRESHOLD_AUDIT) / 1000;
	int64_t since = last != UNSET ? last : oldest_constraint(survey->facts);
	struct finding *finding;

	if (since == UNSET || seconds_since(since, now) <= limit)
		return;
	/* A cluster that never was audited and has no pod for it: nobody asked for it. */
	if (last == UNSET && !find_auditor(&survey->crew))
		return;
	finding = audit_finding(survey);
	finding_value(finding, "seconds", "%lld", (long long)seconds_since(since, now));
	finding_value(finding, "limit", "%lld", (long long)limit);
	finding_saw(finding, "status.auditTimestamp",
		    last == UNSET ? "none"
				  : report_text(survey->report, "%lld s ago",
						(long long)seconds_since(last, now)),
		    report_text(survey->report, "at most %lld s ago", (long long)limit),
		    "constraints");
}

/* ---- all of it ---- */

static void run(const struct facts *facts, struct report *report)
{
	struct survey survey = { .facts = facts, .report = report };

	if (!report_knows(report, FACT_CONSTRAINT_TEMPLATES))
		return;
	if (facts->constraint_template_count == 0 && facts->constraint_count == 0) {
		report_skip(report,
			    facts->source[FACT_CONSTRAINT_TEMPLATES].state == FACT_ABSENT
				    ? &gatekeeper_sync_not_installed
				    : &gatekeeper_sync_no_policy);
		return;
	}
	survey.crew = find_crew(facts, report);
	judge_errors(&survey);
	judge_freshness(&survey);
	if (!report_knows(report, FACT_CONSTRAINTS))
		return;
	judge_audit(&survey);
	judge_lenience(&survey);
	judge_exemptions(&survey);
}

const struct check check_gatekeeper_sync = {
	.words = &words_gatekeeper_sync,
	.needs = NEED(FACT_CONSTRAINT_TEMPLATES) | NEED(FACT_CONSTRAINTS) |
		 NEED(FACT_GATEKEEPER_CONFIGS) | NEED(FACT_EXEMPT_NAMESPACES) |
		 NEED(FACT_PODS) | NEED(FACT_VALIDATING_WEBHOOKS),
	.run = run,
};
