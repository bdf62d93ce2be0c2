// SPDX-License-Identifier: Apache-2.0
#include "common.h"

#include <wasmdiag/text.h>

#include "workload.h"

#define STALE_AFTER 1200 /* seconds: see event_is_stale() */

/* ---- is this pod WebAssembly? ---- */

static bool one_of(const char *text, const char *const *list)
{
	for (; *list; list++)
		if (text_equal(text, *list))
			return true;
	return false;
}

/* Within so many edits, and not the same. */
static bool nearly(const char *text, const char *other, size_t edits)
{
	return text && !text_equal(text, other) && text_distance(text, other) <= edits;
}

/* run.oci.handler may also ask for what is not WebAssembly: krun, mono. */
static bool means_wasm(const char *value)
{
	return text_has(value, "wasm") || text_has(value, "Wasm") ||
	       text_has(value, "WASM") || nearly(value, "wasm", 1) ||
	       nearly(value, "wasmedge", 2);
}

static struct wasm_request judge_handler(const char *value)
{
	static const char *const known[] = { "wasm",     "wasm-smart", "wasmedge",
					     "wasmtime", "wasmer",     "wamr",
					     NULL };
	struct wasm_request request = { REQUEST_GOOD, HANDLER_KEY, value, HANDLER_KEY,
					"wasm-smart" };

	if (one_of(value, known))
		return request;
	request.state = means_wasm(value) ? REQUEST_BAD_VALUE : REQUEST_NONE;
	return request;
}

static struct wasm_request judge_variant(const char *value)
{
	static const char *const known[] = { "compat", "compat-smart", NULL };
	struct wasm_request request = { REQUEST_GOOD, VARIANT_KEY, value, VARIANT_KEY,
					"compat-smart" };

	if (!one_of(value, known))
		request.state = REQUEST_BAD_VALUE;
	return request;
}

static bool looks_like_variant(const char *key)
{
	return nearly(key, VARIANT_KEY, 4) || text_starts(key, "module.wasm") ||
	       (text_has(key, "wasm") && text_has(key, "variant"));
}

static struct wasm_request judge_others(const struct pod *pod)
{
	for (size_t i = 0; i < pod->annotation_count; i++) {
		const struct label *label = &pod->annotations[i];

		if (looks_like_variant(label->key))
			return (struct wasm_request){ REQUEST_BAD_KEY, label->key,
						      label->value, VARIANT_KEY,
						      "compat-smart" };
		if (nearly(label->key, HANDLER_KEY, 2) && means_wasm(label->value))
			return (struct wasm_request){ REQUEST_BAD_KEY, label->key,
						      label->value, HANDLER_KEY,
						      "wasm-smart" };
	}
	return (struct wasm_request){ .right_key = VARIANT_KEY,
				      .right_value = "compat-smart" };
}

struct wasm_request wasm_request(const struct pod *pod)
{
	const char *handler =
		label_value(pod->annotations, pod->annotation_count, HANDLER_KEY);
	const char *variant =
		label_value(pod->annotations, pod->annotation_count, VARIANT_KEY);

	if (handler)
		return judge_handler(handler);
	if (variant)
		return judge_variant(variant);
	return judge_others(pod);
}

bool is_module_name(const char *name)
{
	return text_ends(name, ".wasm") || text_ends(name, ".wat");
}

static const char *module_of(const struct container *containers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_module_name(containers[i].program))
			return containers[i].program;
	return NULL;
}

const char *module_program(const struct pod *pod)
{
	const char *program = module_of(pod->containers, pod->container_count);

	return program ? program
		       : module_of(pod->init_containers, pod->init_container_count);
}

bool pod_is_wasm(const struct pod *pod)
{
	return wasm_request(pod).state != REQUEST_NONE || module_program(pod);
}

/* ---- which runtime is it for? ---- */

const char *base_name(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return slash ? slash + 1 : text_or_empty(path);
}

bool is_crun_name(const char *path)
{
	const char *name = base_name(path);

	return text_starts(name, "crun") &&
	       (!name[4] || strchr("-_.0123456789", name[4]));
}

