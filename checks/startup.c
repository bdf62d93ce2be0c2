// SPDX-License-Identifier: Apache-2.0
/*
 * What makes Wasm pods start slowly: the pull, the size of what is pulled, the runtime,
 * the cpu limit, or a compiled module that the engine interprets all the same?
 */
#include "startup.h"

#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#include "common.h"
#include "startup.words.h"
#include "wasm_container.h"
#include "workload.h"

#define PERIODS_LEAST 10 /* of 100 ms: less of a run says nothing */

/* ---- pulls ---- */

/* The container that runs the image; "" when none does under that name. */
static const char *container_of(const struct pod *pod, const char *image)
{
	for (size_t i = 0; i < pod->container_count; i++)
		if (text_equal(pod->containers[i].image, image))
			return pod->containers[i].name;
	return pod->container_count == 1 ? pod->containers[0].name : NULL;
}

/* The registry's host as one asks it: "ghcr.io", and Docker Hub's for what names none. */
static const char *registry_of(struct report *report, const char *image)
{
	size_t length = strcspn(image, "/");
	const char *host = report_text(report, "%.*s", (int)length, image);
	bool is_host = image[length] && (strchr(host, '.') || strchr(host, ':') ||
					 text_equal(host, "localhost"));

	return is_host && !text_equal(host, "docker.io") ? host : "registry-1.docker.io";
}

static struct finding *pull_finding(struct report *report, const struct facts *facts,
				    const struct guide *guide, const struct pod *pod,
				    const struct pull *pull)
{
	struct place place = { pod->namespace, pod->name,
			       container_of(pod, pull->image) };
	struct finding *finding = container_finding(report, facts, guide, &place);
	const char *node = pull->node ? pull->node : pod->node;

	finding_value(finding, "node", "%s", node ? node : "?");
	finding_value(finding, "image", "%s", text_or_empty(pull->image));
	finding_value(finding, "address", "%s",
		      registry_of(report, text_or_empty(pull->image)));
	return finding;
}

/* "41.0 s for 362 MiB": the size only when kubelet tells it. */
static const char *pull_text(struct report *report, const struct pull *pull)
{
	if (pull->size <= 0)
		return time_text(report, pull->took_ms);
	return report_text(report, "%s for %s", time_text(report, pull->took_ms),
			   bytes_text(report, pull->size));
}

/* "900 ms + 65.0 s": the pull, and what it waited for others. */
static const char *whole_time(struct report *report, const struct pull *pull)
{
	if (pull->waited_ms <= 0)
		return time_text(report, pull->took_ms);
	return report_text(report, "%s + %s", time_text(report, pull->took_ms),
			   time_text(report, pull->waited_ms));
}

static void report_slow_pull(struct report *report, const struct facts *facts,
			     const struct pod *pod, const struct pull *pull)
{
	int64_t limit = report_threshold(report, THRESHOLD_PULL);
	struct finding *finding = pull_finding(report, facts, &WD6101, pod, pull);
	const char *most = report_text(report, "at most %s", time_text(report, limit));
	const char *source =
		report_text(report, "event Pulled of Pod %s/%s",
			    text_or_empty(pod->namespace), text_or_empty(pod->name));

	finding_value(finding, "seconds", "%s", whole_time(report, pull));
	finding_value(finding, "bytes", "%s",
		      pull->size > 0 ? bytes_text(report, pull->size) : "?");
	finding_value(finding, "limit", "%s", time_text(report, limit));
	finding_saw(finding, "pull", pull_text(report, pull), most, source);
	if (pull->waited_ms > 0)
		finding_saw(finding, "waiting for other pulls",
			    time_text(report, pull->waited_ms), most, source);
	if (pull->waited_ms > limit)
		finding_value(finding, "count", "%s", time_text(report, pull->waited_ms));
}

