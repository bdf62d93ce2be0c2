// SPDX-License-Identifier: Apache-2.0
/* What Wasm containers on this node use, and how long they took to start. */
#pragma once

#include <wasmdiag/performance.h>

#include "collect/host.h"

/*
 * HOST_CONTAINER_RESOURCES: of each of host->wasm_containers its cgroup's numbers, the
 * size of its process, and when containerd made and started it.  Needs HOST_CONTAINERD
 * and HOST_WASM_CONTAINERS.  A container that goes away meanwhile costs itself only.
 */
void collect_container_resources(struct host_context *context, struct host *host)
	__attribute__((nonnull));

/*
 * What containerd wrote about a container: <root>/io.containerd.grpc.v1.cri/containers/
 * ID/status, JSON with CreatedAt and StartedAt in nanoseconds (containerd
 * internal/cri/store/container/status.go); CRI answers from the same.  Sets created_ms
 * and started_ms; false: it is not that.
 */
bool cri_status_parse(const char *json, size_t length,
		      struct container_resources *resources) __attribute__((nonnull));