bool handler_is_crun(const struct host *host, const struct runtime_handler *handler)
{
	const char *path = handler->binary ? handler->binary : handler->binary_name;
	const struct runtime_binary *binary = find_runtime(host, path);

	if (is_crun_name(handler->binary) || is_crun_name(handler->binary_name))
		return true;
	return binary && text_equal(binary->program, "crun");
}

bool names_crun(const struct facts *facts, const char *handler)
{
	for (size_t i = 0; i < facts->host_count; i++) {
		const struct runtime_handler *found =
			find_handler(&facts->hosts[i], handler);

		if (found)
			return handler_is_crun(&facts->hosts[i], found);
	}
	return is_crun_name(handler);
}

bool is_always_wasm(const struct runtime_handler *handler)
{
	return text_equal(base_name(handler->binary_name), "crun-wasm") ||
	       text_equal(base_name(handler->binary), "crun-wasm");
}

const char *pod_handler(const struct facts *facts, const struct pod *pod)
{
	const struct runtime_class *class = find_runtime_class(facts, pod->runtime_class);

	return class ? class->handler : NULL;
}

bool pod_is_for_crun(const struct facts *facts, const struct pod *pod)
{
	const char *handler = pod_handler(facts, pod);

	return pod_is_wasm(pod) && (!handler || names_crun(facts, handler));
}

/* ---- what was said, and is it still so? ---- */

const struct log_excerpt *next_log(const struct facts *facts, struct log_cursor *cursor)
{
	while (cursor->list <= facts->host_count) {
		const struct host *host =
			cursor->list ? &facts->hosts[cursor->list - 1] : NULL;
		size_t count = host ? host->log_count : facts->log_count;
		const struct log_excerpt *logs = host ? host->logs : facts->logs;

		if (cursor->index < count)
			return &logs[cursor->index++];
		cursor->list++;
		cursor->index = 0;
	}
	return NULL;
}

bool container_is_well(const struct container_status *status)
{
	return status->running_since != UNSET || status->now.exit_code == 0;
}

static const char *message_at(const struct container_status *status, size_t which,
			      const char **what)
{
	switch (which) {
	case 0:
		*what = "state.waiting.message";
		return status->waiting_message;
	case 1:
		*what = "state.terminated.message";
		return status->now.message;
	default:
		*what = "lastState.terminated.message";
		return container_is_well(status) ? NULL : status->last.message;
	}
}

const char *next_message(const struct pod *pod, struct message_cursor *cursor)
{
	size_t count = pod->status_count + pod->init_status_count;

	while (cursor->index / 3 < count) {
		size_t at = cursor->index / 3, which = cursor->index % 3;
		const struct container_status *status =
			at < pod->status_count
				? &pod->statuses[at]
				: &pod->init_statuses[at - pod->status_count];
		const char *message = message_at(status, which, &cursor->what);

		cursor->index++;
		cursor->container = status->name;
		if (message)
			return message;
	}
	return NULL;
}

bool pod_is_well(const struct pod *pod)
{
	if (text_equal(pod->phase, "Succeeded"))
		return true;
	if (!text_equal(pod->phase, "Running") || pod->status_count == 0)
		return false;
	for (size_t i = 0; i < pod->status_count; i++)
		if (!container_is_well(&pod->statuses[i]))
			return false;
	return true;
}

const struct container_status *find_status(const struct pod *pod, const char *container)
{
	for (size_t i = 0; i < pod->status_count; i++)
		if (text_equal(pod->statuses[i].name, container))
			return &pod->statuses[i];
	for (size_t i = 0; i < pod->init_status_count; i++)
		if (text_equal(pod->init_statuses[i].name, container))
			return &pod->init_statuses[i];
	return NULL;
}

const struct pod *log_pod(const struct facts *facts, const struct log_excerpt *log)
{
	const struct pod *pod = find_pod(facts, log->namespace, log->pod);
	const struct container_status *status =
		pod ? find_status(pod, log->container) : NULL;

	if (status && log->restart != UNSET && status->restarts != UNSET &&
	    log->restart < status->restarts && container_is_well(status))
		return NULL;
	return pod;
}