static void report_heavy_image(struct report *report, const struct facts *facts,
			       const struct pod *pod, const struct pull *pull)
{
	int64_t limit = report_threshold(report, THRESHOLD_IMAGE_SIZE);
	const struct place place = { pod->namespace, pod->name,
				     container_of(pod, pull->image) };
	const struct wasm_container *wasm = find_wasm_container(facts, &place);
	struct finding *finding = pull_finding(report, facts, &WD6102, pod, pull);

	finding_value(finding, "file", "%s", text_or_empty(pull->image));
	finding_value(finding, "bytes", "%s", bytes_text(report, pull->size));
	finding_value(finding, "value", "%s", "?");
	finding_saw(finding, "image", bytes_text(report, pull->size),
		    report_text(report, "at most %s", bytes_text(report, limit)),
		    "event Pulled");
	if (wasm && wasm->module.size > 0)
		finding_saw(finding, "module in it",
			    bytes_text(report, wasm->module.size), NULL,
			    wasm->module_path);
}

static void judge_pull(struct report *report, const struct facts *facts,
		       const struct pull *pull)
{
	int64_t limit = report_threshold(report, THRESHOLD_PULL);
	bool is_slow = pull->took_ms > limit || pull->waited_ms > limit;
	bool is_heavy = pull->size > report_threshold(report, THRESHOLD_IMAGE_SIZE);
	const struct pod *pod;

	if (!is_slow && !is_heavy)
		return;
	pod = find_pod(facts, pull->namespace, pull->pod);
	if (!pod || !runs_wasm(facts, pod))
		return;
	if (is_slow)
		report_slow_pull(report, facts, pod, pull);
	if (is_heavy)
		report_heavy_image(report, facts, pod, pull);
}

/* ---- modules ---- */

static void judge_size(struct report *report, const struct facts *facts,
		       const struct host *host, const struct wasm_container *wasm)
{
	const struct wasm_module *module = &wasm->module;
	int64_t size_limit = report_threshold(report, THRESHOLD_MODULE_SIZE);
	int64_t debug_limit = report_threshold(report, THRESHOLD_DEBUG_SIZE);
	struct finding *finding;
	const char *debug;

	if (module->size <= size_limit && module->debug_bytes <= debug_limit)
		return;
	finding = wasm_finding(report, facts, &WD6102, host, wasm);
	debug = bytes_text(report, module->debug_bytes > 0 ? module->debug_bytes : 0);
	finding_value(finding, "file", "%s", text_or_empty(wasm->module_path));
	finding_value(finding, "bytes", "%s", bytes_text(report, module->size));
	finding_value(finding, "value", "%s", debug);
	finding_value(finding, "module", "%s", base_name(wasm->module_path));
	finding_saw(finding, "module", bytes_text(report, module->size),
		    report_text(report, "at most %s", bytes_text(report, size_limit)),
		    wasm->module_path);
	finding_saw(finding, "debug information and names", debug,
		    report_text(report, "at most %s", bytes_text(report, debug_limit)),
		    wasm->module_path);
}

/* ---- the node ---- */

static void judge_start(struct report *report, const struct facts *facts,
			const struct host *host, const struct wasm_container *wasm,
			const struct container_resources *resources)
{
	int64_t limit = report_threshold(report, THRESHOLD_START);
	int64_t took = container_start_ms(resources);
	struct finding *finding;

	if (took == UNSET || took <= limit)
		return;
	finding = wasm_finding(report, facts, &WD6103, host, wasm);
	finding_value(finding, "seconds", "%s", time_text(report, took));
	finding_value(finding, "limit", "%s", time_text(report, limit));
	finding_saw(finding, "startedAt - createdAt", time_text(report, took),
		    report_text(report, "at most %s", time_text(report, limit)),
		    report_text(report, "containerd, container %.13s",
				text_or_empty(wasm->container_id)));
}

/* One core is all that a module can use: the engine runs it in one thread. */
static const char *enough_cpu(struct report *report, int64_t limit)
{
	if (limit < 1000)
		return "1";
	return report_text(report, "%lld",
			   (long long)(limit < INT64_MAX / 2 ? limit * 2 / 1000 : limit));
}

