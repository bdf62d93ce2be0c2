// SPDX-License-Identifier: Apache-2.0
/* Thresholds, severities by code, suppressions. */
#include "test.h"

#include <wasmdiag/text.h>

#include "policy.h"
#include "root_test.h"

static struct policy policy;
static struct error error;

static int begin(void **state)
{
	error = (struct error){ 0 };
	return begin_root(state);
}

static bool load(const char *text, const char *word)
{
	struct string_list words = { &word, word ? 1 : 0 };

	fixture_put(&fixture, "/policy.yaml", text);
	return policy_load(&policy, fixture_path(&fixture, "/policy.yaml"), &words,
			   &arena, &error);
}

static void defaults_hold(void **state)
{
	struct string_list none = { 0 };

	(void)state;
	assert_true(policy_load(&policy, NULL, &none, &arena, &error));
	assert_int_equal(policy.thresholds[THRESHOLD_CRUN_VERSION], 1008005);
	assert_int_equal(policy.thresholds[THRESHOLD_MEMORY], 64 << 20);
	assert_true(load("", NULL));
	assert_int_equal(policy.thresholds[THRESHOLD_START], 500);
}

static void the_option_wins_over_the_file(void **state)
{
	(void)state;
	assert_true(load("thresholds: {start: 10ms, memory: 10M, memory-share: 90%, "
			 "crun-version: 1.21}\n",
			 "start=2s"));
	assert_int_equal(policy.thresholds[THRESHOLD_START], 2000);
	assert_int_equal(policy.thresholds[THRESHOLD_MEMORY], 10000000);
	assert_int_equal(policy.thresholds[THRESHOLD_MEMORY_SHARE], 90);
	assert_int_equal(policy.thresholds[THRESHOLD_CRUN_VERSION], 1021000);
	assert_false(load("", "start"));
	assert_false(load("", "start=soon"));
	assert_false(load("", "size=1"));
	assert_non_null(strstr(error.text, "there are crun-version, pull"));
}

/* What is wrong is refused with its line. */
static void mistakes_are_named(void **state)
{
	static const struct {
		const char *text, *says;
	} rows[] = {
		{ "threshold: {}\n", ":1:1: unknown key" },
		{ "thresholds:\n  size: 1\n", ":2:3: there is no threshold size" },
		{ "thresholds:\n  memory: much\n", "such as 64Mi" },
		{ "thresholds: [1]\n", "should be a mapping" },
		{ "severity: {WD9999: warn}\n", "no such code" },
		{ "severity: {WD2105: bad}\n", "info, warn or fail" },
		{ "suppress: {}\n", "should be a list" },
		{ "suppress: [{code: WD2105}]\n", "needs a code, a reason and until" },
		{ "suppress: [{code: WD2105, reason: x, until: soon}]\n", "2026-12-31" },
		{ "suppress: [{code: WD2105, reason: x, until: 2026-13-01}]\n",
		  "2026-12-31" },
		{ "suppress: [{code: WD2105, why: x}]\n", "unknown key" },
		{ "suppress: [{code: WD1, reason: x}]\n", "no such code" },
		{ "a: [\n", ":" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_false(load(rows[i].text, NULL));
		assert_int_equal(error.kind, ERROR_USAGE);
		if (!strstr(error.text, rows[i].says))
			fail_msg("%s: %s", rows[i].text, error.text);
	}
}

static const struct guide found_guide = { .code = "WD2105", .severity = SEVERITY_FAIL };

static void find(const struct facts *facts, struct report *report)
{
	static const char *const names[] = { "n1", "n2" };

	(void)facts;
	report_knows(report, FACT_NODES);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		report_finding(report, &found_guide,
			       (struct subject){ "Node", NULL, names[i] });
}

static struct report *judge(int64_t now)
{
	static const struct check_words words = { .name = "found" };
	static const struct check check = { .words = &words, .run = find };
	static const struct check *const checks[] = { &check, NULL };
	static struct facts facts;
	struct report *report = arena_alloc(&arena, sizeof(*report));

	facts.taken = now;
	facts.source[FACT_NODES].state = FACT_KNOWN;
	report->policy = &policy;
	report_make(report, checks, &facts, &arena);
	return report;
}

static void severity_by_code(void **state)
{
	struct report *report;

	(void)state;
	assert_true(load("severity: {WD2105: warn}\n", NULL));
	report = judge(0);
	assert_int_equal(report->verdict, VERDICT_WARN);
	assert_int_equal(report_exit_status(report, FAIL_ON_FAIL, false), 0);
	assert_int_equal(report_exit_status(report, FAIL_ON_WARN, false), 4);
}

static void suppressed_until_its_day_is_over(void **state)
{
	const int64_t end_of_2026 = 1798761600;
	struct report *report;

	(void)state;
	assert_true(load("suppress:\n- {code: wd2105, object: Node n1, reason: known, "
			 "until: 2026-12-31}\n",
			 NULL));
	report = judge(end_of_2026 - 1);
	assert_int_equal(report_suppressed(report), 1);
	assert_string_equal(report->findings[0]->subject.name, "n2");
	assert_string_equal(report->findings[1]->suppression->reason, "known");
	assert_int_equal(report_exit_status(report, FAIL_ON_FAIL, false), 3);
	assert_int_equal(report_suppressed(judge(end_of_2026)), 0);
	assert_true(load("suppress:\n- {code: WD2105, object: Node *, reason: known, "
			 "until: 2026-12-31}\n",
			 NULL));
	report = judge(0);
	assert_int_equal(report_suppressed(report), 2);
	assert_int_equal(report->verdict, VERDICT_PASS);
	assert_int_equal(report_exit_status(report, FAIL_ON_FAIL, false), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(defaults_hold, begin, end),
		cmocka_unit_test_setup_teardown(the_option_wins_over_the_file, begin,
						end),
		cmocka_unit_test_setup_teardown(mistakes_are_named, begin, end),
		cmocka_unit_test_setup_teardown(severity_by_code, begin, end),
		cmocka_unit_test_setup_teardown(suppressed_until_its_day_is_over, begin,
						end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
