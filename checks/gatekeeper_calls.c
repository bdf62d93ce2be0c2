// SPDX-License-Identifier: Apache-2.0
/* How the API server's calls to Gatekeeper went: its histogram, its counters, events. */
#include "gatekeeper_webhook.h"

#include "gatekeeper_webhook.words.h"
#include "workload.h"

#include <stdio.h>
#include <stdlib.h>

#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

/* A controller tries a refused pod again after 1000 s at the latest. */
#define EVENT_MEMORY 1200 /* seconds */

#define CALL_FAILED "failed calling webhook \""

/* ---- the API server's histogram, since it started ---- */

struct timing {
	int64_t count;
	int64_t mean_ms;
	int64_t timeout_ms;
	int64_t near; /* calls above 80 % of the timeout, as far as buckets tell */
	int64_t cut_off; /* calls that took the whole timeout */
};

static const struct admission *find_admission(const struct facts *facts,
					      const struct hook *hook)
{
	const char *type = hook->mutating ? "admit" : "validating";

	for (size_t i = 0; i < facts->admission_count; i++) {
		const struct admission *admission = &facts->admissions[i];

		if (text_equal(admission->webhook, hook->webhook->name) &&
		    (!admission->type || text_equal(admission->type, type)))
			return admission;
	}
	return NULL;
}

static int64_t known(int64_t count)
{
	return count > 0 ? count : 0;
}

/*
 * A bucket's bound lies between 80 % of the timeout and the timeout for the usual ones
 * (1, 3, 10, 30 s).  Where none does, only the mean can tell.
 */
static void read_buckets(const struct admission *admission, struct timing *timing)
{
	for (size_t i = 0; i < admission->bucket_count; i++) {
		const struct bucket *bucket = &admission->buckets[i];
		int64_t above = timing->count - known(bucket->count);

		if (bucket->upto_ms == timing->timeout_ms)
			timing->cut_off = known(above);
		if (!timing->near && bucket->upto_ms <= timing->timeout_ms &&
		    bucket->upto_ms >= timing->timeout_ms / 10 * 8)
			timing->near = known(above);
	}
}

static bool read_timing(const struct admission *admission, const struct webhook *webhook,
			struct timing *timing)
{
	*timing = (struct timing){ .count = known(admission->count) };
	if (!timing->count || admission->sum_ms < 0 || webhook->timeout_seconds < 1 ||
	    webhook->timeout_seconds > 3600)
		return false;
	timing->mean_ms = admission->sum_ms / timing->count;
	timing->timeout_ms = webhook->timeout_seconds * 1000;
	read_buckets(admission, timing);
	/* A call lasts as long as its timeout only when it was cut off. */
	if (!timing->cut_off && timing->mean_ms >= timing->timeout_ms)
		timing->cut_off = timing->count;
	return true;
}

static bool is_slow(const struct timing *timing)
{
	return timing->mean_ms >= timing->timeout_ms / 10 * 8 ||
	       (timing->near >= 3 && timing->near >= timing->count / 100);
}

static void show_timing(const struct survey *survey, const struct hook *hook,
			struct finding *finding, const struct timing *timing)
{
	int64_t near = timing->timeout_ms / 10 * 8;

	if (!timing->timeout_ms)
		return;
	finding_saw(finding, "apiserver_admission_webhook_admission_duration_seconds",
		    report_text(survey->report,
				"%lld calls, mean %lld ms, %lld above 80 %% of the "
				"timeout, %lld cut off",
				(long long)timing->count, (long long)timing->mean_ms,
				(long long)timing->near, (long long)timing->cut_off),
		    report_text(survey->report, "below %lld ms", (long long)near),
		    "GET /metrics");
	finding_saw(finding, "timeoutSeconds",
		    report_text(survey->report, "%lld",
				(long long)hook->webhook->timeout_seconds),
		    NULL, hook_source(survey, hook));
}

static void report_slow(const struct survey *survey, const struct hook *hook,
			const struct timing *timing)
{
	struct finding *finding = hook_finding(survey, &WD4104, hook);

	finding_value(finding, "count", "%lld", (long long)timing->count);
	finding_value(finding, "actual", "%lld", (long long)timing->mean_ms);
	show_timing(survey, hook, finding, timing);
}

/*
 * Before 1.24 the API server does not count what it let through; but of a webhook with
 * failurePolicy Ignore every call that was cut off was let through.  Counters forget
 * nothing until the API server restarts: past says that it works now and rarely did not.
 */
