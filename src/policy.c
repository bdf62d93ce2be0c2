// SPDX-License-Identifier: Apache-2.0
#include "policy.h"

#include <string.h>

#include <wasmdiag/text.h>

#include "collect/yaml.h"
#include "file.h"
#include "quantity.h"
#include "run.h"

#define SECONDS_PER_DAY ((int64_t)86400)

/* The file being read, for messages. */
struct reading {
	const char *name;
	struct arena *arena;
	struct policy *policy;
	struct error *error;
};

static bool wrong(const struct reading *reading, const struct yaml_node *node,
		  const char *what)
{
	yaml_fail(reading->error, reading->name, node, "%s", what);
	reading->error->kind = ERROR_USAGE;
	return false;
}

static const char *code_of(const struct yaml_node *node)
{
	const char *text = yaml_text(node);
	const struct guide *guide = text ? find_guide(text, NULL) : NULL;

	return guide ? guide->code : NULL;
}

static bool read_threshold(const struct reading *reading, const struct yaml_pair *pair)
{
	struct error error;

	if (!yaml_text(pair->value))
		return wrong(reading, pair->value, "a threshold is one value");
	if (threshold_set(reading->policy->thresholds, pair->key->text, pair->value->text,
			  &error))
		return true;
	return wrong(reading, pair->key, error.text);
}

static bool read_severity(const struct reading *reading, const struct yaml_pair *pair)
{
	struct policy *policy = reading->policy;
	const char *code = code_of(pair->key);
	size_t severity = 0;

	if (!code)
		return wrong(reading, pair->key,
			     "there is no such code: see wasmdiag list");
	while (severity < SEVERITY_COUNT &&
	       !text_equal(severity_names[severity], yaml_text(pair->value)))
		severity++;
	if (severity == SEVERITY_COUNT)
		return wrong(reading, pair->value, "should be info, warn or fail");
	policy->severities =
		arena_grow(reading->arena, policy->severities, policy->severity_count,
			   sizeof(*policy->severities));
	policy->severities[policy->severity_count++] =
		(struct severity_rule){ code, (enum severity)severity };
	return true;
}

/* The end of a day written 2026-12-31; UNSET when it is none. */
static int64_t end_of_day(struct arena *arena, const char *day)
{
	int64_t start;

	if (!day || strlen(day) != strlen("2026-12-31"))
		return UNSET;
	start = time_parse(arena_format(arena, "%sT00:00:00Z", day));
	return start == UNSET ? UNSET : start + SECONDS_PER_DAY;
}

static bool read_suppression_key(const struct reading *reading,
				 const struct yaml_pair *pair,
				 struct suppression *suppression)
{
	const char *key = pair->key->text, *value = yaml_text(pair->value);

	if (!value || !*value)
		return wrong(reading, pair->value, "should be one value");
	if (text_equal(key, "code")) {
		suppression->code = code_of(pair->value);
		if (!suppression->code)
			return wrong(reading, pair->value,
				     "there is no such code: see wasmdiag list");
	} else if (text_equal(key, "object")) {
		suppression->object = value;
	} else if (text_equal(key, "reason")) {
		suppression->reason = value;
	} else if (text_equal(key, "until")) {
		suppression->until = end_of_day(reading->arena, value);
		suppression->until_text = value;
		if (suppression->until == UNSET)
			return wrong(reading, pair->value,
				     "should be a day such as 2026-12-31");
	} else {
		return wrong(reading, pair->key,
			     "unknown key: there are code, object, reason and until");
	}
	return true;
}

static bool read_suppression(const struct reading *reading, const struct yaml_node *node)
{
	struct policy *policy = reading->policy;
	struct suppression suppression = { .until = UNSET };

	if (node->kind != YAML_MAPPING)
		return wrong(reading, node, "should have code, reason and until");
	for (size_t i = 0; i < node->count; i++)
		if (!read_suppression_key(reading, &node->pairs[i], &suppression))
			return false;
	if (!suppression.code || !suppression.reason || suppression.until == UNSET)
		return wrong(reading, node,
			     "a suppression needs a code, a reason and until, a day");
	policy->suppressions =
		arena_grow(reading->arena, policy->suppressions,
			   policy->suppression_count, sizeof(*policy->suppressions));
	policy->suppressions[policy->suppression_count++] = suppression;
	return true;
}