static void judge_throttling(struct report *report, const struct facts *facts,
			     const struct host *host, const struct wasm_container *wasm,
			     const struct container_resources *resources)
{
	int64_t share = report_threshold(report, THRESHOLD_THROTTLED);
	int64_t periods = resources->cpu_periods;
	int64_t throttled = resources->cpu_throttled_periods;
	struct finding *finding;
	double percent;

	if (periods < PERIODS_LEAST || throttled <= 0)
		return;
	percent = 100.0 * (double)throttled / (double)periods;
	if (percent <= (double)share)
		return;
	finding = wasm_finding(report, facts, &WD6104, host, wasm);
	finding_value(finding, "actual", "%.0f %%", percent > 100 ? 100 : percent);
	finding_value(
		finding, "limit", "%s",
		resources->cpu_limit > 0
			? report_text(report, "%lldm", (long long)resources->cpu_limit)
			: "?");
	finding_value(finding, "value", "%s", enough_cpu(report, resources->cpu_limit));
	finding_saw(finding, "cpu.stat nr_throttled / nr_periods",
		    report_text(report, "%lld / %lld", (long long)throttled,
				(long long)periods),
		    report_text(report, "at most %lld %%", (long long)share),
		    resources->cgroup);
	if (resources->cpu_throttled_ms > 0)
		finding_saw(finding, "stood still for",
			    time_text(report, resources->cpu_throttled_ms), NULL,
			    "cpu.stat");
}

static void judge_container(struct report *report, const struct facts *facts,
			    const struct host *host, const struct wasm_container *wasm)
{
	const struct container_resources *resources =
		find_resources(host, wasm->container_id);

	judge_size(report, facts, host, wasm);
	judge_compiled(report, facts, host, wasm);
	if (!resources)
		return;
	judge_start(report, facts, host, wasm, resources);
	judge_throttling(report, facts, host, wasm, resources);
}

/* ---- the whole ---- */

static bool any_wasm(const struct facts *facts)
{
	for (size_t i = 0; i < facts->host_count; i++)
		if (facts->hosts[i].wasm_container_count)
			return true;
	for (size_t i = 0; i < facts->pod_count; i++)
		if (pod_is_wasm(&facts->pods[i]))
			return true;
	return false;
}

static void judge_host(struct report *report, const struct facts *facts,
		       const struct host *host)
{
	if (!report_knows_host(report, host, HOST_WASM_CONTAINERS))
		return;
	report_knows_host(report, host, HOST_CONTAINER_RESOURCES);
	report_knows_host(report, host, HOST_ENGINE_LIBRARIES);
	report_knows_host(report, host, HOST_LOGS);
	for (size_t i = 0; i < host->wasm_container_count; i++)
		judge_container(report, facts, host, &host->wasm_containers[i]);
}

static void run(const struct facts *facts, struct report *report)
{
	bool pods = report_knows(report, FACT_PODS);

	if (pods && !any_wasm(facts)) {
		report_skip(report, &startup_no_wasm);
		return;
	}
	if (pods && report_knows(report, FACT_PULLS))
		for (size_t i = 0; i < facts->pull_count; i++)
			judge_pull(report, facts, &facts->pulls[i]);
	for (size_t i = 0; i < facts->host_count; i++)
		judge_host(report, facts, &facts->hosts[i]);
	judge_compiled_heard(report, facts);
}

const struct check check_startup = {
	.words = &words_startup,
	.needs = NEED(FACT_PODS) | NEED(FACT_PULLS) | NEED(FACT_LOGS),
	.host_needs = NEED(HOST_WASM_CONTAINERS) | NEED(HOST_CONTAINER_RESOURCES) |
		      NEED(HOST_ENGINE_LIBRARIES) | NEED(HOST_RUNTIMES) | NEED(HOST_LOGS),
	.run = run,
	.reach = REACH_NODE,
};
