// SPDX-License-Identifier: Apache-2.0
/* The finished report: what renderers see and checks do not. */
#pragma once

#include <wasmdiag/report.h>

#include "arena.h"
#include "hash.h"

enum verdict {
	VERDICT_PASS,
	VERDICT_WARN,
	VERDICT_FAIL,
	VERDICT_UNKNOWN, /* needed a fact that could not be had */
	VERDICT_SKIP, /* does not apply here */
	VERDICT_COUNT,
};

extern const char *const verdict_names[VERDICT_COUNT];
extern const char *const severity_names[SEVERITY_COUNT];

struct policy;
struct suppression;

struct value {
	const struct value *older;
	const char *key;
	const char *text;
};

struct evidence {
	const char *what;
	const char *actual;
	const char *expected;
	const char *source;
};

struct finding {
	const struct guide *guide;
	const struct check *check;
	enum severity severity;
	struct subject subject;
	const struct value *values; /* the last one given, or NULL */
	struct evidence *evidence;
	size_t evidence_count;
	struct subject *witnesses;
	size_t witness_count;
	struct hash_table witness_table; /* by subject, once they are many */
	struct finding *because; /* its root; NULL: it is one */
	const struct suppression *suppression; /* the user puts up with it; NULL: not */
	struct report *report;
};

/* Why a check could not see something, or does not apply. */
struct reason {
	struct words words;
	const char *detail;
};

struct check_result {
	const struct check *check;
	enum verdict verdict;
	bool knew; /* it could rely on at least one fact */
	bool incomplete; /* it missed one that it wanted */
	struct reason *reasons;
	size_t reason_count;
};

struct report {
	struct arena *arena;
	const struct facts *facts;
	const struct policy *policy; /* NULL: the defaults */
	struct check_result *results; /* in the registry's order */
	size_t result_count;
	struct check_result *current; /* while a check runs */
	struct finding **findings; /* the worst first, echoes behind their roots */
	size_t finding_count;
	struct hash_table finding_table; /* by guide and subject, while checks run */
	size_t counts[VERDICT_COUNT];
	enum verdict verdict; /* of the whole: the worst */
	int exit_status; /* set by whoever renders it: see report_exit_status() */
};

/*
 * Run these checks (ends with NULL) over the facts, apply the policy, fold echoes under
 * their roots, sort, count.  The report and all in it live in the arena; the facts must
 * outlive it.
 */
void report_make(struct report *report, const struct check *const *checks,
		 const struct facts *facts, struct arena *arena)
	__attribute__((nonnull(1, 3, 4)));

/* A reason of the check that runs, once. */
void report_reason(struct report *report, struct words words, const char *detail)
	__attribute__((nonnull(1)));

/* It is to be shown and counts: no echo, and not suppressed. */
static inline bool finding_is_open(const struct finding *finding)
{
	return !finding->because && !finding->suppression;
}

/* Findings that the policy suppresses; echoes do not count. */
size_t report_suppressed(const struct report *report) __attribute__((nonnull));

/* Keep only findings of these codes (ends with NULL), and the checks they are of. */
void report_keep_codes(struct report *report, const char *const *codes)
	__attribute__((nonnull(1)));

/* Keep only what keep() says; verdicts and counts are then about that. */
void report_keep(struct report *report,
		 bool (*keep)(const struct finding *finding, const void *context),
		 const void *context) __attribute__((nonnull(1, 2)));

enum fail_on {
	FAIL_ON_FAIL,
	FAIL_ON_WARN,
	FAIL_ON_UNKNOWN,
	FAIL_ON_NEVER,
};

/*
 * The exit status, the same for every format (design §3): 3 a finding fails, 4 one warns
 * and fail_on says so, 5 something could not be checked (0 when allow_unknown, unless
 * fail_on is unknown) or nothing was, else 0.
 */
int report_exit_status(const struct report *report, enum fail_on fail_on,
		       bool allow_unknown) __attribute__((nonnull));

/* The value of a finding's {key}; NULL when it has none. */
const char *finding_get(const struct finding *finding, const char *key)
	__attribute__((nonnull));

/*
 * Fill in {placeholders} from the finding; what it does not have becomes <key>.  With
 * quote, values are quoted for a shell where they need it, also where they stand between
 * single quotes of the text.  finding may be NULL.
 */
const char *words_fill(struct arena *arena, const char *text,
		       const struct finding *finding, bool quote)
	__attribute__((nonnull(1, 2)));

/* A stretch of words: as it stands, or a {placeholder}. */
struct word {
	const char *text; /* within the words */
	size_t length;
	bool is_value;
	const char
		*value; /* what the placeholder stands for; NULL: the finding has none */
};

/* The next stretch of text, which must not be empty: its length.  finding may be NULL. */
size_t words_next(const char *text, const struct finding *finding, struct word *ret)
	__attribute__((nonnull(1, 3)));

/* The finding has a value for every {placeholder} of text. */
bool words_complete(const char *text, const struct finding *finding)
	__attribute__((nonnull));

/*
 * This fix is one for this finding: its words and commands name only what the finding
 * has.  So a check picks between fixes by the values it gives: {unit} on K3s alone.
 */
bool fix_applies(const struct fix *fix, const struct finding *finding)
	__attribute__((nonnull));
