// SPDX-License-Identifier: Apache-2.0
/* The parts of the check `runtime-class`. */
#pragma once

#include <wasmdiag/report.h>

struct class_context {
	const struct facts *facts;
	struct report *report;
};

/* The annotation of one pod, by what it is and by what its containers' states say. */
void class_judge_pod(const struct class_context *context, const struct pod *pod)
	__attribute__((nonnull));

/* The same by what logs say: crun ran a module natively. */
void class_hear_logs(const struct class_context *context) __attribute__((nonnull));
