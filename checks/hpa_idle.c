// SPDX-License-Identifier: Apache-2.0
/* CPU targets that Wasm workloads do not move, and where their CPU is counted. */
#include "hpa_cpu.h"

#include <wasmdiag/text.h>

#include "autoscaler.h"
#include "common.h"
#include "hpa_cpu.words.h"
#include "workload.h"

/* By then a pod has samples, and the controller no longer leaves it out as starting up
 * (--horizontal-pod-autoscaler-cpu-initialization-period, 5 min). */
#define SETTLED_S 300

#define LEAST_ADVICE 10 /* thousandths of a core: what a request may well be */

/* An autoscaler's cpu, as wanted and as last read. */
struct cpu {
	int64_t target; /* percent of the request */
	int64_t reading; /* likewise */
	int64_t usage; /* average of the pods, thousandths; UNSET: not told */
	const char *container; /* the only one that counts; NULL: all do */
};

static const struct autoscaler_reading *find_reading(const struct autoscaler *autoscaler,
						     const struct autoscaler_metric *of)
{
	for (size_t i = 0; i < autoscaler->reading_count; i++)
		if (text_equal(autoscaler->readings[i].type, of->type) &&
		    text_equal(autoscaler->readings[i].name, of->name) &&
		    text_equal(autoscaler->readings[i].container, of->container))
			return &autoscaler->readings[i];
	return NULL;
}

/* False when it does not go by cpu in percent, or has not read it. */
static bool read_cpu(const struct autoscaler *autoscaler, struct cpu *cpu)
{
	*cpu = (struct cpu){ autoscaler->cpu_target, autoscaler->cpu_reading, UNSET,
			     NULL };
	for (size_t i = 0; i < autoscaler->metric_count; i++) {
		const struct autoscaler_metric *metric = &autoscaler->metrics[i];
		const struct autoscaler_reading *reading;

		if (!text_equal(metric->name, "cpu") || metric->utilization == UNSET)
			continue;
		reading = find_reading(autoscaler, metric);
		if (!reading)
			return false;
		*cpu = (struct cpu){ metric->utilization, reading->utilization,
				     reading->value, metric->container };
		break;
	}
	return cpu->target != UNSET && cpu->reading != UNSET;
}

/* Runtimes that run nothing but WebAssembly, by their handlers as K3s and runwasi name
 * them (facts B2). */
