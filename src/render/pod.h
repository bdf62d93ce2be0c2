// SPDX-License-Identifier: Apache-2.0
/* The story of a pod, in words. */
#pragma once

#include "pod_story.h"
#include "render/render.h"

/* data is a struct pod_story; as text for people, short (one line for the pod and one
 * for each finding) or json (docs/pod.schema.json); any other format is written as
 * text. */
void render_pod(const void *data, const char *format,
		const struct render_options *options, FILE *out) __attribute__((nonnull));

void render_pod_json(const struct pod_story *story, const struct render_options *options,
		     FILE *out) __attribute__((nonnull));

/* What kubectl shows under STATUS: "CrashLoopBackOff", "Running", ...; "gone". */
const char *pod_status(const struct pod_story *story) __attribute__((nonnull));
