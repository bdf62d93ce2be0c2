// SPDX-License-Identifier: Apache-2.0
/* What Gatekeeper's policies let pass on purpose: no fault, and the most common reason
 * why one seems not to be in force. */
#include "gatekeeper_sync.h"

#include "gatekeeper_sync.words.h"

#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#define IGNORE_LABEL "admission.gatekeeper.sh/ignore"

/* ---- 4204: in force, but not by refusing ---- */

static bool is_lenient(const struct constraint *constraint, const char *action)
{
	return !constraint_denies(constraint) &&
	       text_equal(constraint_action(constraint), action);
}

static void report_lenient(const struct survey *survey, const char *action, size_t count)
{
	const struct facts *facts = survey->facts;
	struct finding *finding = report_finding(
		survey->report, &WD4204, (struct subject){ "Constraints", NULL, action });
	size_t shown = 0;

	finding_value(finding, "count", "%zu", count);
	finding_value(finding, "actual", "%s", action);
	for (size_t i = 0; i < facts->constraint_count && shown < WITNESSES; i++) {
		const struct constraint *constraint = &facts->constraints[i];

		if (!is_lenient(constraint, action))
			continue;
		finding_value(finding, "constraint", "%s",
			      constraint_resource(constraint, survey->report));
		finding_witness(finding, constraint_subject(constraint));
		shown++;
	}
}

void judge_lenience(const struct survey *survey)
{
	static const char *const actions[] = { "dryrun", "warn", "scoped",
					       "unrecognized" };

	for (size_t i = 0; i < ARRAY_SIZE(actions); i++) {
		size_t count = 0;

		for (size_t j = 0; j < survey->facts->constraint_count; j++)
			count += is_lenient(&survey->facts->constraints[j], actions[i]);
		if (count)
			report_lenient(survey, actions[i], count);
	}
}

/* ---- 4206: passed over ---- */

/* The webhook must not guard Gatekeeper itself, and its own documentation exempts
 * kube-*: neither surprises anybody. */
static bool is_usual(const struct survey *survey, const char *namespace)
{
	return text_starts(namespace, "kube-") ||
	       text_equal(namespace, crew_namespace(&survey->crew));
}

static size_t count_unusual(const struct survey *survey, const struct string_list *list)
{
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++)
		count += !is_usual(survey, list->items[i]);
	return count;
}

static struct finding *exemption_finding(const struct survey *survey, const char *kind,
					 const char *namespace, const char *name)
{
	return report_finding(survey->report, &WD4206,
			      (struct subject){ kind, namespace, text_or_empty(name) });
}

static void show_namespaces(const struct survey *survey, struct finding *finding,
			    const struct string_list *list, const char *source)
{
	size_t shown = 0;

	for (size_t i = 0; i < list->count && shown < SHOWN; i++) {
		if (is_usual(survey, list->items[i]))
			continue;
		finding_value(finding, "value", "%s", text_or_empty(list->items[i]));
		finding_saw(finding, "namespace", text_or_empty(list->items[i]), NULL,
			    source);
		shown++;
	}
}

static bool exempts_webhook(const struct gatekeeper_exemption *exemption)
{
	for (size_t i = 0; i < exemption->processes.count; i++)
		if (text_equal(exemption->processes.items[i], "*") ||
		    text_equal(exemption->processes.items[i], "webhook"))
			return true;
	return false;
}

static void judge_config(const struct survey *survey,
			 const struct gatekeeper_config *config)
{
	struct finding *finding;
	size_t count = 0;

	for (size_t i = 0; i < config->exemption_count; i++)
		if (exempts_webhook(&config->exemptions[i]))
			count += count_unusual(survey, &config->exemptions[i].namespaces);
	if (!count)
		return;
	finding = exemption_finding(survey, "Config", config->namespace, config->name);
	finding_value(finding, "count", "%zu", count);
	finding_value(finding, "path", "config.config.gatekeeper.sh/%s",
		      text_or_empty(config->name));
	for (size_t i = 0; i < config->exemption_count && i < SHOWN; i++)
		if (exempts_webhook(&config->exemptions[i]))
			show_namespaces(survey, finding,
					&config->exemptions[i].namespaces,
					"spec.match.excludedNamespaces");
}

static void judge_labelled(const struct survey *survey)
{
	const struct string_list *list = &survey->facts->exempt_namespaces;
	size_t count = count_unusual(survey, list);
	struct finding *finding;

	if (!count)
		return;
	finding = exemption_finding(survey, "Namespaces", NULL, IGNORE_LABEL);
	finding_value(finding, "count", "%zu", count);
	finding_value(finding, "key", "%s", IGNORE_LABEL);
	show_namespaces(survey, finding, list, "label " IGNORE_LABEL);
}

static size_t count_excluding(const struct survey *survey)
{
	const struct facts *facts = survey->facts;
	size_t count = 0;

	for (size_t i = 0; i < facts->constraint_count; i++)
		count +=
			count_unusual(survey, &facts->constraints[i].excluded_namespaces);
	return count;
}

static void judge_matches(const struct survey *survey)
{
	const struct facts *facts = survey->facts;
	size_t count = count_excluding(survey), shown = 0;
	struct finding *finding;

	if (!count)
		return;
	finding = exemption_finding(survey, "Constraints", NULL,
				    "spec.match.excludedNamespaces");
	finding_value(finding, "count", "%zu", count);
	for (size_t i = 0; i < facts->constraint_count && shown < SHOWN; i++) {
		const struct constraint *constraint = &facts->constraints[i];
		const char *resource = constraint_resource(constraint, survey->report);

		if (count_unusual(survey, &constraint->excluded_namespaces) == 0)
			continue;
		finding_value(finding, "resource", "%s", resource);
		finding_witness(finding, constraint_subject(constraint));
		show_namespaces(survey, finding, &constraint->excluded_namespaces,
				resource);
		shown++;
	}
}

void judge_exemptions(const struct survey *survey)
{
	const struct facts *facts = survey->facts;

	judge_matches(survey);
	if (report_knows(survey->report, FACT_GATEKEEPER_CONFIGS))
		for (size_t i = 0; i < facts->gatekeeper_config_count; i++)
			judge_config(survey, &facts->gatekeeper_configs[i]);
	if (report_knows(survey->report, FACT_EXEMPT_NAMESPACES))
		judge_labelled(survey);
}
