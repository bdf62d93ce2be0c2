// SPDX-License-Identifier: Apache-2.0
/* The parts of the check `pod-start`. */
#pragma once

#include <wasmdiag/report.h>

#include "scheduler_message.h"

struct start_context {
	const struct facts *facts;
	struct report *report;
};

/*
 * WD3201, WD3202: pods that wait for a node, by what the scheduler says, and in numbers
 * by what nodes have and their pods request.  WD3209: nodes under pressure.
 */
void start_judge_pending(const struct start_context *context) __attribute__((nonnull));
void start_judge_pressure(const struct start_context *context) __attribute__((nonnull));

/* The parts of it: resources that are short, something else, and no word at all. */
void start_report_shortage(const struct start_context *context, const struct pod *pod,
			   unsigned obstructions) __attribute__((nonnull));
void start_report_hindrance(const struct start_context *context, const struct pod *pod,
			    const char *message) __attribute__((nonnull));
void start_report_unseen(const struct start_context *context, const struct pod *pod)
	__attribute__((nonnull));

/* WD3213 by a line of a container's state or log; WD3210 by how containers end. */
void start_hear_entry(const struct start_context *context, const struct pod *pod,
		      const char *line, const char *source, const char *container)
	__attribute__((nonnull(1, 2)));
void start_judge_crashes(const struct start_context *context) __attribute__((nonnull));

/*
 * WD3214: containers that cannot be created, by what the kubelet says of them and of
 * their volumes.  WD3215: probes and hooks that crun cannot run in a Wasm container.
 */
void start_judge_creation(const struct start_context *context) __attribute__((nonnull));
void start_hear_probes(const struct start_context *context) __attribute__((nonnull));

/* What joins it to the handler or the binary at fault: {handler}, {binary}. */
void start_crun_values(struct finding *finding, const struct facts *facts,
		       const struct pod *pod) __attribute__((nonnull));