static void report_failed_open(const struct survey *survey, const struct hook *hook,
			       const struct timing *timing, int64_t counted, bool past)
{
	int64_t failed = counted > timing->cut_off ? counted : timing->cut_off;
	struct finding *finding = hook_finding(survey, &WD4105, hook);

	hook_severity(finding, hook, past ? SEVERITY_WARN : SEVERITY_FAIL);
	finding_value(finding, "count", "%lld", (long long)failed);
	finding_saw(finding, "failurePolicy", "Ignore", NULL, hook_source(survey, hook));
	if (counted)
		finding_saw(finding, "apiserver_admission_webhook_fail_open_count",
			    report_text(survey->report, "%lld", (long long)counted), "0",
			    "GET /metrics");
	show_timing(survey, hook, finding, timing);
}

static void report_rejected(const struct survey *survey, const struct hook *hook,
			    const struct timing *timing, int64_t errors)
{
	struct finding *finding = hook_finding(survey, &WD4108, hook);

	finding_value(finding, "count", "%lld",
		      (long long)(errors ? errors : timing->cut_off));
	finding_value(finding, "reason", "%s",
		      timing->cut_off ? "context deadline exceeded"
				      : "calling_webhook_error");
	if (errors)
		finding_saw(finding, "apiserver_admission_webhook_rejection_count",
			    report_text(survey->report, "calling_webhook_error %lld",
					(long long)errors),
			    "0", "GET /metrics");
	show_timing(survey, hook, finding, timing);
}

/* Something says that it works now, and nothing that it does not. */
static bool works_now(const struct survey *survey, const struct hook *hook, bool sound,
		      const struct timing *timing)
{
	const struct webhook_probe *probe = best_probe(survey, hook);

	return sound && !timing->cut_off && !is_slow(timing) &&
	       ((probe && probe->trusted) || hook_has_endpoint(survey, hook));
}

void judge_calls(const struct survey *survey, const struct hook *hook, bool sound)
{
	const struct admission *admission = find_admission(survey->facts, hook);
	bool ignore = text_equal(hook->webhook->failure_policy, "Ignore");
	struct timing timing;
	int64_t opened, errors;
	bool works;

	if (!report_knows(survey->report, FACT_SERVER_METRICS) || !admission)
		return;
	if (!read_timing(admission, hook->webhook, &timing))
		timing = (struct timing){ .count = timing.count };
	opened = known(admission->failed_open);
	errors = known(admission->call_errors);
	works = timing.timeout_ms && works_now(survey, hook, sound, &timing);
	if (ignore && (opened || timing.cut_off))
		report_failed_open(survey, hook, &timing, opened,
				   works && opened < timing.count / 100);
	else if (!ignore && !works && (errors || timing.cut_off))
		report_rejected(survey, hook, &timing, errors);
	else if (timing.timeout_ms && is_slow(&timing))
		report_slow(survey, hook, &timing);
}

/* ---- events ---- */

enum cause {
	CAUSE_OTHER,
	CAUSE_TIMEOUT,
	CAUSE_NO_ENDPOINT,
	CAUSE_NO_SERVICE,
	CAUSE_REFUSED,
	CAUSE_CERTIFICATE,
};

/* Facts D4, word for word.  The first that fits decides. */
static enum cause decode(const char *message)
{
	static const struct {
		const char *text;
		enum cause cause;
	} rows[] = {
		{ "x509: ", CAUSE_CERTIFICATE },
		{ "no endpoints available for service", CAUSE_NO_ENDPOINT },
		{ "connection refused", CAUSE_REFUSED },
		{ "no route to host", CAUSE_REFUSED },
		{ "deadline exceeded", CAUSE_TIMEOUT },
		{ "Client.Timeout exceeded", CAUSE_TIMEOUT },
		{ "i/o timeout", CAUSE_TIMEOUT },
		{ "\" not found", CAUSE_NO_SERVICE },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (text_has(message, rows[i].text))
			return rows[i].cause;
	return CAUSE_OTHER;
}

/* The message from behind the URL on: the cause in the API server's words. */
static const char *cause_text(const char *message)
{
	const char *name = strstr(message, CALL_FAILED);
	const char *post = strstr(name, "Post \""), *end;

	end = strstr(post ? post + strlen("Post \"") : name + strlen(CALL_FAILED),
		     "\": ");
	return end ? end + strlen("\": ") : name;
}

/* The call was made with a timeout that the webhook no longer has. */
static bool made_otherwise(const struct webhook *webhook, const char *message)
{
	const char *at = strstr(message, "timeout=");

	return at && webhook->timeout_seconds != UNSET &&
	       strtoll(at + strlen("timeout="), NULL, 10) != webhook->timeout_seconds;
}

/* An event tells what was.  Is what it tells of still so? */
static bool is_solved(const struct survey *survey, const struct hook *hook,
		      enum cause cause, const char *message)
{
	const struct webhook_probe *probe = best_probe(survey, hook);
	const struct service *service =
		find_service(survey->facts, hook->webhook->service_namespace,
			     hook->webhook->service_name);

