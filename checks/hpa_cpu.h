// SPDX-License-Identifier: Apache-2.0
/* What the parts of the hpa-cpu check share. */
#pragma once

#include <wasmdiag/check.h>
#include <wasmdiag/host.h>
#include <wasmdiag/report.h>

/* What the check found out before it judges. */
struct scaling {
	const struct facts *facts;
	struct report *report;
	bool knows_apis; /* FACT_API_SERVICES may be relied on */
	bool knows_pods;
	/* Where the pods of one namespace lie: autoscalers come namespace by namespace.
	 */
	const char *namespace;
	size_t first_pod;
	size_t end_of_pods;
};

/* The next pod of what the autoscaler scales, of those the facts keep; *index starts
 * as 0.  NULL at the end. */
const struct pod *next_target_pod(struct scaling *scaling,
				  const struct autoscaler *autoscaler, size_t *index)
	__attribute__((nonnull));

/* hpa_idle.c: 5101, 5108 */
void judge_idle(struct scaling *scaling, const struct autoscaler *autoscaler)
	__attribute__((nonnull));
void judge_cgroups(const struct scaling *scaling) __attribute__((nonnull));

/* hpa_custom.c: 5103, 5105 */
void judge_custom(const struct scaling *scaling, const struct autoscaler *autoscaler)
	__attribute__((nonnull));

/* hpa_keda.c: 5104, 5106, 5107 */
void judge_rivals(const struct scaling *scaling, const struct autoscaler *autoscaler)
	__attribute__((nonnull));
void judge_scaled_object(const struct scaling *scaling,
			 const struct scaled_object *object) __attribute__((nonnull));
