// SPDX-License-Identifier: Apache-2.0
/* Autoscalers, what they scale and the APIs they read. */
#pragma once

#include <wasmdiag/autoscaling.h>
#include <wasmdiag/report.h>

struct subject autoscaler_subject(const struct autoscaler *autoscaler)
	__attribute__((nonnull));

/* It goes by cpu or memory of pods, which metrics.k8s.io serves. */
bool reads_resources(const struct autoscaler *autoscaler) __attribute__((nonnull));

/* Why it does not scale, its condition ScalingActive when that is False; else NULL. */
const struct condition *why_inactive(const struct autoscaler *autoscaler)
	__attribute__((nonnull));

/* Give a finding the values of what is scaled: {owner_kind} {owner}, and {resource} as
 * kubectl takes it. */
void name_target(struct finding *finding, const struct autoscaler *autoscaler,
		 struct report *report) __attribute__((nonnull));

/* The APIService of that group, one that is available before one that is not; NULL when
 * none is registered. */
const struct api_service *find_api_group(const struct facts *facts, const char *group)
	__attribute__((nonnull));

/* Does the API server hold it for available? */
bool api_service_available(const struct api_service *api) __attribute__((nonnull));
