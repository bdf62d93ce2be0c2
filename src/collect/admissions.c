// SPDX-License-Identifier: Apache-2.0
/* What the API server measured of its webhooks (facts D5), out of its /metrics. */
#include <math.h>
#include <stdlib.h>

#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#include "collect/cluster_private.h"
#include "collect/metrics_scan.h"

#define WEBHOOK_LIMIT 200
#define BUCKET_LIMIT  64
#define METRICS_LIMIT ((size_t)64 << 20) /* bytes */

#define PREFIX "apiserver_admission_webhook_"

static const char *const wanted[] = {
	PREFIX "admission_duration_seconds_bucket",
	PREFIX "admission_duration_seconds_sum",
	PREFIX "admission_duration_seconds_count",
	PREFIX "rejection_count",
	PREFIX "fail_open_count",
};

/* The row of one webhook and type; NULL when there are too many. */
static struct admission *find_admission(struct cluster *cluster, const char *webhook,
					const char *type)
{
	struct facts *facts = cluster->facts;
	struct admission *admission;

	for (size_t i = 0; i < facts->admission_count; i++) {
		admission = &facts->admissions[i];
		if (text_equal(admission->webhook, webhook) &&
		    text_equal(admission->type, type))
			return admission;
	}
	if (facts->admission_count >= WEBHOOK_LIMIT)
		return NULL;
	facts->admissions =
		arena_grow(cluster->arena, facts->admissions, facts->admission_count,
			   sizeof(*facts->admissions));
	admission = &facts->admissions[facts->admission_count++];
	*admission = (struct admission){ .webhook = arena_string(cluster->arena, webhook),
					 .type = arena_string(cluster->arena, type) };
	return admission;
}

static int64_t whole(double value)
{
	return value > 0 && value < 9e15 ? (int64_t)(value + 0.5) : 0;
}

/* Operations and outcomes come as series of their own: add them up per bound. */
static void add_bucket(struct cluster *cluster, struct admission *admission,
		       const char *bound, double count)
{
	double seconds = bound ? strtod(bound, NULL) : 0;
	int64_t upto = isinf(seconds) ? INT64_MAX : whole(seconds * 1000);

	for (size_t i = 0; i < admission->bucket_count; i++) {
		if (admission->buckets[i].upto_ms == upto) {
			admission->buckets[i].count += whole(count);
			return;
		}
	}
	if (admission->bucket_count >= BUCKET_LIMIT)
		return;
	admission->buckets =
		arena_grow(cluster->arena, admission->buckets, admission->bucket_count,
			   sizeof(*admission->buckets));
	admission->buckets[admission->bucket_count++] =
		(struct bucket){ upto, whole(count) };
}

static void add_sample(void *context, const struct metrics_sample *sample)
{
	struct cluster *cluster = context;
	const char *name = metrics_label(sample, "name"), *type, *kind;
	struct admission *admission;

	/* a rejection's type is that of the webhook too */
	type = metrics_label(sample, "type");
	if (!name || !*name)
		return;
	admission = find_admission(cluster, name, text_or_empty(type));
	if (!admission)
		return;
	kind = sample->name + strlen(PREFIX);
	if (text_ends(kind, "_bucket"))
		add_bucket(cluster, admission, metrics_label(sample, "le"),
			   sample->value);
	else if (text_ends(kind, "_sum"))
		admission->sum_ms += whole(sample->value * 1000);
	else if (text_ends(kind, "seconds_count"))
		admission->count += whole(sample->value);
	else if (text_equal(kind, "fail_open_count"))
		admission->failed_open += whole(sample->value);
	else if (text_equal(metrics_label(sample, "error_type"), "no_error"))
		admission->denied += whole(sample->value);
	else
		admission->call_errors += whole(sample->value);
}

static void feed(void *context, const char *bytes, size_t length)
{
	metrics_scan_feed(context, bytes, length);
}

static void *ask(struct cluster *cluster)
{
	struct facts *facts = cluster->facts;
	const struct resource *resource = find_resource(FACT_SERVER_METRICS);
	struct metrics_scan *scan;

	if (!(cluster->needs & NEED(FACT_SERVER_METRICS)))
		return NULL;
	facts->source[FACT_SERVER_METRICS] = (struct source){ FACT_KNOWN, NULL };
	if (facts->validating_webhook_count + facts->mutating_webhook_count == 0)
		return NULL;
	scan = arena_alloc(cluster->arena, sizeof(*scan));
	metrics_scan_start(scan, wanted, ARRAY_SIZE(wanted), add_sample, cluster);
	*add_request(cluster) = (struct kube_request){
		.kind = KUBE_TEXT,
		.path = resource->paths[0],
		.on_text = feed,
		.context = scan,
		.byte_limit = METRICS_LIMIT,
	};
	return scan;
}

static void take(struct cluster *cluster, void *context,
		 const struct kube_request *requests)
{
	metrics_scan_end(context);
	settle_source(cluster, &cluster->facts->source[FACT_SERVER_METRICS],
		      find_resource(FACT_SERVER_METRICS), requests);
}

const struct follow_up follow_admissions = { ask, take };
