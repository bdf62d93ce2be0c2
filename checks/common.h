// SPDX-License-Identifier: Apache-2.0
/* What several checks ask of the facts: pure functions, NULL-safe, no memory of their
 * own. */
#pragma once

#include <wasmdiag/facts.h>
#include <wasmdiag/host.h>
#include <wasmdiag/report.h>

/* The two annotations by which crun decides (facts A5); the second wins when there. */
#define VARIANT_KEY "module.wasm.image/variant"
#define HANDLER_KEY "run.oci.handler"

/* ---- is this pod WebAssembly? ---- */

enum request_state {
	REQUEST_NONE,
	REQUEST_GOOD, /* crun understands it */
	REQUEST_BAD_KEY, /* looks like VARIANT_KEY or HANDLER_KEY and is neither */
	REQUEST_BAD_VALUE, /* the right key, a value that crun does not know */
};

/* How a pod's annotations ask crun for WebAssembly. */
struct wasm_request {
	enum request_state state;
	const char *key; /* as written; NULL for REQUEST_NONE */
	const char *value;
	const char *right_key; /* what should stand there */
	const char *right_value;
};

struct wasm_request wasm_request(const struct pod *pod) __attribute__((nonnull));

/* A name that ends as a module's does: .wasm or .wat, which is what crun looks at. */
bool is_module_name(const char *name);

/* The first container's program that is_module_name(); NULL when there is none. */
const char *module_program(const struct pod *pod) __attribute__((nonnull));

/* It asks for WebAssembly by annotation, or its command is a module. */
bool pod_is_wasm(const struct pod *pod) __attribute__((nonnull));

/* ---- which runtime is it for? ---- */

/* The last part of a path; the whole when there is no '/'.  "" for NULL. */
const char *base_name(const char *path);

/* crun, crun-wasm, /usr/local/bin/crun, but not crunch. */
bool is_crun_name(const char *path);

/* Does this handler run crun?  By its binary's name, else by what the binary says it is.
 */
bool handler_is_crun(const struct host *host, const struct runtime_handler *handler)
	__attribute__((nonnull));

/* Does a handler of that name run crun?  Hosts know; without one its name has to do. */
bool names_crun(const struct facts *facts, const char *handler)
	__attribute__((nonnull(1)));

/* crun-wasm: every container is WebAssembly, no annotation is needed (facts A2). */
bool is_always_wasm(const struct runtime_handler *handler) __attribute__((nonnull));

/* The handler that the pod's RuntimeClass names; NULL when it has or finds none. */
const char *pod_handler(const struct facts *facts, const struct pod *pod)
	__attribute__((nonnull));

/* WebAssembly that is crun's to run: not a pod of another runtime's RuntimeClass. */
bool pod_is_for_crun(const struct facts *facts, const struct pod *pod)
	__attribute__((nonnull));

/* ---- what was said, and is it still so? ---- */

/* Walks every log excerpt: those of the API, then those of each host.  Starts as {0}. */
struct log_cursor {
	size_t list;
	size_t index;
};

const struct log_excerpt *next_log(const struct facts *facts, struct log_cursor *cursor)
	__attribute__((nonnull));

/* Walks what a pod's containers' states say, init containers last.  Starts as {0}. */
struct message_cursor {
	size_t index;
	const char *what; /* "state.waiting.message", ... */
	const char *container;
};

/* NULL at the end.  What an earlier instance said counts only while the container has
 * not come up since. */
const char *next_message(const struct pod *pod, struct message_cursor *cursor)
	__attribute__((nonnull));

/* The container runs, or has ended well. */
bool container_is_well(const struct container_status *status) __attribute__((nonnull));

/* It ended well, or all its containers run (or ran) as they should. */
bool pod_is_well(const struct pod *pod) __attribute__((nonnull));

/* The status of the container of that name, init containers too; NULL when not there. */
const struct container_status *find_status(const struct pod *pod, const char *container)
	__attribute__((nonnull(1)));

/*
 * The pod these lines are of; NULL when it is gone, is another by now, or its container
 * came up since.  Without FACT_PODS there is no telling: see is_stale.
 */
const struct pod *log_pod(const struct facts *facts, const struct log_excerpt *log)
	__attribute__((nonnull));

/*
 * Is the event about something that is past?  A pod that is gone, was made anew or is
 * well; anything else after 20 minutes, by when controllers have tried again (their
 * backoff ends at 1000 s).  Looks up the pod: ask it of events that matter only.
 */
bool event_is_stale(const struct facts *facts, const struct event *event)
	__attribute__((nonnull));

/* Does a guide other than that one know what this text means? */
bool is_explained(const char *message, const struct guide *self);

/* The node an event speaks of: its own word, else its pod's; NULL when unknown. */
const char *event_node(const struct facts *facts, const struct event *event)
	__attribute__((nonnull));

/* A line by which a runtime says that it ran a file as a native program (facts A7). */
struct native_run {
	const char *runtime; /* "runc" or "crun"; they word it differently */
	char program[256]; /* "" when the line does not name it */
};

/* False when the line says nothing of the kind, or names a program that is no module. */
bool parse_native_run(const char *line, struct native_run *run)
	__attribute__((nonnull(2)));

/* ---- saying it ---- */

struct subject pod_subject(const struct pod *pod) __attribute__((nonnull));

/* The Node this host is, or what the host calls itself. */
struct subject host_subject(const struct host *host) __attribute__((nonnull));

/*
 * What to mend when a pod is at fault: {namespace} and {owner_kind} {owner}, as kubectl
 * takes them, {job} when that is a Job, which kubectl neither restarts nor changes, or
 * {bare_pod} when it stands alone; also {pod} and {node}, and {workload}, whichever it
 * is, by which its findings are told to be of one.
 */
void owner_values(struct finding *finding, const struct pod *pod, struct report *report)
	__attribute__((nonnull));

/* The finding about what made this pod, its witness: with owner_values() of the first pod
 * that showed it. */
struct finding *owner_finding(struct report *report, const struct guide *guide,
			      const struct pod *pod) __attribute__((nonnull));

/*
 * Copy what stands between the first `before` and the `after` behind it; false when the
 * text has no such part or it does not fit.
 */
bool text_between(const char *text, const char *before, const char *after, char *out,
		  size_t size) __attribute__((nonnull(2, 3, 4)));

/*
 * What it takes to change containerd's configuration on a node, for the words of a fix:
 * {unit} to restart, {path} that containerd reads, {template} to write to (K3s makes
 * {path} from it), {first_line} of that file when it is empty, {plugin} (the CRI plugin's
 * id in that schema), {systemd_cgroup} and crun's {binary}.  node may be NULL or
 * unknown: then the only host's, the first node's, or K3s's defaults (facts B1, B3).
 */
void containerd_values(struct finding *finding, const struct facts *facts,
		       const char *node) __attribute__((nonnull(1, 2)));

/* Does this node, or when it is unknown the one we know, run K3s? */
bool node_is_k3s(const struct facts *facts, const char *node) __attribute__((nonnull(1)));

/* A handler's name that is free there.  Never crun: K3s declares that itself, and a
 * second table of that name stops containerd. */
const char *free_handler(const struct facts *facts, const char *node)
	__attribute__((nonnull(1)));
