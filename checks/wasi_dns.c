// SPDX-License-Identifier: Apache-2.0
/*
 * Can WebAssembly modules look names up: is the module built for it, does its image hold
 * what the lookup reads, does a name server answer (facts C3)?
 */
#include "wasi_dns.h"

#include <stdlib.h>

#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#include "common.h"
#include "wasi_dns.words.h"
#include "workload.h"

#define DEAD_VARIABLE "WASMEDGE_WASI_SOCKET"
#define DNS_VARIABLE  "DNS_SERVER"
#define EVIDENCE_MAX  4 /* lines of a log shown for one code */

/* What is judged together: one container, its log, and what its node says of it. */
struct container_context {
	const struct facts *facts;
	struct report *report;
	struct place place;
	const struct pod *pod; /* NULL: unknown */
	const struct wasm_container *wasm; /* NULL: no node tells */
};

static struct container_context
context_of(const struct facts *facts, struct report *report, const struct place *place)
{
	return (struct container_context){
		.facts = facts,
		.report = report,
		.place = *place,
		.pod = find_pod(facts, place->namespace, place->pod),
		.wasm = find_wasm_container(facts, place),
	};
}

/* ---- what a line says ---- */

/* What getaddrinfo() returns in WASI's numbers, which end at 87; files and sockets have
 * those up to 76 (WasmEdge thirdparty/wasi/api.hpp). */
static const struct lookup_error {
	long number;
	const char *name;
	const struct guide *guide;
} lookup_errors[] = {
	{ 77, "AIADDRFAMILY", &WD2308 }, { 78, "AIAGAIN", &WD2303 },
	{ 79, "AIBADFLAG", &WD2308 },    { 80, "AIFAIL", &WD2308 },
	{ 81, "AIFAMILY", &WD2308 },     { 82, "AIMEMORY", &WD2308 },
	{ 83, "AINODATA", &WD2304 },     { 84, "AINONAME", &WD2304 },
	{ 85, "AISERVICE", &WD2302 },    { 86, "AISOCKTYPE", &WD2308 },
	{ 87, "AISYSTEM", &WD2308 },
};

/* The number in "dns error: Success (os error 85)" or "Os { code: 85, kind: ... }". */
static const struct lookup_error *find_lookup_error(const char *line)
{
	static const char *const before[] = { "os error ", "Os { code: " };

	for (size_t i = 0; i < ARRAY_SIZE(before); i++) {
		const char *at = strstr(line, before[i]);
		long number = at ? strtol(at + strlen(before[i]), NULL, 10) : 0;

		for (size_t j = 0; j < ARRAY_SIZE(lookup_errors); j++)
			if (number == lookup_errors[j].number)
				return &lookup_errors[j];
	}
	return NULL;
}

/* A plugin serves wasi:logging, and core modules may import it (facts C2). */
static bool is_wasi_2(const char *line)
{
	return guide_matches(&WD2305, line) && !text_has(line, "\"wasi:logging/");
}

/* Threads are refused with the same words as sockets are. */
static bool wants_network(const struct container_context *context, const char *line)
{
	return guide_matches(&WD2301, line) && !text_has(line, "spawn") &&
	       !(context->wasm && context->wasm->module.kind == WASM_CORE &&
		 context->wasm->module.sockets);
}

static const struct guide *guide_of(const struct container_context *context,
				    const char *line)
{
	const struct lookup_error *error = line ? find_lookup_error(line) : NULL;

	if (error)
		return error->guide;
	if (line && is_wasi_2(line))
		return &WD2305;
	return line && wants_network(context, line) ? &WD2301 : NULL;
}

/* ---- findings ---- */

static bool has_variable(const struct string_list *variables, const char *name)
{
	for (size_t i = 0; i < variables->count; i++)
		if (text_equal(variables->items[i], name))
			return true;
	return false;
}

static const struct container *container_of(const struct container_context *context)
{
	return context->pod && context->place.container
		       ? find_container(context->pod, context->place.container)
		       : NULL;
}

static bool sets(const struct container_context *context, const char *name)
{
	const struct container *container = container_of(context);

	return (container && has_variable(&container->variables, name)) ||
	       (context->wasm && has_variable(&context->wasm->variables, name));
}

/* A name that JSON and a shell take as it stands. */
static bool is_label(const char *text)
{
	return text && *text &&
	       !text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-")];
}

/* What it takes to give the container its file, or another name server. */
static void give_services(struct finding *finding,
			  const struct container_context *context)
{
	const struct container *container = container_of(context);
	const struct service *dns = cluster_dns_service(context->facts);
	const char *image = container ? container->image : NULL;

	/* "image@sha256:..." cannot be given a tag */
	if (image && !text_has(image, "@"))
		finding_value(finding, "image", "%s", image);
	if (dns && dns->cluster_ip && !text_equal(dns->cluster_ip, "None"))
		finding_value(finding, "address", "%s", dns->cluster_ip);
	if (is_label(context->place.container))
		finding_value(
			finding, "value",
			"{\"spec\":{\"template\":{\"spec\":{\"volumes\":[{\"name\":"
			"\"wasm-services\",\"configMap\":{\"name\":\"wasm-services\"}}],"
			"\"containers\":[{\"name\":\"%s\",\"volumeMounts\":[{\"name\":"
			"\"wasm-services\",\"mountPath\":\"/etc/services\",\"subPath\":"
			"\"services\"}]}]}}}}",
			context->place.container);
}

