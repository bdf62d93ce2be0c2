// SPDX-License-Identifier: Apache-2.0
/* Findings about one container that runs a module, and the numbers in them. */
#pragma once

#include <wasmdiag/report.h>

#include "workload.h"

/* container_finding() of a container seen on a node, with {node}. */
struct finding *wasm_finding(struct report *report, const struct facts *facts,
			     const struct guide *guide, const struct host *host,
			     const struct wasm_container *wasm) __attribute__((nonnull));

/* It asks for Wasm, or one of its containers is seen to run a module. */
bool runs_wasm(const struct facts *facts, const struct pod *pod) __attribute__((nonnull));

/* The container's declaration in the API; NULL: not known. */
const struct container *declared_container(const struct facts *facts,
					   const struct wasm_container *wasm)
	__attribute__((nonnull));

/* Bytes as "62.5 MiB", milliseconds as "41.0 s": three digits are enough to judge by. */
const char *bytes_text(struct report *report, int64_t bytes) __attribute__((nonnull));
const char *time_text(struct report *report, int64_t ms) __attribute__((nonnull));
