// SPDX-License-Identifier: Apache-2.0
#include "collect/host.h"

#include <ctype.h>
#include <stdarg.h>

#include <wasmdiag/text.h>

#include "collect/bundles.h"
#include "collect/chase.h"
#include "collect/command.h"
#include "collect/container_resources.h"
#include "collect/containerd.h"
#include "collect/engine_library.h"
#include "collect/host_system.h"
#include "collect/join.h"
#include "collect/misplaced_cgroups.h"
#include "collect/pod_logs.h"
#include "collect/processes.h"
#include "collect/runtimes.h"

#define TEXT_LIMIT   ((size_t)64 * 1024)
#define OUTPUT_LIMIT ((size_t)4 << 20)

const struct host_collector host_collectors[] = {
	{ HOST_K3S, "K3s: role, version, options", collect_k3s },
	{ HOST_LINKS, "network links and their addresses", collect_links },
	{ HOST_SYSTEM, "kernel, distribution, cgroups, addresses", collect_system },
	{ HOST_ROUTES, "routes of the main table", collect_routes },
	{ HOST_NEIGHBOURS, "neighbours of flannel's links", collect_neighbours },
	{ HOST_FORWARDING, "forwarding entries of vxlan links", collect_forwarding },
	{ HOST_KERNEL_MODULES, "kernel modules K3s needs", collect_kernel_modules },
	{ HOST_SYSCTLS, "network settings of the kernel", collect_sysctls },
	{ HOST_FLANNEL, "net-conf.json and subnet.env", collect_flannel },
	{ HOST_CNI, "CNI configuration and programs", collect_cni },
	{ HOST_JOIN, "the way to K3s's server: /ping, /cacerts, is the token accepted",
	  collect_join },
	{ HOST_FIREWALL, "are UDP 8472 and K3s's TCP ports open", collect_firewall },
	{ HOST_UDP, "UDP checksum errors", collect_udp },
	{ HOST_UNITS, "systemd units", collect_units },
	{ HOST_UNIT_LOGS, "what K3s's journal says", collect_unit_logs },
	{ HOST_K3S_CERTIFICATES, "K3s's own certificates", collect_k3s_certificates },
	{ HOST_CGROUPS, "cgroup controllers", collect_cgroups },
	{ HOST_DISKS, "room on disks", collect_disks },
	{ HOST_CONTAINERD, "containerd's configuration and handlers",
	  collect_containerd },
	{ HOST_DISKS, "room on disks", collect_disks },
	{ HOST_DATASTORE, "K3s's datastore, and whether it is sound", collect_datastore },
	{ HOST_RUNTIMES, "OCI runtimes: versions, engine, library", collect_runtimes },
	{ HOST_WASM_CONTAINERS, "containers that run modules", collect_wasm_containers },
	{ HOST_CONTAINER_RESOURCES, "what those containers use",
	  collect_container_resources },
	{ HOST_ENGINE_LIBRARIES, "which WasmEdge runs compiled modules",
	  collect_engine_libraries },
	{ HOST_MISPLACED_CGROUPS, "cgroups outside kubelet's tree",
	  collect_misplaced_cgroups },
	{ HOST_LOGS, "what containers' logs say", collect_logs },
};
const size_t host_collector_count = ARRAY_SIZE(host_collectors);

const char *host_path(struct host_context *context, const char *path)
{
	return arena_format(context->arena, "%s%s", context->root, path);
}

void host_fact_set(struct host_context *context, struct source *source,
		   enum fact_state state, const char *format, ...)
{
	va_list arguments;

	source->state = state;
	source->reason = NULL;
	if (!format)
		return;
	va_start(arguments, format);
	source->reason = arena_vformat(context->arena, format, arguments);
	va_end(arguments);
}

void host_fact_error(struct host_context *context, struct source *source,
		     const struct error *error)
{
	enum fact_state state = FACT_FAILED;

	if (error->kind == ERROR_ABSENT)
		state = FACT_ABSENT;
	else if (error->kind == ERROR_DENIED)
		state = FACT_DENIED;
	host_fact_set(context, source, state, "%s", error->text);
}

