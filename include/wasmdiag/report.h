// SPDX-License-Identifier: Apache-2.0
/*
 * What a check says.  All calls copy what they are given, but keys, and cannot fail.
 *
 * A check's verdict follows from its calls: a finding that fails or warns decides; else a
 * fact that could not be had makes it unknown; else, when it knew at least one fact, it
 * passes; else it was skipped.
 */
#pragma once

#include <wasmdiag/check.h>
#include <wasmdiag/facts.h>
#include <wasmdiag/host.h>
#include <wasmdiag/thresholds.h>

struct report;
struct finding;

/* What a finding is about.  namespace is NULL for what has none. */
struct subject {
	const char *kind; /* Node, Pod, RuntimeClass, Cluster, ... */
	const char *namespace;
	const char *name;
};

/*
 * May the check rely on this fact?  True when it is known, also when it is known to be
 * absent.  False when it could not be had: the check then becomes unknown, saying why
 * and what would help, unless it has findings; or when nobody looked for it.
 */
bool report_knows(struct report *report, enum fact fact) __attribute__((nonnull));
bool report_knows_host(struct report *report, const struct host *host,
		       enum host_fact fact) __attribute__((nonnull));

/*
 * The finding of this guide about this subject: a new one, or the one that is there.
 * The subject's parts become values: a Pod gives {pod} and {namespace}, a Node {node},
 * a RuntimeClass {runtime_class}, a Service {service} and {namespace}, a
 * ...WebhookConfiguration {configuration}, an APIService {api_service}, a
 * HorizontalPodAutoscaler {autoscaler} and {namespace}, a ScaledObject {scaled_object}
 * and {namespace}, a PersistentVolumeClaim {claim} and {namespace}, a StorageClass
 * {storage_class}, a Constraint... its own.
 */
struct finding *report_finding(struct report *report, const struct guide *guide,
			       struct subject subject) __attribute__((nonnull));

/* What {key}, which is a literal, stands for in the words, and what echoes are joined by.
 * The first value given for a key stays. */
void finding_value(struct finding *finding, const char *key, const char *format, ...)
	__attribute__((nonnull(1, 2, 3), format(printf, 3, 4)));

/*
 * Something seen: what (a field, a file, a command: the same in every language), what it
 * was, what it should be (NULL: nothing to compare with), and where it was seen.
 */
void finding_saw(struct finding *finding, const char *what, const char *actual,
		 const char *expected, const char *source) __attribute__((nonnull(1, 2)));

/* How many things were seen so far: a fault of a thousand pods shows a few.  Of what is
 * seen only the first 32 are kept. */
size_t finding_seen(const struct finding *finding) __attribute__((nonnull));

/* An object that suffers from it. */
void finding_witness(struct finding *finding, struct subject subject)
	__attribute__((nonnull));

/* This one is more or less severe than its guide says. */
void finding_severity(struct finding *finding, enum severity severity)
	__attribute__((nonnull));

/* The check does not apply here: why. */
void report_skip(struct report *report, const struct words *reason)
	__attribute__((nonnull));

/* Something could not be found out although its facts are known: why.  detail may be
 * NULL. */
void report_unknown(struct report *report, const struct words *reason, const char *detail)
	__attribute__((nonnull(1, 2)));

/* Formatted text that lives as long as the report: for finding_saw(). */
const char *report_text(struct report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3), returns_nonnull));

/* The time of the facts, Unix seconds: a check has no other clock.  0 when they have
 * none. */
int64_t report_now(const struct report *report) __attribute__((nonnull));
