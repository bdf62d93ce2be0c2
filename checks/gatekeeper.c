// SPDX-License-Identifier: Apache-2.0
#include "gatekeeper.h"

#include "workload.h"

#include <wasmdiag/text.h>

/* ---- its pods ---- */

static bool is_gatekeepers(const struct pod *pod)
{
	return text_equal(
		label_value(pod->labels, pod->label_count, "gatekeeper.sh/system"),
		"yes");
}

/* A pod that the label does not tell about does everything. */
static bool operates(const struct pod *pod, const char *operation)
{
	const char *label =
		label_value(pod->labels, pod->label_count, "gatekeeper.sh/operation");

	return !label || text_equal(label, operation);
}

static void add_webhook(struct crew *crew, const struct pod *pod, int64_t now)
{
	if (seconds_since(pod_unready_since(pod), now) < POLICY_GRACE)
		crew->starting = true;
	else
		crew->webhooks[crew->webhook_count++] = pod;
}

struct crew find_crew(const struct facts *facts, struct report *report)
{
	struct crew crew = { .known = report_knows(report, FACT_PODS) };
	int64_t now = report_now(report);

	for (size_t i = 0; i < facts->pod_count && crew.count < CREW_MAX; i++) {
		const struct pod *pod = &facts->pods[i];

		if (!is_gatekeepers(pod) || pod_is_over(pod))
			continue;
		crew.pods[crew.count++] = pod;
		if (!pod_is_ready(pod))
			continue;
		if (operates(pod, "audit"))
			crew.has_auditor = true;
		if (operates(pod, "webhook"))
			add_webhook(&crew, pod, now);
	}
	return crew;
}

bool crew_has(const struct crew *crew, const char *pod)
{
	if (!crew->known)
		return true;
	for (size_t i = 0; i < crew->count; i++)
		if (pod && text_equal(crew->pods[i]->name, pod))
			return true;
	return false;
}

const char *crew_namespace(const struct crew *crew)
{
	return crew->count && crew->pods[0]->namespace ? crew->pods[0]->namespace
						       : "gatekeeper-system";
}

/* ---- its policies ---- */

struct subject constraint_subject(const struct constraint *constraint)
{
	return (struct subject){ constraint->kind ? constraint->kind : "Constraint", NULL,
				 text_or_empty(constraint->object.name) };
}

bool next_policy(const struct facts *facts, size_t *cursor, struct policy *policy)
{
	size_t index = (*cursor)++;

	if (index < facts->constraint_template_count) {
		policy->object = &facts->constraint_templates[index].object;
		policy->constraint = NULL;
		policy->subject = (struct subject){ "ConstraintTemplate", NULL,
						    text_or_empty(policy->object->name) };
		return true;
	}
	index -= facts->constraint_template_count;
	if (index >= facts->constraint_count)
		return false;
	policy->constraint = &facts->constraints[index];
	policy->object = &policy->constraint->object;
	policy->subject = constraint_subject(policy->constraint);
	return true;
}

const char *constraint_resource(const struct constraint *constraint,
				struct report *report)
{
	return report_text(report, "%s/%s",
			   constraint->resource ? constraint->resource : "constraints",
			   text_or_empty(constraint->object.name));
}

const char *policy_resource(const struct policy *policy, struct report *report)
{
	return policy->constraint ? constraint_resource(policy->constraint, report)
				  : report_text(report, "constrainttemplate/%s",
						text_or_empty(policy->object->name));
}

int64_t policy_changed(const struct policy_object *object)
{
	int64_t last = object->created;

	for (size_t i = 0; i < object->change_count; i++) {
		const struct policy_change *change = &object->changes[i];

		if (!text_equal(change->subresource, "status") &&
		    !text_starts(change->manager, "gatekeeper") &&
		    change->time != UNSET && change->time > last)
			last = change->time;
	}
	return last;
}

const char *constraint_action(const struct constraint *constraint)
{
	static const char *const actions[] = { "deny", "dryrun", "warn", "scoped" };

	if (!constraint->action || !*constraint->action)
		return "deny";
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		if (text_equal(actions[i], constraint->action))
			return actions[i];
	return "unrecognized";
}

bool constraint_denies(const struct constraint *constraint)
{
	const char *action = constraint_action(constraint);

	for (size_t i = 0; i < constraint->scoped_actions.count; i++)
		if (text_equal(action, "scoped") &&
		    text_equal(constraint->scoped_actions.items[i], "deny"))
			return true;
	return text_equal(action, "deny");
}

const char *error_text(const struct policy_error *error, struct report *report)
{
	const char *message = error->message ? error->message : "no message";

	return error->location && *error->location
		       ? report_text(report, "%s (%s)", message, error->location)
		       : message;
}
