// SPDX-License-Identifier: Apache-2.0
/* What the checks of Gatekeeper's policies share. */
#pragma once

#include <wasmdiag/facts.h>
#include <wasmdiag/gatekeeper.h>
#include <wasmdiag/report.h>

/* A pod needs a moment to take over what was changed, or all when it starts (facts D6).
 */
#define POLICY_GRACE 60 /* seconds */

#define CREW_MAX 64

/* Gatekeeper's pods that are up. */
struct crew {
	bool known; /* FACT_PODS may be relied on */
	bool starting; /* some became ready less than POLICY_GRACE ago */
	bool has_auditor; /* the pod that audits and gathers what all say is ready */
	const struct pod *pods[CREW_MAX]; /* that are not on their way out */
	size_t count;
	const struct pod *webhooks[CREW_MAX]; /* that serve, and not just since now */
	size_t webhook_count;
};

/* Asks for FACT_PODS. */
struct crew find_crew(const struct facts *facts, struct report *report)
	__attribute__((nonnull));

/* May what this pod says be relied on?  A pod that is gone says nothing any more. */
bool crew_has(const struct crew *crew, const char *pod) __attribute__((nonnull(1)));

/* The namespace Gatekeeper is in. */
const char *crew_namespace(const struct crew *crew) __attribute__((nonnull));

/* A template or a constraint. */
struct policy {
	const struct policy_object *object;
	const struct constraint *constraint; /* NULL: a template */
	struct subject subject;
};

/* Walks all templates, then all constraints; starts at 0.  False at the end. */
bool next_policy(const struct facts *facts, size_t *cursor, struct policy *policy)
	__attribute__((nonnull));

struct subject constraint_subject(const struct constraint *constraint)
	__attribute__((nonnull));

/* As kubectl takes it: "k8srequiredlabels/all-must-have-owner". */
const char *policy_resource(const struct policy *policy, struct report *report)
	__attribute__((nonnull));
const char *constraint_resource(const struct constraint *constraint,
				struct report *report) __attribute__((nonnull));

/* When somebody other than Gatekeeper changed it last, status apart. */
int64_t policy_changed(const struct policy_object *object) __attribute__((nonnull));

/* "deny", "dryrun", "warn", "scoped", or "unrecognized". */
const char *constraint_action(const struct constraint *constraint)
	__attribute__((nonnull));

/* Is a request that breaks it refused, in some scope at least? */
bool constraint_denies(const struct constraint *constraint) __attribute__((nonnull));

/* An error of a pod's as one line: "message (location)". */
const char *error_text(const struct policy_error *error, struct report *report)
	__attribute__((nonnull));

/* ---- what admission said ---- */

/* One "[constraint] message" of a denial. */
struct denial_text {
	const char *constraint; /* length bytes; not ended by NUL */
	size_t constraint_length;
	const char *template; /* likewise; NULL: the webhook does not name it */
	size_t template_length;
	const char *message; /* likewise */
	size_t message_length;
};

/*
 * The next constraint that a message says it was denied by; *cursor starts as the message
 * and moves behind what was read.  Knows the webhook's words, "[name] ..." and up to 3.3
 * "[denied by name] ...", one a line, and those of a ValidatingAdmissionPolicy that
 * Gatekeeper made (facts D4).  False when there is none (left).
 */
bool next_denial(const char **cursor, struct denial_text *denial)
	__attribute__((nonnull));