static bool read_mapping(const struct reading *reading, const struct yaml_node *node,
			 bool (*read)(const struct reading *, const struct yaml_pair *))
{
	if (node->kind != YAML_MAPPING)
		return wrong(reading, node, "should be a mapping");
	for (size_t i = 0; i < node->count; i++)
		if (!read(reading, &node->pairs[i]))
			return false;
	return true;
}

static bool read_suppressions(const struct reading *reading, const struct yaml_node *node)
{
	if (node->kind != YAML_SEQUENCE)
		return wrong(reading, node, "should be a list");
	for (size_t i = 0; i < node->count; i++)
		if (!read_suppression(reading, node->items[i]))
			return false;
	return true;
}

static bool read_section(const struct reading *reading, const struct yaml_pair *pair)
{
	const char *key = pair->key->text;

	if (yaml_is_null(pair->value))
		return true;
	if (text_equal(key, "thresholds"))
		return read_mapping(reading, pair->value, read_threshold);
	if (text_equal(key, "severity"))
		return read_mapping(reading, pair->value, read_severity);
	if (text_equal(key, "suppress"))
		return read_suppressions(reading, pair->value);
	return wrong(reading, pair->key,
		     "unknown key: there are thresholds, severity and suppress");
}

static bool read_file(const struct reading *reading)
{
	const struct yaml_node *root;
	struct bytes bytes;

	if (!file_read(reading->name, YAML_MAX_BYTES, reading->arena, &bytes,
		       reading->error) ||
	    !yaml_parse(reading->name, bytes, reading->arena, &root, reading->error)) {
		fail_in(reading->error, "--config");
		reading->error->kind = ERROR_USAGE;
		return false;
	}
	if (!root)
		return true;
	return read_mapping(reading, root, read_section);
}

static bool read_words(const struct string_list *words, const struct reading *reading)
{
	for (size_t i = 0; i < words->count; i++) {
		const char *word = words->items[i], *equals = strchr(word, '=');

		if (!equals)
			return fail(reading->error, ERROR_USAGE,
				    "--threshold %s: should be NAME=VALUE", word);
		if (!threshold_set(
			    reading->policy->thresholds,
			    arena_copy(reading->arena, word, (size_t)(equals - word)),
			    equals + 1, reading->error))
			return fail_in(reading->error, "--threshold");
	}
	return true;
}

bool policy_load(struct policy *policy, const char *file, const struct string_list *words,
		 struct arena *arena, struct error *error)
{
	struct error ignored;
	const struct reading reading = { file, arena, policy, error ? error : &ignored };

	*policy = (struct policy){ .severities = NULL };
	thresholds_default(policy->thresholds);
	if (file && !read_file(&reading))
		return false;
	return read_words(words, &reading);
}

/* ---- applying it ---- */

/* As the report prints it: "Pod default/hello", "Node n1". */
static bool is_object(const char *pattern, const struct subject *subject,
		      struct arena *arena)
{
	return text_path_match(pattern, arena_format(arena, "%s %s%s%s", subject->kind,
						     text_or_empty(subject->namespace),
						     subject->namespace ? "/" : "",
						     subject->name));
}

static const struct suppression *find_suppression(const struct policy *policy,
						  const struct report *report,
						  const struct finding *finding)
{
	for (size_t i = 0; i < policy->suppression_count; i++) {
		const struct suppression *suppression = &policy->suppressions[i];

		if (text_equal(suppression->code, finding->guide->code) &&
		    report_now(report) < suppression->until &&
		    (!suppression->object ||
		     is_object(suppression->object, &finding->subject, report->arena)))
			return suppression;
	}
	return NULL;
}

void policy_apply(const struct policy *policy, struct report *report)
{
	for (size_t i = 0; i < report->finding_count; i++) {
		struct finding *finding = report->findings[i];

		for (size_t j = 0; j < policy->severity_count; j++)
			if (text_equal(policy->severities[j].code, finding->guide->code))
				finding->severity = policy->severities[j].severity;
		finding->suppression = find_suppression(policy, report, finding);
	}
}
