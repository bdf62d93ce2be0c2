// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pod_story.h"

/* Step five: the RuntimeClass and what runs it, cluster DNS, metrics, webhooks, as far as
 * the facts tell. */
void tell_components(struct pod_story *story, struct arena *arena)
	__attribute__((nonnull));