static bool knows_pods(const struct facts *facts)
{
	enum fact_state state = facts->source[FACT_PODS].state;

	return state == FACT_KNOWN || state == FACT_ABSENT;
}

static bool is_old(const struct facts *facts, const struct event *event)
{
	return event->last != UNSET && facts->taken != UNSET &&
	       event->last < facts->taken - STALE_AFTER;
}

bool event_is_stale(const struct facts *facts, const struct event *event)
{
	const struct pod *pod;

	if (!text_equal(event->kind, "Pod") || !knows_pods(facts))
		return is_old(facts, event);
	pod = find_pod(facts, event->namespace, event->name);
	if (!pod || pod_is_well(pod))
		return true;
	return pod->created != UNSET && event->last != UNSET &&
	       event->last < pod->created;
}

bool is_explained(const char *message, const struct guide *self)
{
	for (const struct check *const *check = all_checks; message && *check; check++) {
		const struct guide *const *guide = (*check)->words->guides;

		for (; *guide; guide++)
			if (*guide != self && guide_matches(*guide, message))
				return true;
	}
	return false;
}

const char *event_node(const struct facts *facts, const struct event *event)
{
	const struct pod *pod;

	if (event->host && *event->host)
		return event->host;
	if (!text_equal(event->kind, "Pod"))
		return NULL;
	pod = find_pod(facts, event->namespace, event->name);
	return pod ? pod->node : NULL;
}

/* What the runtimes write when the kernel refuses a file, or it is not executable. */
static const struct {
	const char *runtime, *before, *after;
} native_words[] = {
	{ "crun", "exec container process `", "`: Exec format error" },
	{ "crun", "the path `", "` exists but it is not executable" },
	{ "runc", "exec: \"", "\": permission denied" },
	{ "runc", "exec ", ": exec format error" },
};

bool parse_native_run(const char *line, struct native_run *run)
{
	run->program[0] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(native_words); i++) {
		run->runtime = native_words[i].runtime;
		if (text_between(line, native_words[i].before, native_words[i].after,
				 run->program, sizeof(run->program)))
			break;
	}
	if (is_module_name(run->program))
		return true;
	/* runc before 1.1 names no program. */
	run->program[0] = '\0';
	run->runtime = "runc";
	return text_has(line, "exec user process caused: exec format error") ||
	       text_has(line, "exec user process caused \"exec format error\"");
}

/* ---- saying it ---- */

struct subject pod_subject(const struct pod *pod)
{
	return (struct subject){ "Pod", pod->namespace, pod->name };
}

struct subject host_subject(const struct host *host)
{
	return (struct subject){ "Node", NULL, host->node ? host->node : host->name };
}

void owner_values(struct finding *finding, const struct pod *pod, struct report *report)
{
	struct subject workload = workload_of(pod, report);
	const char *key = workload_key(&workload);

	finding_value(finding, "pod", "%s", text_or_empty(pod->name));
	finding_value(finding, "namespace", "%s",
		      pod->namespace ? pod->namespace : "default");
	if (pod->node)
		finding_value(finding, "node", "%s", pod->node);
	finding_value(finding, "workload", "%s", workload_resource(&workload, report));
	finding_value(finding, key, "%s", text_or_empty(workload.name));
	if (text_equal(key, "owner"))
		finding_value(finding, "owner_kind", "%s", workload.kind);
}

struct finding *owner_finding(struct report *report, const struct guide *guide,
			      const struct pod *pod)
{
	struct finding *finding = report_finding(report, guide, workload_of(pod, report));

	finding_witness(finding, pod_subject(pod));
	owner_values(finding, pod, report);
	return finding;
}

bool text_between(const char *text, const char *before, const char *after, char *out,
		  size_t size)
{
	const char *start = text ? strstr(text, before) : NULL, *end;

	if (!start)
		return false;
	start += strlen(before);
	end = strstr(start, after);
	if (!end || end == start || (size_t)(end - start) >= size)
		return false;
	memcpy(out, start, (size_t)(end - start));
	out[end - start] = '\0';
	return true;
}
