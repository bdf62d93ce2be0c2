// SPDX-License-Identifier: Apache-2.0
/* A node on its way into its cluster, and K3s's supervisor as it should be or is not. */
#include "kube_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <wasmdiag/text.h>

#include "collect/join.h"

struct trial {
	struct arena arena;
	struct join join;
};

/* Ask the server whose port the environment names, with a token (NULL: none). */
static const struct join *ask(struct trial *trial, const char *port, const char *text,
			      const char *role)
{
	struct join_token token = { 0 };

	arena_free(&trial->arena);
	trial->join = (struct join){ .skew_s = UNSET,
				     .not_before = UNSET,
				     .not_after = UNSET,
				     .token_status = UNSET };
	trial->join.url =
		arena_format(&trial->arena, "https://127.0.0.1:%d", port_of(port));
	if (text)
		join_token_parse(text, role, &trial->arena, &token);
	join_probe(&trial->arena, &trial->arena, text ? &token : NULL, &trial->join);
	return &trial->join;
}

/* K10<the hash that a variable of the environment holds>::credentials */
static const char *token(const char *hash, const char *credentials)
{
	static char text[256];

	snprintf(text, sizeof(text), "K10%s::%s", getenv(hash), credentials);
	return text;
}

static void expect_join(const struct join *join, enum join_outcome outcome,
			enum answer ca_matches, int64_t status)
{
	if (join->outcome != outcome)
		fail_msg("%s", text_or_empty(join->error));
	assert_int_equal(join->ca_matches, ca_matches);
	assert_int_equal(join->token_status, status);
}

static void a_good_token_is_let_in(void **state)
{
	struct trial trial = { 0 };
	const struct join *join;
	int64_t now = time(NULL);

	(void)state;
	join = ask(&trial, "KUBE_SUPERVISOR", token("KUBE_HASH", "server:right"),
		   "agent");
	expect_join(join, JOIN_OK, ANSWER_YES, 200);
	assert_in_range(join->skew_s + 5, 0, 10);
	assert_in_range(join->not_before, now - 3600, now);
	assert_in_range(join->not_after, now + 29 * 86400, now + 31 * 86400);
	assert_null(join->error);
	join = ask(&trial, "KUBE_SUPERVISOR", "right", "server");
	expect_join(join, JOIN_OK, ANSWER_UNKNOWN, 200);
	join = ask(&trial, "KUBE_SUPERVISOR",
		   token("KUBE_HASH", "abcdef.0123456789abcdef"), "agent");
	expect_join(join, JOIN_OK, ANSWER_YES, 200);
	join = ask(&trial, "KUBE_SUPERVISOR", NULL, "agent");
	expect_join(join, JOIN_OK, ANSWER_UNKNOWN, UNSET);
	arena_free(&trial.arena);
}

static void a_bad_token_is_refused(void **state)
{
	struct trial trial = { 0 };
	const struct join *join;

	(void)state;
	join = ask(&trial, "KUBE_SUPERVISOR", token("KUBE_HASH", "server:wrong"),
		   "agent");
	expect_join(join, JOIN_OK, ANSWER_YES, 401);
	join = ask(&trial, "KUBE_SUPERVISOR", token("KUBE_HASH", "node:agent"), "agent");
	expect_join(join, JOIN_OK, ANSWER_YES, 403);
	join = ask(&trial, "KUBE_SUPERVISOR",
		   token("KUBE_HASH", "abcdef.aaaaaaaaaaaaaaaa"), "agent");
	expect_join(join, JOIN_OK, ANSWER_YES, 401);
	arena_free(&trial.arena);
}

/* Then it is not shown to the server either: there is no status. */
static void a_token_of_another_cluster_stays_at_home(void **state)
{
	struct trial trial = { 0 };

	(void)state;
	expect_join(ask(&trial, "KUBE_SUPERVISOR",
			token("KUBE_HASH_BUNDLE", "server:right"), "agent"),
		    JOIN_OK, ANSWER_NO, UNSET);
	arena_free(&trial.arena);
}

static void a_bundle_is_hashed_by_its_root(void **state)
{
	struct trial trial = { 0 };

	(void)state;
	expect_join(ask(&trial, "KUBE_SUPERVISOR_BUNDLE",
			token("KUBE_HASH_BUNDLE", "server:right"), "agent"),
		    JOIN_OK, ANSWER_YES, 200);
	arena_free(&trial.arena);
}

static void a_clock_that_is_ahead(void **state)
{
	struct trial trial = { 0 };
	const struct join *join = ask(&trial, "KUBE_SUPERVISOR_AHEAD", NULL, "agent");

	(void)state;
	assert_int_equal(join->outcome, JOIN_OK);
	assert_in_range(join->skew_s, 295, 305);
	arena_free(&trial.arena);
}

static void certificates_that_do_not_hold(void **state)
{
	struct trial trial = { 0 };
	const struct join *join;

	(void)state;
	join = ask(&trial, "KUBE_SUPERVISOR_EXPIRED", token("KUBE_HASH", "server:right"),
		   "agent");
	expect_join(join, JOIN_TLS, ANSWER_YES, UNSET);
	assert_true(text_has(join->error, "has expired"));
	assert_true(join->not_after < time(NULL));
	join = ask(&trial, "KUBE_SUPERVISOR_MISNAMED", token("KUBE_HASH", "server:right"),
		   "agent");
	expect_join(join, JOIN_TLS, ANSWER_YES, UNSET);
	assert_true(text_has(join->error, "not for the name"));
	arena_free(&trial.arena);
}

static void what_does_not_answer(void **state)
{
	struct trial trial = { 0 };

	(void)state;
	assert_int_equal(ask(&trial, "KUBE_CLOSED", NULL, "agent")->outcome,
			 JOIN_UNREACHABLE);
	assert_int_equal(ask(&trial, "KUBE_PLAIN", NULL, "agent")->outcome, JOIN_TLS);
	/* an API server, and none of K3s's */
	assert_int_equal(ask(&trial, "KUBE_PORT", NULL, "agent")->outcome, JOIN_NO_PONG);
	assert_true(text_has(trial.join.error, "404"));
	trial.join.url = "https://nowhere.invalid:6443";
	join_probe(&trial.arena, &trial.arena, NULL, &trial.join);
	assert_int_equal(trial.join.outcome, JOIN_UNRESOLVED);
	arena_free(&trial.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_token_is_let_in),
		cmocka_unit_test(a_bad_token_is_refused),
		cmocka_unit_test(a_token_of_another_cluster_stays_at_home),
		cmocka_unit_test(a_bundle_is_hashed_by_its_root),
		cmocka_unit_test(a_clock_that_is_ahead),
		cmocka_unit_test(certificates_that_do_not_hold),
		cmocka_unit_test(what_does_not_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
