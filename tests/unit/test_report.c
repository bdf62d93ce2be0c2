// SPDX-License-Identifier: Apache-2.0
/* Verdicts, echoes and exit statuses, with checks made for the purpose. */
#include "test.h"

#include <wasmdiag/text.h>

#include "report.h"

static const struct guide root_guide = {
	.code = "WD9001",
	.severity = SEVERITY_FAIL,
	.symptom = { { "{node} is broken", "" } },
};
static const struct guide echo_guide = {
	.code = "WD9002",
	.severity = SEVERITY_FAIL,
	.because =
		(const struct echo_rule[]){
			{ "WD9001", (const char *const[]){ "node", NULL } } },
	.because_count = 1,
};
static const struct guide warning_guide = { .code = "WD9003", .severity = SEVERITY_WARN };
static const struct guide matching_guide = {
	.match = (const char *const[]){ "no runtime for*is configured", "oops", NULL },
};
static const struct words none = { { "nothing of the kind", "" } };

static void find_root(const struct facts *facts, struct report *report)
{
	(void)facts;
	if (report_knows(report, FACT_NODES))
		report_finding(report, &root_guide,
			       (struct subject){ "Node", NULL, "n1" });
}

static void find_echoes(const struct facts *facts, struct report *report)
{
	(void)facts;
	if (!report_knows(report, FACT_PODS))
		return;
	for (int i = 0; i < 3; i++) {
		static const char *const names[] = { "a", "b", "c" };
		struct finding *finding =
			report_finding(report, &echo_guide,
				       (struct subject){ "Pod", "default", names[i] });

		finding_value(finding, "node", "%s", i < 2 ? "n1" : "n2");
	}
}

static void find_warning(const struct facts *facts, struct report *report)
{
	(void)facts;
	if (report_knows(report, FACT_PODS))
		report_finding(report, &warning_guide,
			       (struct subject){ "Pod", "x", "y" });
}

static void find_nothing(const struct facts *facts, struct report *report)
{
	(void)facts;
	report_knows(report, FACT_PODS);
}

static void need_events(const struct facts *facts, struct report *report)
{
	(void)facts;
	report_knows(report, FACT_PODS);
	report_knows(report, FACT_EVENTS);
}

static void skip_it(const struct facts *facts, struct report *report)
{
	(void)facts;
	report_knows(report, FACT_PODS);
	report_skip(report, &none);
}

static void look_away(const struct facts *facts, struct report *report)
{
	(void)facts;
	(void)report;
}

#define CHECK(name_, run_)                                                               \
	static const struct check_words name_##_words = { .name = #name_ };              \
	static const struct check name_ = { .words = &name_##_words, .run = run_ }

CHECK(root, find_root);
CHECK(echoes, find_echoes);
CHECK(warning, find_warning);
CHECK(nothing, find_nothing);
CHECK(events, need_events);
CHECK(skipping, skip_it);
CHECK(blind, look_away);

static struct facts known(void)
{
	struct facts facts = { 0 };

	facts.source[FACT_NODES].state = FACT_KNOWN;
	facts.source[FACT_PODS].state = FACT_KNOWN;
	facts.source[FACT_EVENTS] = (struct source){ FACT_DENIED, "may not" };
	return facts;
}

/* In the arena: findings point back at their report. */
static struct report *make(const struct check *const *checks, const struct facts *facts,
			   struct arena *arena)
{
	struct report *report = arena_alloc(arena, sizeof(*report));

	report_make(report, checks, facts, arena);
	return report;
}

static void verdicts_follow_from_calls(void **state)
{
	static const struct check *const checks[] = { &root,   &warning,  &nothing,
						      &events, &skipping, &blind,
						      NULL };
	static const enum verdict expected[] = { VERDICT_FAIL, VERDICT_WARN,
						 VERDICT_PASS, VERDICT_UNKNOWN,
						 VERDICT_SKIP, VERDICT_SKIP };
	struct facts facts = known();
	struct arena arena = { 0 };
	struct report *report = make(checks, &facts, &arena);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++)
		if (report->results[i].verdict != expected[i])
			fail_msg("%s: %s", checks[i]->words->name,
				 verdict_names[report->results[i].verdict]);
	assert_int_equal(report->verdict, VERDICT_FAIL);
	assert_string_equal(report->results[3].reasons[0].detail, "may not");
	arena_free(&arena);
}

static void echoes_testify_for_their_root(void **state)
{
	static const struct check *const checks[] = { &echoes, &root, NULL };
	struct facts facts = known();
	struct arena arena = { 0 };
	struct report *report = make(checks, &facts, &arena);

	(void)state;
	assert_int_equal(report->finding_count, 4);
	assert_string_equal(report->findings[0]->subject.name, "c");
	assert_string_equal(report->findings[1]->guide->code, "WD9001");
	assert_int_equal(report->findings[1]->witness_count, 2);
	assert_ptr_equal(report->findings[2]->because, report->findings[1]);
	assert_int_equal(report->results[0].verdict, VERDICT_FAIL);
	arena_free(&arena);
}

static void a_check_with_echoes_only_is_skipped(void **state)
{
	static const struct check *const checks[] = { &echoes, &root, NULL };
	static const char *const kept[] = { "WD9001", NULL };
	struct facts facts = known();
	struct arena arena = { 0 };
	struct report *report = make(checks, &facts, &arena);

	(void)state;
	report_keep_codes(report, kept);
	assert_int_equal(report->finding_count, 1);
	assert_int_equal(report->results[0].verdict, VERDICT_PASS);
	arena_free(&arena);
}

