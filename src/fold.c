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

/* The findings that may be roots by one rule, by the values that both must share. */
struct roots {
	const struct echo_rule *rule;
	struct hash_table table;
};

struct folding {
	struct arena arena;
	const struct report *report;
	struct roots *roots;
	size_t count;
};

/* False when the finding lacks one of the values, and so shares none. */
static bool hash_values(const struct finding *finding, const char *const *keys,
			uint64_t *ret_hash)
{
	*ret_hash = HASH_START;
	for (; *keys; keys++) {
		const char *value = finding_get(finding, *keys);

		if (!value)
			return false;
		*ret_hash = hash_text(*ret_hash, value);
	}
	return true;
}

static void gather_roots(struct folding *folding, struct roots *roots)
{
	const struct report *report = folding->report;
	uint64_t hash;

	for (size_t i = 0; i < report->finding_count; i++)
		roots->table.count +=
			text_equal(report->findings[i]->guide->code, roots->rule->code);
	/* all at once, so that the first of several is found first */
	hash_reserve(&roots->table, &folding->arena, roots->table.count);
	roots->table.count = 0;
	for (size_t i = 0; i < report->finding_count; i++)
		if (text_equal(report->findings[i]->guide->code, roots->rule->code) &&
		    hash_values(report->findings[i], roots->rule->same, &hash))
			hash_add(&roots->table, &folding->arena, hash, i);
}

static const struct roots *roots_by(struct folding *folding, const struct echo_rule *rule)
{
	struct roots *roots;

	for (size_t i = 0; i < folding->count; i++)
		if (folding->roots[i].rule == rule)
			return &folding->roots[i];
	folding->roots = arena_grow(&folding->arena, folding->roots, folding->count,
				    sizeof(*folding->roots));
	roots = &folding->roots[folding->count++];
	*roots = (struct roots){ .rule = rule };
	gather_roots(folding, roots);
	return roots;
}

static struct finding *find_root(struct folding *folding, const struct finding *echo,
				 const struct echo_rule *rule)
{
	const struct roots *roots = roots_by(folding, rule);
	size_t cursor = 0, place;
	uint64_t hash;

	if (!hash_values(echo, rule->same, &hash))
		return NULL;
	while ((place = hash_next(&roots->table, hash, &cursor)) != HASH_NOWHERE) {
		struct finding *root = folding->report->findings[place];

		if (root->severity >= echo->severity &&
		    shares_values(root, echo, rule->same) && !leads_back(root, echo))
			return root;
	}
	return NULL;
}

static void link_echo(struct folding *folding, struct finding *echo)
{
	for (size_t i = 0; i < echo->guide->because_count && !echo->because; i++)
		echo->because = find_root(folding, echo, &echo->guide->because[i]);
}

static void testify(struct finding *root, const struct finding *echo)
{
	finding_witness(root, echo->subject);
	for (size_t i = 0; i < echo->witness_count; i++)
		finding_witness(root, echo->witnesses[i]);
}

void fold_echoes(struct report *report)
{
	struct folding folding = { .report = report };

	for (size_t i = 0; i < report->finding_count; i++)
		link_echo(&folding, report->findings[i]);
	arena_free(&folding.arena);
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

		finding->witness_table = (struct hash_table){ 0 };
		if (finding->witness_count)
			qsort(finding->witnesses, finding->witness_count,
			      sizeof(*finding->witnesses), compare_witnesses);
	}
	qsort(report->findings, report->finding_count, sizeof(*report->findings),
	      compare_findings);
}
