// SPDX-License-Identifier: Apache-2.0
/*
 * How long Wasm containers took to start, and what they use: of the cluster the image
 * pulls, of a node what the kernel and containerd know of its Wasm containers.  The
 * conventions are those of facts.h.
 */
#pragma once

#include <wasmdiag/facts.h>

struct host;

/*
 * An image that kubelet pulled for a pod that may be Wasm, out of its event `Pulled`
 * (facts F).  The slowest come first.  Events live for an hour.
 */
struct pull {
	const char *namespace;
	const char *pod;
	const char *pod_uid;
	const char *image;
	const char *node; /* whose kubelet says so */
	int64_t took_ms; /* the pull itself */
	int64_t waited_ms; /* for its turn behind other pulls; UNSET: an older kubelet */
	int64_t size; /* bytes of the image, compressed; UNSET: a kubelet before 1.30 */
	int64_t finished;
};

/*
 * What a container of host->wasm_containers uses, from its own cgroup (not the one of
 * crun's below it) and its process; how long it took to start, from containerd.
 */
struct container_resources {
	const char *container_id;
	int64_t sampled; /* Unix seconds */
	const char *cgroup; /* path of the memory controller, as the kernel has it */
	const char *error; /* why its cgroup could not be read; NULL: it was, or it had
			      ended */
	int64_t memory; /* bytes charged to the cgroup, page cache included */
	int64_t memory_reclaimable; /* of these, inactive page cache */
	int64_t memory_peak;
	int64_t memory_limit; /* UNSET: none */
	int64_t oom_kills; /* within the cgroup, since it was made */
	int64_t resident; /* bytes of the process; libraries that it shares included */
	int64_t cpu_limit; /* UNSET: none */
	int64_t cpu_periods; /* of the limit's, in which it ran */
	int64_t cpu_throttled_periods; /* ... and was stopped for having used it up */
	int64_t cpu_throttled_ms; /* how long it stood still */
	int64_t created_ms; /* Unix milliseconds: containerd has made the container, */
	int64_t started_ms; /* and has started its process; UNSET: never */
};

/* A library of WasmEdge that crun loads, looked into because a module is AOT-compiled. */
struct engine_library {
	const char *path; /* as runtime_binary.library_path has it */
	const char *version; /* 0.14.1; NULL: not found in it */
	int64_t minor; /* 14 */
	/* It has run modes (0.17 on): then it interprets unless its caller says
	 * otherwise, and crun does not (facts C5). */
	bool has_run_modes;
	const char *error;
};

/* The memory of one container at two times. */
struct memory_growth {
	int64_t before; /* bytes, as container_memory() */
	int64_t after;
	int64_t seconds; /* between the two */
	int64_t per_hour; /* bytes */
};

/*
 * The memory a container needs, in bytes: what is charged to its cgroup less page cache
 * that the kernel would just drop (kubelet's working set), or what its process holds,
 * whichever is more.  The cgroup alone tells too little: crun loads the engine before it
 * joins the container's cgroup (facts E).  UNSET: neither is known.
 */
int64_t container_memory(const struct container_resources *resources)
	__attribute__((nonnull));

/* The same without the process: what counts against the limit.  UNSET: not known. */
int64_t container_charged(const struct container_resources *resources)
	__attribute__((nonnull));

/* From creation to start, in milliseconds; UNSET: not known, or never started. */
int64_t container_start_ms(const struct container_resources *resources)
	__attribute__((nonnull));

/*
 * How the memory of one container changed between two samples of it, that is of the same
 * container_id.  Pure; false when they are not of one container, the later is not later,
 * or a size is not known.  Shrinking gives negative numbers.
 */
bool memory_compare(const struct container_resources *before,
		    const struct container_resources *after, struct memory_growth *growth)
	__attribute__((nonnull));

/* What that container uses; NULL when it is not there. */
const struct container_resources *find_resources(const struct host *host,
						 const char *container_id)
	__attribute__((nonnull(1)));

/* Likewise in the snapshot of this host before: see host.previous_resources. */
const struct container_resources *find_previous_resources(const struct host *host,
							  const char *container_id)
	__attribute__((nonnull(1)));

/* The library at that path; NULL when it was not looked into. */
const struct engine_library *find_engine_library(const struct host *host,
						 const char *path)
	__attribute__((nonnull(1)));