/* What one error of many needs for its own fix. */
static void give_fix(struct finding *finding, long number)
{
	switch (number) {
	case 77:
	case 81:
		finding_value(finding, "path", ".spec.clusterIPs");
		break;
	case 79:
	case 86:
		finding_value(finding, "package", "wasmedge_wasi_socket");
		break;
	case 80:
		finding_value(finding, "service", "kube-dns");
		break;
	default:
		break;
	}
}

static struct finding *begin(const struct container_context *context,
			     const struct guide *guide)
{
	struct finding *finding = container_finding(context->report, context->facts,
						    guide, &context->place);

	if (context->pod && context->pod->node)
		finding_value(finding, "node", "%s", context->pod->node);
	if (guide == &WD2302)
		give_services(finding, context);
	if (guide == &WD2303 && context->wasm && context->wasm->pid > 0)
		finding_value(finding, "path", "/proc/%lld/root/etc/resolv.conf",
			      (long long)context->wasm->pid);
	if (guide == &WD2304 && sets(context, DNS_VARIABLE))
		finding_value(finding, "key", DNS_VARIABLE);
	return finding;
}

/* What the node knows of the module and its image. */
static void show_module(struct finding *finding, const struct container_context *context,
			const struct guide *guide)
{
	const struct wasm_container *wasm = context->wasm;
	const char *source = wasm ? wasm->module_path : NULL;

	if (sets(context, DNS_VARIABLE))
		finding_saw(finding, "env " DNS_VARIABLE, "set", NULL, NULL);
	if (!wasm)
		return;
	if (wasm->module.kind == WASM_COMPONENT)
		finding_saw(finding, "module", "component", "core", source);
	if (wasm->module.kind == WASM_CORE)
		finding_saw(finding, "module imports",
			    wasm->module.sockets ? "sock_*" : "no sock_*",
			    wasm->module.sockets ? NULL : "sock_open, sock_connect, ...",
			    source);
	if (guide == &WD2302 && wasm->services_file == ANSWER_YES)
		finding_saw(finding, "/etc/services", "there", "has the service",
			    "the container's root");
	if (guide == &WD2302 && wasm->services_file == ANSWER_NO)
		finding_saw(finding, "/etc/services", "not there", "there",
			    "the container's root");
}

static void show_line(struct finding *finding, const struct container_context *context,
		      const char *line)
{
	const struct lookup_error *error = find_lookup_error(line);
	char reason[128];

	finding_saw(finding, "log", line, NULL,
		    report_text(context->report, "log of %s/%s, container %s",
				text_or_empty(context->place.namespace),
				text_or_empty(context->place.pod),
				text_or_empty(context->place.container)));
	if (error) {
		finding_value(finding, "code", "%ld", error->number);
		finding_value(finding, "reason", "%s", error->name);
		if (error->guide == &WD2308)
			give_fix(finding, error->number);
	} else if (text_between(line, "When linking module: \"", "\"", reason,
				sizeof(reason))) {
		finding_value(finding, "reason", "unknown import %s", reason);
	} else if (text_has(line, "Component Model")) {
		finding_value(finding, "reason", "illegal opcode (Component Model)");
	}
}

/* ---- logs ---- */

/* Without the pod nobody says what it is, but WasmEdge signs what it writes. */
static bool is_of_wasm(const struct container_context *context,
		       const struct log_excerpt *log)
{
	if (context->wasm ||
	    (context->pod && (pod_is_wasm(context->pod) ||
			      text_has(context->pod->runtime_class, "wasm"))))
		return true;
	for (size_t i = 0; !context->pod && i < log->lines.count; i++)
		if (text_has(log->lines.items[i], ", Code: 0x") ||
		    text_has(log->lines.items[i], "[libcrun:wasmedge]"))
			return true;
	return false;
}

/* All lines of that code; of one code the last are the newest. */
static void judge_code(const struct container_context *context,
		       const struct log_excerpt *log, const struct guide *guide)
{
	struct finding *finding = NULL;
	size_t shown = 0;

	for (size_t i = log->lines.count; i > 0 && shown < EVIDENCE_MAX; i--) {
		const char *line = log->lines.items[i - 1];

		if (guide_of(context, line) != guide)
			continue;
		if (!finding)
			finding = begin(context, guide);
		show_line(finding, context, line);
		shown++;
	}
	if (!finding)
		return;
	finding_severity(finding, SEVERITY_FAIL);
	show_module(finding, context, guide);
}

static void judge_logs(const struct facts *facts, struct report *report)
{
	static const struct guide *const guides[] = { &WD2301, &WD2302, &WD2303,
						      &WD2304, &WD2305, &WD2308 };
	struct log_cursor cursor = { 0 };
	const struct log_excerpt *log;

	while ((log = next_log(facts, &cursor))) {
		struct place place = { log->namespace, log->pod, log->container };
		struct container_context context = context_of(facts, report, &place);

		if (!is_of_wasm(&context, log) || (context.pod && !log_pod(facts, log)))
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(guides); i++)
			judge_code(&context, log, guides[i]);
	}
}

