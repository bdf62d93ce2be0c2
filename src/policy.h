// SPDX-License-Identifier: Apache-2.0
/*
 * What the user decides about judging: thresholds, severities by code, and findings that
 * are known and put up with until a day.  From --config FILE (YAML) and --threshold.
 *
 *   thresholds:
 *     memory: 10M
 *   severity:
 *     WD2105: info
 *   suppress:
 *     - code: WD2406
 *       object: Pod default/hello     # as the report names it; * matches within a part
 *       reason: ticket 4711
 *       until: 2026-12-31             # the last day it holds, UTC
 */
#pragma once

#include <wasmdiag/facts.h>

#include "arena.h"
#include "error.h"
#include "report.h"
#include "thresholds.h"

struct severity_rule {
	const char *code;
	enum severity severity;
};

struct suppression {
	const char *code;
	const char *object; /* NULL: any */
	const char *reason;
	int64_t until; /* Unix seconds: it holds before that */
	const char *until_text;
};

struct policy {
	int64_t thresholds[THRESHOLD_COUNT];
	struct severity_rule *severities;
	size_t severity_count;
	struct suppression *suppressions;
	size_t suppression_count;
};

/*
 * Defaults, then what the file says (NULL: no file), then what the words NAME=VALUE of
 * --threshold say.  ERROR_USAGE as "FILE:LINE:COLUMN: what is wrong": a key that is not
 * known, a code that does not exist, a suppression without reason or end.
 */
bool policy_load(struct policy *policy, const char *file, const struct string_list *words,
		 struct arena *arena, struct error *error)
	__attribute__((nonnull(1, 3, 4)));

/* Apply severities and suppressions to the findings of a report; the time of its facts
 * says which suppressions still hold. */
void policy_apply(const struct policy *policy, struct report *report)
	__attribute__((nonnull));
