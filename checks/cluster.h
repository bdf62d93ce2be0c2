// SPDX-License-Identifier: Apache-2.0
/* What the parts of the check cluster share. */
#pragma once

#include <wasmdiag/report.h>

/*
 * 7107: warnings that go on and that no guide explains, grouped by reason and kind.
 * "Go on" is three times or more, the last within ten minutes; of a pod it must be there
 * still, and not ready.  A node that starts, or a pod that was slow to, is no news.
 */
void judge_warnings(struct report *report, const struct facts *facts)
	__attribute__((nonnull));

/* 7108: pods that the API server did not let in, by what asked for them. */
void judge_refusals(struct report *report, const struct facts *facts)
	__attribute__((nonnull));

/* The event says so. */
bool is_refusal(const struct event *event) __attribute__((nonnull));