/* ---- modules and images ---- */

static bool imports(const struct wasm_module *module, const char *name)
{
	for (size_t i = 0; i < module->import_count; i++)
		if (text_equal(module->imports[i].name, name))
			return true;
	return false;
}

/* runwasi's shims have engines of their own; only runc's shim runs crun. */
static bool runs_under_crun(const struct wasm_container *wasm)
{
	const char *runtime = base_name(wasm->runtime);

	return !text_starts(runtime, "containerd-shim-") ||
	       text_starts(runtime, "containerd-shim-runc");
}

static void judge_module(const struct container_context *context)
{
	const struct wasm_container *wasm = context->wasm;
	struct finding *finding;

	if (wasm->module.kind == WASM_COMPONENT && runs_under_crun(wasm)) {
		finding = begin(context, &WD2305);
		finding_value(finding, "reason", "a component, not a core module");
		show_module(finding, context, &WD2305);
	}
	/* nothing failed yet, and with a port number nothing will: a remark */
	if (wasm->module.kind == WASM_CORE && wasm->services_file == ANSWER_NO &&
	    imports(&wasm->module, "sock_getaddrinfo") && !sets(context, DNS_VARIABLE)) {
		finding = begin(context, &WD2302);
		finding_severity(finding, SEVERITY_INFO);
		show_module(finding, context, &WD2302);
	}
}

static size_t judge_modules(const struct facts *facts, struct report *report)
{
	size_t count = 0;

	for (size_t i = 0; i < facts->host_count; i++) {
		const struct host *host = &facts->hosts[i];

		if (!report_knows_host(report, host, HOST_WASM_CONTAINERS))
			continue;
		report_knows_host(report, host, HOST_LOGS);
		for (size_t j = 0; j < host->wasm_container_count; j++) {
			const struct wasm_container *wasm = &host->wasm_containers[j];
			struct place place = { wasm->namespace, wasm->pod,
					       wasm->container };
			struct container_context context =
				context_of(facts, report, &place);

			context.wasm = wasm;
			judge_module(&context);
		}
		count += host->wasm_container_count;
	}
	return count;
}

/* ---- the variable that does nothing ---- */

static void judge_variable(const struct container_context *context,
			   const struct string_list *variables, const char *source)
{
	struct finding *finding;

	if (!has_variable(variables, DEAD_VARIABLE))
		return;
	finding = begin(context, &WD2307);
	finding_saw(finding, "env " DEAD_VARIABLE, "set", "not set", source);
}

static void judge_pod(const struct facts *facts, struct report *report,
		      const struct pod *pod)
{
	const struct container *lists[] = { pod->containers, pod->init_containers };
	size_t counts[] = { pod->container_count, pod->init_container_count };

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		for (size_t j = 0; j < counts[i]; j++) {
			const struct container *container = &lists[i][j];
			const struct container_context context = {
				.facts = facts,
				.report = report,
				.place = { pod->namespace, pod->name, container->name },
				.pod = pod,
			};

			judge_variable(&context, &container->variables, "Pod");
		}
}

/* A node tells of its own containers when the API does not. */
static void judge_host_variables(const struct facts *facts, struct report *report)
{
	for (size_t i = 0; i < facts->host_count; i++)
		for (size_t j = 0; j < facts->hosts[i].wasm_container_count; j++) {
			const struct wasm_container *wasm =
				&facts->hosts[i].wasm_containers[j];
			struct place place = { wasm->namespace, wasm->pod,
					       wasm->container };
			struct container_context context =
				context_of(facts, report, &place);

			if (!context.pod)
				judge_variable(&context, &wasm->variables, "config.json");
		}
}

static bool any_wasm(const struct facts *facts)
{
	for (size_t i = 0; i < facts->pod_count; i++)
		if (pod_is_wasm(&facts->pods[i]))
			return true;
	return false;
}

static void run(const struct facts *facts, struct report *report)
{
	bool pods = report_knows(report, FACT_PODS);
	bool dns = judge_cluster_dns(facts, report);
	size_t modules = judge_modules(facts, report);

	if (pods && !dns && modules == 0 && !any_wasm(facts)) {
		report_skip(report, &wasi_dns_no_wasm);
		return;
	}
	if (pods)
		report_knows(report, FACT_LOGS);
	judge_logs(facts, report);
	for (size_t i = 0; pods && i < facts->pod_count; i++)
		judge_pod(facts, report, &facts->pods[i]);
	judge_host_variables(facts, report);
}

const struct check check_wasi_dns = {
	.words = &words_wasi_dns,
	.needs = NEED(FACT_PODS) | NEED(FACT_LOGS) | NEED(FACT_SERVICES) |
		 NEED(FACT_ENDPOINTS),
	.host_needs = NEED(HOST_WASM_CONTAINERS) | NEED(HOST_LOGS),
	.run = run,
	.reach = REACH_NODE,
};