	switch (cause) {
	case CAUSE_TIMEOUT:
		return made_otherwise(hook->webhook, message);
	case CAUSE_NO_ENDPOINT:
		return hook_has_endpoint(survey, hook);
	case CAUSE_NO_SERVICE:
		return service && service->exists;
	case CAUSE_REFUSED:
		return probe ? probe->connected : hook_has_endpoint(survey, hook);
	case CAUSE_CERTIFICATE:
		return probe && probe->trusted;
	default:
		return false;
	}
}

static const char *event_source(const struct survey *survey, const struct event *event)
{
	return report_text(survey->report, "event %s %s %s/%s",
			   text_or_empty(event->reason), text_or_empty(event->kind),
			   text_or_empty(event->namespace), text_or_empty(event->name));
}

/* An event may be all there is to prove what is behind it. */
static void report_cause(const struct survey *survey, const struct hook *hook,
			 enum cause cause, const struct event *event)
{
	const char *text = cause_text(event->message);
	struct finding *finding;

	if (cause == CAUSE_REFUSED && !hook->webhook->service_name) {
		finding = report_unanswered(survey, hook, text);
	} else if (cause == CAUSE_CERTIFICATE) {
		finding = hook_finding(survey, &WD4103, hook);
		finding_value(finding, "reason", "%s", text);
		finding_severity(finding, SEVERITY_FAIL);
	} else {
		return;
	}
	finding_saw(finding, "message", text, NULL, event_source(survey, event));
	report_refusal(survey, hook);
}

void show_refused_pods(const struct survey *survey, struct finding *finding,
		       const struct hook *hook)
{
	int64_t now = report_now(survey->report);

	for (size_t i = 0; i < survey->facts->event_count; i++) {
		const struct event *event = &survey->facts->events[i];

		if (text_equal(event->reason, "FailedCreate") &&
		    text_equal(event->namespace, hook->webhook->service_namespace) &&
		    event->message && seconds_since(event->last, now) < EVENT_MEMORY) {
			finding_saw(finding, "message", event->message, NULL,
				    event_source(survey, event));
			return;
		}
	}
}

static void judge_event(const struct survey *survey, const struct event *event)
{
	const char *name = strstr(event->message, CALL_FAILED) + strlen(CALL_FAILED);
	enum cause cause = decode(event->message);
	struct finding *finding;
	struct hook hook;

	if (!find_hook(survey->facts, name, strcspn(name, "\""), &hook) ||
	    is_solved(survey, &hook, cause, event->message))
		return;
	report_cause(survey, &hook, cause, event);
	finding = hook_finding(survey, &WD4108, &hook);
	finding_severity(finding, SEVERITY_FAIL);
	finding_value(finding, "reason", "%s", cause_text(event->message));
	finding_value(finding, "count", "%lld",
		      (long long)(event->count > 0 ? event->count : 1));
	finding_saw(finding, "message", cause_text(event->message), NULL,
		    event_source(survey, event));
	finding_witness(finding,
			(struct subject){ text_or_empty(event->kind), event->namespace,
					  text_or_empty(event->name) });
}

void judge_events(const struct survey *survey)
{
	const struct facts *facts = survey->facts;
	int64_t now = report_now(survey->report);

	if (!report_knows(survey->report, FACT_EVENTS))
		return;
	for (size_t i = 0; i < facts->event_count; i++) {
		const struct event *event = &facts->events[i];

		if (text_has(event->message, CALL_FAILED) &&
		    seconds_since(event->last, now) < EVENT_MEMORY)
			judge_event(survey, event);
	}
}
