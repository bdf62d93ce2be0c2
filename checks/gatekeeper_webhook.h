// SPDX-License-Identifier: Apache-2.0
/* What the parts of the check gatekeeper-webhook share. */
#pragma once

#include <wasmdiag/report.h>

/* A webhook of Gatekeeper's, and where it stands. */
struct hook {
	const struct webhook_configuration *configuration;
	const struct webhook *webhook;
	bool mutating;
};

/* What is at hand to judge by. */
struct survey {
	const struct facts *facts;
	struct report *report;
	bool services; /* FACT_SERVICES may be relied on; likewise: */
	bool endpoints;
};

/* Its configuration, as a finding's subject. */
struct subject hook_subject(const struct hook *hook);

/* "ValidatingWebhookConfiguration x, webhook y": where evidence was seen. */
const char *hook_source(const struct survey *survey, const struct hook *hook);

/*
 * The finding of this guide about the webhook's configuration, with the values that
 * commands and echoes need: {webhook} {configuration} {resource} {timeout} {namespace}
 * and {service} or {url}.
 */
struct finding *hook_finding(const struct survey *survey, const struct guide *guide,
			     const struct hook *hook);

/* How severe it is for this webhook.  Several of a configuration share a finding: one
 * that fails makes it fail, and only the first can make it less. */
void hook_severity(struct finding *finding, const struct hook *hook,
		   enum severity severity);

/* Nothing answers behind it: the finding of 4101.  reason is what the API server or the
 * node met. */
struct finding *report_unanswered(const struct survey *survey, const struct hook *hook,
				  const char *reason);

/* 4107: with failurePolicy Fail, what it guards cannot be written while it is down. */
void report_refusal(const struct survey *survey, const struct hook *hook);

/* A ready endpoint stands behind its Service. */
bool hook_has_endpoint(const struct survey *survey, const struct hook *hook);

/* The probe of it from a node that got furthest: trusted, connected, neither; NULL: none
 * was made. */
const struct webhook_probe *best_probe(const struct survey *survey,
				       const struct hook *hook);

/* How its calls went, by the API server's own count: 4104, 4105, 4108. */
void judge_calls(const struct survey *survey, const struct hook *hook, bool sound);

/* Why there are no pods: what their ReplicaSets were told, as a quota's refusal. */
void show_refused_pods(const struct survey *survey, struct finding *finding,
		       const struct hook *hook);

/* Recent events of calls that failed: 4108, with 4101 and 4103 when they prove them. */
void judge_events(const struct survey *survey);

/* The webhook of Gatekeeper's with this name of length bytes; false: there is none. */
bool find_hook(const struct facts *facts, const char *name, size_t length,
	       struct hook *ret_hook);