static bool is_wasm_shim(const char *handler)
{
	static const char *const names[] = { "lunatic",  "slight",   "spin", "wasmer",
					     "wasmedge", "wasmtime", "wws" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (text_equal(handler, names[i]))
			return true;
	return false;
}

/* The shim that runs it in crun's stead; NULL: none, or it is not WebAssembly. */
static const char *pod_shim(const struct facts *facts, const struct pod *pod)
{
	const char *handler = pod_handler(facts, pod);

	return is_wasm_shim(handler) ? handler : NULL;
}

static int64_t pod_request(const struct pod *pod, const char *container)
{
	int64_t sum = 0;

	for (size_t i = 0; i < pod->container_count; i++) {
		int64_t request = pod->containers[i].cpu_request;

		if (container && !text_equal(pod->containers[i].name, container))
			continue;
		if (request == UNSET || request < 0 ||
		    __builtin_add_overflow(sum, request, &sum))
			return UNSET;
	}
	return sum;
}

/* A settled Wasm pod of the target; NULL: the target is none of our business yet. */
static const struct pod *find_wasm_pod(struct scaling *scaling,
				       const struct autoscaler *autoscaler)
{
	int64_t now = report_now(scaling->report);
	const struct pod *pod;
	size_t index = 0;

	while ((pod = next_target_pod(scaling, autoscaler, &index)))
		if (!pod_is_over(pod) && seconds_since(pod->created, now) >= SETTLED_S &&
		    (pod_is_wasm(pod) || pod_shim(scaling->facts, pod)))
			return pod;
	return NULL;
}

static const char *milli(struct report *report, int64_t value)
{
	return report_text(report, "%lldm", (long long)value);
}

/* Requests of which the usage is some percent at rest, so that load is seen long before
 * the pod is at its target. */
static void advise(struct finding *finding, const struct cpu *cpu, const struct pod *pod)
{
	size_t count = cpu->container ? 1 : pod->container_count;
	int64_t advice = cpu->usage / (int64_t)count;

	advice = advice < INT64_MAX / 10 ? advice * 10 : advice;
	finding_value(finding, "container", "%s",
		      cpu->container ? cpu->container
		      : count > 1    ? "*"
				     : text_or_empty(pod->containers[0].name));
	finding_value(finding, "advice", "%lldm",
		      (long long)(advice > LEAST_ADVICE ? advice : LEAST_ADVICE));
}

/* The least usage that does not read as 0. */
static int64_t one_percent(int64_t request)
{
	return request / 100 + (request % 100 != 0);
}

/* Which of the reasons it is, in numbers; each has a fix that names only its value. */
static void show_reason(const struct scaling *scaling, struct finding *finding,
			const struct cpu *cpu, const struct pod *pod)
{
	int64_t request = pod_request(pod, cpu->container);
	const char *shim = pod_shim(scaling->facts, pod);
	const char *usage =
		cpu->usage == UNSET ? "< 1 %" : milli(scaling->report, cpu->usage);

	finding_value(finding, "usage", "%s", usage);
	finding_value(finding, "request", "%s",
		      request == UNSET ? "?" : milli(scaling->report, request));
	if (request != UNSET)
		finding_saw(finding, "cpu", usage,
			    report_text(scaling->report, ">= %s",
					milli(scaling->report, one_percent(request))),
			    "status.currentMetrics");
	if (shim)
		finding_value(finding, "handler", "%s", shim);
	if (cpu->usage == 0 || shim) {
		/* perhaps it is counted elsewhere: then the node is at fault (WD5108) */
		finding_value(finding, "pod", "%s", text_or_empty(pod->name));
		finding_value(finding, "node", "%s", text_or_empty(pod->node));
	} else if (cpu->usage > 0 && request > cpu->usage) {
		advise(finding, cpu, pod);
	}
}

void judge_idle(struct scaling *scaling, const struct autoscaler *autoscaler)
{
	const struct pod *pod;
	struct finding *finding;
	struct cpu cpu;

	if (!scaling->knows_pods || why_inactive(autoscaler) ||
	    !read_cpu(autoscaler, &cpu) || cpu.reading != 0)
		return;
	pod = find_wasm_pod(scaling, autoscaler);
	if (!pod)
		return;
	finding =
		report_finding(scaling->report, &WD5101, autoscaler_subject(autoscaler));
	finding_value(finding, "target", "%lld", (long long)cpu.target);
	name_target(finding, autoscaler, scaling->report);
	/* of what it is to become; KEDA's own is changed in its ScaledObject */
	if (!text_equal(autoscaler->owner_kind, "ScaledObject"))
		finding_value(finding, "name", "%s",
			      text_or_empty(autoscaler->target_name));
	show_reason(scaling, finding, &cpu, pod);
	finding_witness(finding, pod_subject(pod));
}

/* ---- 5108: counted where the kubelet does not look ---- */

static const struct pod *find_pod_by_uid(const struct facts *facts, const char *uid)
{
	for (size_t i = 0; uid && i < facts->pod_count; i++)
		if (text_equal(facts->pods[i].uid, uid))
			return &facts->pods[i];
	return NULL;
}

/* The handler by which a container came there; NULL: its pod is gone, or not known. */
static const struct runtime_handler *
handler_of(const struct facts *facts, const struct host *host, const struct pod *pod)
{
	const char *name = pod ? pod_handler(facts, pod) : NULL;

	return find_handler(host, name ? name : host->containerd.default_runtime);
}

static void show_cgroup(const struct scaling *scaling, struct finding *finding,
			const struct host *host, const struct misplaced_cgroup *cgroup)
{
	const struct pod *pod = find_pod_by_uid(scaling->facts, cgroup->pod_uid);
	const struct runtime_handler *handler = handler_of(scaling->facts, host, pod);

	finding_saw(finding, "cgroup", text_or_empty(cgroup->path),
		    "kubepods.slice/.../cri-containerd-*.scope", "/sys/fs/cgroup");
	if (pod)
		finding_witness(finding, pod_subject(pod));
	if (!handler || handler->systemd_cgroup == ANSWER_YES) {
		finding_value(finding, "pattern", "runtimes");
		return;
	}
	finding_saw(finding,
		    report_text(scaling->report, "%s: SystemdCgroup", handler->name),
		    handler->systemd_cgroup == ANSWER_NO ? "false" : "not set", "true",
		    handler->file);
	finding_value(finding, "handler", "%s", handler->name);
	/* K3s writes the file anew at each start, from the template */
	if (handler->file && !node_is_k3s(scaling->facts, host->node))
		finding_value(finding, "file", "%s", handler->file);
	else
		finding_value(finding, "pattern", "runtimes");
}

void judge_cgroups(const struct scaling *scaling)
{
	const struct facts *facts = scaling->facts;

	for (size_t i = 0; i < facts->host_count; i++) {
		const struct host *host = &facts->hosts[i];
		struct finding *finding;

		if (host->misplaced_cgroup_count == 0)
			continue;
		finding = report_finding(scaling->report, &WD5108, host_subject(host));
		finding_value(finding, "count", "%zu", host->misplaced_cgroup_count);
		for (size_t j = 0; j < host->misplaced_cgroup_count; j++)
			show_cgroup(scaling, finding, host, &host->misplaced_cgroups[j]);
		containerd_values(finding, facts, host->node);
	}
}
