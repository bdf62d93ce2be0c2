// SPDX-License-Identifier: Apache-2.0
/*
 * What do Gatekeeper's policies refuse, and can they be read at all?
 *
 * A denial is a policy at work: the finding names the constraint and what it asks for,
 * the workloads it keeps from starting are its witnesses.
 */
#include "gatekeeper.h"

#include "common.h"
#include "gatekeeper_policy.words.h"
#include "workload.h"

#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#define SHOWN       5 /* lines of evidence of one kind */
#define DENIALS_MAX 500 /* refusing events looked at */
#define LOOKUPS_MAX 32 /* a lookup walks all pods */

struct survey {
	const struct facts *facts;
	struct report *report;
	bool constraints; /* FACT_CONSTRAINTS may be relied on; likewise: */
	bool pods;
	size_t lookups;
};

/* ---- 4301: refused ---- */

static bool same_name(const char *name, const char *text, size_t length)
{
	return name && strlen(name) == length && strncmp(name, text, length) == 0;
}

/* Names are unique within a kind only, and the webhook names no kind: of several the one
 * that denies. */
static const struct constraint *find_constraint(const struct facts *facts,
						const struct denial_text *denial)
{
	const struct constraint *found = NULL;

	for (size_t i = 0; i < facts->constraint_count; i++) {
		const struct constraint *constraint = &facts->constraints[i];

		if (!same_name(constraint->object.name, denial->constraint,
			       denial->constraint_length) ||
		    (denial->template &&
		     !same_name(constraint->resource, denial->template,
				denial->template_length)))
			continue;
		if (!found ||
		    (!constraint_denies(found) && constraint_denies(constraint)))
			found = constraint;
	}
	return found;
}

/* Since the event, a pod of the workload was let in. */
static bool got_in(struct survey *survey, const struct subject *workload, int64_t since)
{
	if (!survey->pods || survey->lookups++ >= LOOKUPS_MAX)
		return false;
	for (size_t i = 0; i < survey->facts->pod_count; i++) {
		const struct pod *pod = &survey->facts->pods[i];
		struct subject owner;

		if (pod->created == UNSET || pod->created <= since ||
		    !text_equal(pod->namespace, workload->namespace))
			continue;
		owner = workload_of(pod, survey->report);
		if (text_equal(owner.kind, workload->kind) &&
		    text_equal(owner.name, workload->name))
			return true;
	}
	return false;
}

/* The controller has its pods by now, or wants none; where it is not known, a pod was let
 * in since. */
static bool is_past(struct survey *survey, const struct event *event)
{
	const struct controller *controller = find_controller(survey->facts, event);
	struct subject workload;

	if (event_is_stale(survey->facts, event))
		return true;
	if (controller)
		return !lacks_pods(controller);
	workload = workload_named(event->kind, event->namespace, event->name,
				  survey->report);
	return got_in(survey, &workload, event->last);
}

/* An event tells what was: the constraint may be gone, lenient or another by now. */
static bool is_solved(const struct survey *survey, const struct constraint *constraint,
		      const struct event *event)
{
	if (!constraint)
		return survey->constraints &&
		       survey->facts->source[FACT_CONSTRAINTS].state == FACT_KNOWN;
	return !constraint_denies(constraint) ||
	       (event->last != UNSET &&
		policy_changed(&constraint->object) > event->last);
}

static struct subject refused_by(const struct survey *survey,
				 const struct constraint *constraint,
				 const struct denial_text *denial)
{
	if (constraint)
		return constraint_subject(constraint);
	return (struct subject){ "Constraint", NULL,
				 report_text(survey->report, "%.*s",
					     (int)denial->constraint_length,
					     denial->constraint) };
}

static void report_refused(const struct survey *survey,
			   const struct constraint *constraint,
			   const struct denial_text *denial, const struct event *event)
{
	struct subject workload = workload_named(event->kind, event->namespace,
						 event->name, survey->report);
	const char *resource = workload_resource(&workload, survey->report);
	const char *message = report_text(survey->report, "%.*s",
					  (int)denial->message_length, denial->message);
	struct finding *finding = report_finding(survey->report, &WD4301,
						 refused_by(survey, constraint, denial));

	finding_value(finding, "message", "%s", message);
	finding_value(finding, "owner", "%s", resource);
	finding_value(finding, "namespace", "%s", text_or_empty(event->namespace));
	if (workload_restarts(&workload))
		finding_value(finding, "resource", "%s", resource);
	if (constraint)
		finding_value(finding, "constraint", "%s",
			      constraint_resource(constraint, survey->report));
	finding_value(finding, "value", "%s",
		      constraint ? constraint_resource(constraint, survey->report)
				 : "constraints");
	finding_saw(finding, "message", message, NULL,
		    report_text(survey->report, "event %s %s %s/%s",
				text_or_empty(event->reason), text_or_empty(event->kind),
				text_or_empty(event->namespace),
				text_or_empty(event->name)));
	show_controller(finding, survey->facts, event, survey->report);
	finding_witness(finding, workload);
}

static void judge_event(struct survey *survey, const struct event *event)
{
	const char *cursor = event->message;
	struct denial_text denial;

	if (is_past(survey, event))
		return;
	while (next_denial(&cursor, &denial)) {
		const struct constraint *constraint =
			find_constraint(survey->facts, &denial);

		if (!is_solved(survey, constraint, event))
			report_refused(survey, constraint, &denial, event);
	}
}

