// SPDX-License-Identifier: Apache-2.0
/* Pods by what owns them, and whether they do their work. */
#pragma once

#include <wasmdiag/report.h>

/*
 * The object to mend when this pod is wrong: the Deployment, DaemonSet, StatefulSet or
 * Job it belongs to, else the pod.  The text lives as long as the report.
 */
struct subject workload_of(const struct pod *pod, struct report *report)
	__attribute__((nonnull));

/* The same of a controller: a ReplicaSet that a Deployment made gives the Deployment. */
struct subject workload_named(const char *kind, const char *namespace, const char *name,
			      struct report *report) __attribute__((nonnull(4)));

/*
 * Does the pod belong to that workload?  By its owner: the workload itself, or for a
 * Deployment a ReplicaSet of its name and a hash.
 */
bool pod_is_of(const struct pod *pod, const char *kind, const char *name)
	__attribute__((nonnull(1)));

/* The subject as kubectl takes it: "deployment/hello". */
const char *workload_resource(const struct subject *workload, struct report *report)
	__attribute__((nonnull));

/* It is one that can be told to try again at once: `kubectl rollout restart`. */
bool workload_restarts(const struct subject *workload) __attribute__((nonnull));

/* The value that its name is, by which a finding gets the fix for its kind: "bare_pod"
 * and "job" are replaced, an "owner" is changed by its template. */
const char *workload_key(const struct subject *workload) __attribute__((nonnull));

/* Give a finding the values of a pod's workload: {namespace} {resource} {owner}, and
 * {node} where it was to run. */
void name_workload(struct finding *finding, const struct pod *pod, struct report *report)
	__attribute__((nonnull));

/* One container. */
struct place {
	const char *namespace;
	const char *pod;
	const char *container;
};

/*
 * A finding about a container: its subject is the workload (of a CronJob's Jobs the
 * CronJob), its pod when the API does not tell, its witness the pod.  Gives {resource}
 * (the Job) {container}, and {owner} to a workload that is changed by its template, {job}
 * to a Job and {bare_pod} to a pod known to stand alone, which are replaced: each then
 * gets its own fix.
 */
struct finding *container_finding(struct report *report, const struct facts *facts,
				  const struct guide *guide, const struct place *place)
	__attribute__((nonnull));

/* What a node says of that container; NULL when none does. */
const struct wasm_container *find_wasm_container(const struct facts *facts,
						 const struct place *place)
	__attribute__((nonnull));

/* The seconds from then to now; INT64_MAX when then is absent or beyond reckoning.  Times
 * in a snapshot may be anything. */
int64_t seconds_since(int64_t then, int64_t now);

/* The controller that an event says was refused a pod, as it is now; NULL: not known. */
const struct controller *find_controller(const struct facts *facts,
					 const struct event *event)
	__attribute__((nonnull));

/* It still wants pods that it has not got. */
bool lacks_pods(const struct controller *controller) __attribute__((nonnull));

/* Show in a finding how many pods that controller has, of how many. */
void show_controller(struct finding *finding, const struct facts *facts,
		     const struct event *event, struct report *report)
	__attribute__((nonnull));

/* Its work is done, or it is on its way out, or something replaces it: not ready is no
 * fault then. */
bool pod_is_over(const struct pod *pod) __attribute__((nonnull));

bool pod_is_ready(const struct pod *pod) __attribute__((nonnull));

/* Since when it is not ready, Unix seconds; UNSET: not told. */
int64_t pod_unready_since(const struct pod *pod) __attribute__((nonnull));

/*
 * Why it is not ready, in the cluster's own words: "CrashLoopBackOff", "Pending", ...
 * Never NULL.
 */
const char *pod_trouble(const struct pod *pod) __attribute__((nonnull));

/* Show a pod in a finding: as a witness, with its trouble and how its containers ended.
 */
void show_pod(struct finding *finding, const struct pod *pod, struct report *report)
	__attribute__((nonnull));