static int status(const struct check *check, enum fail_on fail_on, bool allow_unknown)
{
	const struct check *const checks[] = { check, NULL };
	struct facts facts = known();
	struct arena arena = { 0 };
	struct report *report = make(checks, &facts, &arena);
	int result = report_exit_status(report, fail_on, allow_unknown);

	arena_free(&arena);
	return result;
}

static void exit_statuses(void **state)
{
	(void)state;
	assert_int_equal(status(&nothing, FAIL_ON_FAIL, false), 0);
	assert_int_equal(status(&root, FAIL_ON_FAIL, false), 3);
	assert_int_equal(status(&root, FAIL_ON_NEVER, false), 0);
	assert_int_equal(status(&warning, FAIL_ON_FAIL, false), 0);
	assert_int_equal(status(&warning, FAIL_ON_WARN, false), 4);
	assert_int_equal(status(&warning, FAIL_ON_UNKNOWN, false), 4);
	assert_int_equal(status(&events, FAIL_ON_FAIL, false), 5);
	assert_int_equal(status(&events, FAIL_ON_FAIL, true), 0);
	assert_int_equal(status(&events, FAIL_ON_UNKNOWN, true), 5);
	/* nothing was looked at: never 0 by itself */
	assert_int_equal(status(&blind, FAIL_ON_FAIL, false), 5);
}

static void placeholders_are_filled_and_quoted(void **state)
{
	static const struct check *const checks[] = { &root, NULL };
	struct facts facts = known();
	struct arena arena = { 0 };
	struct report *report = make(checks, &facts, &arena);
	struct finding *finding = report->findings[0];

	(void)state;
	finding_value(finding, "path", "%s", "/opt/it's here");
	assert_string_equal(words_fill(&arena, "x {node} {pod} {Y} {", finding, true),
			    "x n1 <pod> {Y} {");
	assert_string_equal(words_fill(&arena, "ls {path}", finding, true),
			    "ls '/opt/it'\\''s here'");
	finding_value(finding, "key", "%s", ";id;");
	assert_string_equal(
		words_fill(&arena, "x -p '{\"{key}\":\"{node}\"}' {key}", finding, true),
		"x -p '{\"'';id;''\":\"n1\"}' ';id;'");
	assert_string_equal(words_fill(&arena, "x \"[\\\"']\" {key}", finding, true),
			    "x \"[\\\"']\" ';id;'");
	assert_string_equal(words_fill(&arena, "ls {path}", finding, false),
			    "ls /opt/it's here");
	arena_free(&arena);
}

static void match_texts(void **state)
{
	(void)state;
	assert_true(guide_matches(&matching_guide,
				  "x: no runtime for \"crun\" is configured"));
	assert_false(guide_matches(&matching_guide, "is configured: no runtime for"));
	assert_true(guide_matches(&matching_guide, "oops"));
	assert_false(guide_matches(&matching_guide, ""));
	assert_false(guide_matches(&root_guide, "oops"));
}

#define MANY 1000

/* Twice the same, and each time twice: also where they are too many to search through. */
static void find_many(const struct facts *facts, struct report *report)
{
	struct finding *all = report_finding(report, &warning_guide,
					     (struct subject){ "Node", NULL, "n" });

	(void)facts;
	for (int i = 0; i < 2 * MANY; i++) {
		const char *name = report_text(report, "pod-%04d", i % MANY);
		const char *namespace = i % 2 ? "odd" : NULL;
		struct subject subject = { "Pod", namespace, name };

		report_finding(report, &echo_guide, subject);
		finding_witness(all, subject);
		finding_witness(all, (struct subject){ "Node", NULL, "n" });
		finding_saw(all, name, "broken", "whole", "nowhere");
	}
	finding_witness(all, (struct subject){ "Pod", "even", "pod-0000" });
	finding_witness(all, (struct subject){ "Pod", NULL, NULL });
}

static void many_are_told_apart(void **state)
{
	static const struct check_words words = { .name = "many" };
	static const struct check check = { .words = &words, .run = find_many };
	const struct check *const checks[] = { &check, NULL };
	struct facts facts = { .taken = 1 };
	struct arena arena = { 0 };
	struct report report = { .arena = &arena };
	const struct finding *last;

	(void)state;
	report_make(&report, checks, &facts, &arena);
	assert_int_equal(report.finding_count, 1 + MANY);
	last = report.findings[MANY];
	assert_string_equal(last->guide->code, "WD9003");
	assert_int_equal(last->witness_count, MANY + 2);
	assert_string_equal(last->witnesses[MANY + 1].name, "pod-0999");
	assert_int_equal(last->evidence_count, 32);
	assert_string_equal(last->evidence[31].what, "pod-0031");
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_are_told_apart),
		cmocka_unit_test(verdicts_follow_from_calls),
		cmocka_unit_test(echoes_testify_for_their_root),
		cmocka_unit_test(a_check_with_echoes_only_is_skipped),
		cmocka_unit_test(exit_statuses),
		cmocka_unit_test(placeholders_are_filled_and_quoted),
		cmocka_unit_test(match_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