char *host_text(struct host_context *context, const char *path, struct error *error)
{
	struct error ignored = { 0 };
	struct bytes bytes;
	char *start, *end;

	if (!host_read(context, path, TEXT_LIMIT, &bytes, error ? error : &ignored))
		return NULL;
	start = bytes.data ? bytes.data : arena_string(context->arena, "");
	end = start + strlen(start);
	while (isspace((unsigned char)*start))
		start++;
	while (end > start && isspace((unsigned char)end[-1]))
		*--end = '\0';
	return start;
}

const char *host_data_dir(const struct host *host)
{
	return host->k3s.data_dir ? host->k3s.data_dir : "/var/lib/rancher/k3s";
}

void host_list_add(struct arena *arena, struct string_list *list, const char *text)
{
	list->items = arena_grow(arena, list->items, list->count, sizeof(*list->items));
	list->items[list->count++] = arena_string(arena, text);
}

const char *host_tool(struct host_context *context, const char *name)
{
	static const char *const folders[] = { "/usr/sbin",       "/sbin",
					       "/usr/bin",        "/bin",
					       "/usr/local/sbin", "/usr/local/bin" };
	const char *path;

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		path = arena_format(context->arena, "%s/%s", folders[i], name);
		if (host_exists(context, path))
			return path;
	}
	return NULL;
}

bool host_run(struct host_context *context, const char *const *argv, char **ret_output,
	      struct error *error)
{
	const struct command command = {
		.path = argv[0],
		.argv = argv,
		.root = *context->root ? context->root : NULL,
		.timeout_ms = context->timeout_ms > 0 ? context->timeout_ms : 2000,
		.output_limit = OUTPUT_LIMIT,
	};
	struct command_result result = { 0 };

	if (!command_run(&command, context->arena, &result, error) ||
	    !command_succeeded(&command, &result, error))
		return false;
	*ret_output =
		result.out.data ? result.out.data : arena_string(context->arena, "");
	return true;
}

static bool is_k3s(const char *name)
{
	return text_equal(name, "k3s") || text_starts(name, "k3s-server") ||
	       text_starts(name, "k3s-agent");
}

/* The process that is kubelet here, or runs one; 0 when there is none. */
static int64_t kubelet_process(struct host_context *context)
{
	const struct process_list *list = host_processes(context);

	for (size_t i = 0; i < list->count; i++)
		if ((text_equal(list->items[i].name, "kubelet") ||
		     is_k3s(list->items[i].name)) &&
		    process_in_root(context, list->items[i].pid) == ANSWER_YES)
			return list->items[i].pid;
	return 0;
}

bool host_is_node(struct host_context *context)
{
	static const char *const marks[] = {
		"/var/lib/rancher/k3s/agent",
		"/etc/kubernetes/kubelet.conf",
		"/var/lib/kubelet/config.yaml",
		"/var/lib/kubelet/pods",
	};

	if (kubelet_process(context))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (host_exists(context, marks[i]))
			return true;
	return false;
}

const char *host_kubelet_option(struct host_context *context, const char *option)
{
	int64_t pid = kubelet_process(context);
	struct string_list list = { 0 };
	const char *rest;

	if (pid)
		list = process_arguments(context, pid);
	for (size_t i = 1; i < list.count; i++) {
		if (!text_starts(list.items[i], option))
			continue;
		rest = list.items[i] + strlen(option);
		if (*rest == '=' && rest[1])
			return rest + 1;
		if (!*rest && i + 1 < list.count)
			return list.items[i + 1];
	}
	return NULL;
}

const char *host_node_name(struct host_context *context)
{
	const char *name = host_kubelet_option(context, "--hostname-override");
	struct host host = { 0 };
	char *lower;

	if (!name) {
		collect_k3s(context, &host);
		name = host.k3s.node_name;
	}
	if (!name) {
		collect_system(context, &host);
		name = host.name;
	}
	if (!name || !*name)
		return NULL;
	lower = arena_string(context->arena, name);
	for (char *c = lower; *c; c++)
		*c = (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
	return lower;
}
