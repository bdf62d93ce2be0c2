// SPDX-License-Identifier: Apache-2.0
#include "fold.h"

#include <stdlib.h>

#include <wasmdiag/text.h>

static bool shares_values(const struct finding *a, const struct finding *b,
			  const char *const *keys)
{
	for (; *keys; keys++) {
		const char *value = finding_get(a, *keys);

		if (!value || !text_equal(value, finding_get(b, *keys)))
			return false;
	}
	return true;
}

/* Would making root the cause of echo close a circle? */
static bool leads_back(const struct finding *root, const struct finding *echo)
{
	for (; root; root = root->because)
		if (root == echo)
			return true;
	return false;
}

static struct finding *find_root(const struct report *report, const struct finding *echo,
				 const struct echo_rule *rule)
{
	for (size_t i = 0; i < report->finding_count; i++) {
		struct finding *root = report->findings[i];

		if (text_equal(root->guide->code, rule->code) &&
		    root->severity >= echo->severity &&
		    shares_values(root, echo, rule->same) && !leads_back(root, echo))
			return root;
	}
	return NULL;
}

static void link_echo(const struct report *report, struct finding *echo)
{
	for (size_t i = 0; i < echo->guide->because_count && !echo->because; i++)
		echo->because = find_root(report, echo, &echo->guide->because[i]);
}

static void testify(struct finding *root, const struct finding *echo)
{
	finding_witness(root, echo->subject);
	for (size_t i = 0; i < echo->witness_count; i++)
		finding_witness(root, echo->witnesses[i]);
}

void fold_echoes(struct report *report)
{
	for (size_t i = 0; i < report->finding_count; i++)
		link_echo(report, report->findings[i]);
	for (size_t i = 0; i < report->finding_count; i++) {
		struct finding *echo = report->findings[i];

		if (!echo->because)
			continue;
		while (echo->because->because)
			echo->because = echo->because->because;
		testify(echo->because, echo);
	}
}

static size_t place(const struct report *report, const struct check *check)
{
	for (size_t i = 0; i < report->result_count; i++)
		if (report->results[i].check == check)
			return i;
	return report->result_count;
}

static int compare_text(const char *a, const char *b)
{
	return strcmp(text_or_empty(a), text_or_empty(b));
}

static int compare_subjects(const struct subject *a, const struct subject *b)
{
	int order = compare_text(a->kind, b->kind);

	if (!order)
		order = compare_text(a->namespace, b->namespace);
	return order ? order : compare_text(a->name, b->name);
}

static int compare_findings(const void *left, const void *right)
{
	const struct finding *a = *(const struct finding *const *)left;
	const struct finding *b = *(const struct finding *const *)right;
	size_t place_a = place(a->report, a->check), place_b = place(b->report, b->check);
	int order;

	if (finding_is_open(a) != finding_is_open(b))
		return finding_is_open(a) ? -1 : 1;
	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (place_a != place_b)
		return place_a < place_b ? -1 : 1;
	order = strcmp(a->guide->code, b->guide->code);
	return order ? order : compare_subjects(&a->subject, &b->subject);
}

static int compare_witnesses(const void *left, const void *right)
{
	return compare_subjects(left, right);
}

void sort_findings(struct report *report)
{
	if (report->finding_count == 0)
		return;
	for (size_t i = 0; i < report->finding_count; i++) {
		struct finding *finding = report->findings[i];

		if (finding->witness_count)
			qsort(finding->witnesses, finding->witness_count,
			      sizeof(*finding->witnesses), compare_witnesses);
	}
	qsort(report->findings, report->finding_count, sizeof(*report->findings),
	      compare_findings);
}
