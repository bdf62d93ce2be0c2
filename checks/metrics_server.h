// SPDX-License-Identifier: Apache-2.0
/* What the parts of the metrics-server check share. */
#pragma once

#include <wasmdiag/check.h>
#include <wasmdiag/host.h>
#include <wasmdiag/report.h>

#define METRICS_GROUP "metrics.k8s.io"
#define METRICS_API   "v1beta1." METRICS_GROUP /* the only version there ever was */

/* A pod or an autoscaler this young has had no time to work. */
#define YOUNG_S 60

/* What the check found out before it judges. */
struct metrics {
	const struct facts *facts;
	struct report *report;
	const struct api_service *api; /* NULL: not registered, or not known */
	const struct host *server; /* a host that is a K3s server, its config read */
	bool k3s;
	bool disabled; /* its configuration leaves metrics-server out */
};

/* The name of the APIService, also where it is missing. */
const char *metrics_api_name(const struct metrics *metrics) __attribute__((nonnull));

/* metrics_supply.c: 5203, 5204 */
void metrics_judge_pods(const struct metrics *metrics) __attribute__((nonnull));
void metrics_judge_samples(const struct metrics *metrics) __attribute__((nonnull));
