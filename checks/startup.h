// SPDX-License-Identifier: Apache-2.0
/* The parts of the check `startup`. */
#pragma once

#include <wasmdiag/report.h>

/* Will the engine run this module's compiled code (facts C5)?  WD6105 when not. */
void judge_compiled(struct report *report, const struct facts *facts,
		    const struct host *host, const struct wasm_container *wasm)
	__attribute__((nonnull));

/* The same where the engine itself said so in a log. */
void judge_compiled_heard(struct report *report, const struct facts *facts)
	__attribute__((nonnull));