static bool is_denial(const struct event *event)
{
	const char *cursor = event->message;
	struct denial_text denial;

	return cursor && next_denial(&cursor, &denial);
}

static void judge_events(struct survey *survey)
{
	size_t seen = 0;

	if (!report_knows(survey->report, FACT_EVENTS))
		return;
	for (size_t i = 0; i < survey->facts->event_count && seen < DENIALS_MAX; i++) {
		if (!is_denial(&survey->facts->events[i]))
			continue;
		seen++;
		judge_event(survey, &survey->facts->events[i]);
	}
}

/* ---- 4302: cannot be read ---- */

static void report_broken(struct report *report,
			  const struct constraint_template *template,
			  const struct policy_status *status, const struct crew *crew)
{
	struct finding *finding =
		report_finding(report, &WD4302,
			       (struct subject){ "ConstraintTemplate", NULL,
						 text_or_empty(template->object.name) });

	/* joins it to 4202, which is about the same object */
	finding_value(finding, "constraint", "constrainttemplate/%s",
		      text_or_empty(template->object.name));
	if (template->kind)
		finding_value(finding, "template", "%s", template->kind);
	for (size_t i = 0; i < status->error_count && i < SHOWN; i++) {
		const struct policy_error *error = &status->errors[i];

		finding_value(finding, "reason", "%s", error_text(error, report));
		finding_saw(finding, error->code ? error->code : "errors",
			    error_text(error, report), NULL, "status.byPod");
	}
	finding_saw(finding, "status.created", template->accepted ? "true" : "false",
		    NULL, "ConstraintTemplate");
	finding_witness(finding, (struct subject){ "Pod", crew_namespace(crew),
						   text_or_empty(status->pod) });
}

static void judge_templates(const struct survey *survey, const struct crew *crew)
{
	for (size_t i = 0; i < survey->facts->constraint_template_count; i++) {
		const struct constraint_template *template =
			&survey->facts->constraint_templates[i];

		for (size_t j = 0; j < template->object.status_count; j++) {
			const struct policy_status *status =
				&template->object.statuses[j];

			if (status->error_count && crew_has(crew, status->pod))
				report_broken(survey->report, template, status, crew);
		}
	}
}

/* ---- 4303: what audit counts ---- */

static void show_violations(struct finding *finding, const struct constraint *constraint,
			    struct report *report)
{
	for (size_t i = 0; i < constraint->violation_count && i < SHOWN; i++) {
		const struct violation *violation = &constraint->violations[i];
		struct subject object = { text_or_empty(violation->kind),
					  violation->namespace,
					  text_or_empty(violation->name) };
		const char *name =
			violation->namespace && *violation->namespace
				? report_text(report, "%s %s/%s", object.kind,
					      violation->namespace, object.name)
				: report_text(report, "%s %s", object.kind, object.name);

		finding_saw(finding, name, text_or_empty(violation->message), NULL,
			    "status.violations");
		finding_witness(finding, object);
	}
}

static void judge_violations(const struct survey *survey)
{
	int64_t now = report_now(survey->report);

	for (size_t i = 0; i < survey->facts->constraint_count; i++) {
		const struct constraint *constraint = &survey->facts->constraints[i];
		struct finding *finding;

		if (constraint->total_violations == UNSET ||
		    constraint->total_violations <= 0)
			continue;
		finding = report_finding(survey->report, &WD4303,
					 constraint_subject(constraint));
		finding_value(finding, "count", "%lld",
			      (long long)constraint->total_violations);
		finding_value(finding, "constraint", "%s",
			      constraint_resource(constraint, survey->report));
		finding_saw(finding, "enforcementAction", constraint_action(constraint),
			    NULL, "spec");
		if (constraint->audited != UNSET)
			finding_saw(finding, "status.auditTimestamp",
				    report_text(survey->report, "%lld s ago",
						(long long)seconds_since(
							constraint->audited, now)),
				    NULL, "status");
		show_violations(finding, constraint, survey->report);
	}
}

/* ---- all of it ---- */

static bool any_denial(const struct facts *facts)
{
	for (size_t i = 0; i < facts->event_count; i++)
		if (is_denial(&facts->events[i]))
			return true;
	return false;
}

static bool has_policies(const struct facts *facts)
{
	return facts->constraint_template_count > 0 || facts->constraint_count > 0;
}

static void skip(const struct facts *facts, struct report *report)
{
	report_skip(report, facts->source[FACT_CONSTRAINT_TEMPLATES].state == FACT_ABSENT
				    ? &gatekeeper_policy_not_installed
				    : &gatekeeper_policy_no_policy);
}

static void run(const struct facts *facts, struct report *report)
{
	struct survey survey = { .facts = facts, .report = report };
	bool known = report_knows(report, FACT_CONSTRAINT_TEMPLATES);
	struct crew crew;

	if (!has_policies(facts) && !any_denial(facts)) {
		if (known)
			skip(facts, report);
		return;
	}
	crew = find_crew(facts, report);
	survey.pods = crew.known;
	survey.constraints = report_knows(report, FACT_CONSTRAINTS);
	judge_templates(&survey, &crew);
	judge_violations(&survey);
	judge_events(&survey);
}

const struct check check_gatekeeper_policy = {
	.words = &words_gatekeeper_policy,
	.needs = NEED(FACT_CONSTRAINT_TEMPLATES) | NEED(FACT_CONSTRAINTS) |
		 NEED(FACT_PODS) | NEED(FACT_EVENTS) | NEED(FACT_REFUSED_CONTROLLERS),
	.run = run,
};
