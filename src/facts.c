// SPDX-License-Identifier: Apache-2.0
#include <wasmdiag/facts.h>
#include <wasmdiag/host.h>
#include <wasmdiag/text.h>

const char *const fact_names[FACT_COUNT] = {
	[FACT_SERVER] = "server",
	[FACT_NODES] = "nodes",
	[FACT_PODS] = "pods",
	[FACT_EVENTS] = "events",
	[FACT_RUNTIME_CLASSES] = "runtimeclasses",
	[FACT_VALIDATING_WEBHOOKS] = "validatingwebhookconfigurations",
	[FACT_MUTATING_WEBHOOKS] = "mutatingwebhookconfigurations",
	[FACT_API_SERVICES] = "apiservices",
	[FACT_AUTOSCALERS] = "horizontalpodautoscalers",
	[FACT_NODE_METRICS] = "node-metrics",
	[FACT_SERVER_METRICS] = "server-metrics",
	[FACT_SERVICES] = "services",
	[FACT_ENDPOINTS] = "endpoints",
	[FACT_LOGS] = "logs",
	[FACT_PULLS] = "pulls",
	[FACT_CONSTRAINT_TEMPLATES] = "constrainttemplates",
	[FACT_CONSTRAINTS] = "constraints",
	[FACT_GATEKEEPER_CONFIGS] = "gatekeeper-configs",
	[FACT_EXEMPT_NAMESPACES] = "exempt-namespaces",
	[FACT_REFUSED_CONTROLLERS] = "refused-controllers",
	[FACT_VOLUME_CLAIMS] = "persistentvolumeclaims",
	[FACT_STORAGE_CLASSES] = "storageclasses",
	[FACT_SCALED_OBJECTS] = "scaledobjects",
};

const char *const host_fact_names[HOST_FACT_COUNT] = {
	[HOST_SYSTEM] = "system",
	[HOST_CONTAINERD] = "containerd",
	[HOST_RUNTIMES] = "runtimes",
	[HOST_KERNEL_MODULES] = "kernel-modules",
	[HOST_SYSCTLS] = "sysctls",
	[HOST_LINKS] = "links",
	[HOST_ROUTES] = "routes",
	[HOST_NEIGHBOURS] = "neighbours",
	[HOST_FORWARDING] = "forwarding",
	[HOST_FLANNEL] = "flannel",
	[HOST_CNI] = "cni",
	[HOST_FIREWALL] = "firewall",
	[HOST_UDP] = "udp",
	[HOST_K3S] = "k3s",
	[HOST_UNITS] = "units",
	[HOST_DISKS] = "disks",
	[HOST_WASM_CONTAINERS] = "wasm-containers",
	[HOST_LOGS] = "logs",
	[HOST_WEBHOOK_PROBES] = "webhook-probes",
	[HOST_CONTAINER_RESOURCES] = "container-resources",
	[HOST_ENGINE_LIBRARIES] = "engine-libraries",
	[HOST_DATASTORE] = "datastore",
	[HOST_MISPLACED_CGROUPS] = "misplaced-cgroups",
	[HOST_CGROUPS] = "cgroups",
	[HOST_JOIN] = "join",
	[HOST_K3S_CERTIFICATES] = "k3s-certificates",
	[HOST_UNIT_LOGS] = "unit-logs",
};

const char *label_value(const struct label *labels, size_t count, const char *key)
{
	for (size_t i = 0; i < count; i++)
		if (text_equal(labels[i].key, key))
			return labels[i].value;
	return NULL;
}

static const struct dated_condition *find_dated(const struct dated_condition *conditions,
						size_t count, const char *type)
{
	for (size_t i = 0; i < count; i++)
		if (text_equal(conditions[i].what->type, type))
			return &conditions[i];
	return NULL;
}

const struct condition *find_condition(const struct dated_condition *conditions,
				       size_t count, const char *type)
{
	const struct dated_condition *found = find_dated(conditions, count, type);

	return found ? found->what : NULL;
}

int64_t condition_since(const struct dated_condition *conditions, size_t count,
			const char *type)
{
	const struct dated_condition *found = find_dated(conditions, count, type);

	return found ? found->since : UNSET;
}

bool knows_all_nodes(const struct facts *facts)
{
	return facts->node_count > 0 && facts->only_nodes.count == 0;
}

const struct container *find_container(const struct pod *pod, const char *name)
{
	for (size_t i = 0; i < pod->container_count; i++)
		if (text_equal(pod->containers[i].name, name))
			return &pod->containers[i];
	for (size_t i = 0; i < pod->init_container_count; i++)
		if (text_equal(pod->init_containers[i].name, name))
			return &pod->init_containers[i];
	return NULL;
}

const struct runtime_class *find_runtime_class(const struct facts *facts,
					       const char *name)
{
	for (size_t i = 0; name && i < facts->runtime_class_count; i++)
		if (text_equal(facts->runtime_classes[i].name, name))
			return &facts->runtime_classes[i];
	return NULL;
}

const struct service *find_service(const struct facts *facts, const char *namespace,
				   const char *name)
{
	for (size_t i = 0; name && i < facts->service_count; i++)
		if (text_equal(facts->services[i].name, name) &&
		    text_equal(facts->services[i].namespace, namespace))
			return &facts->services[i];
	return NULL;
}

const struct host *find_host(const struct facts *facts, const char *node)
{
	for (size_t i = 0; node && i < facts->host_count; i++)
		if (text_equal(facts->hosts[i].node, node))
			return &facts->hosts[i];
	return NULL;
}

const struct runtime_handler *find_handler(const struct host *host, const char *name)
{
	for (size_t i = 0; name && i < host->containerd.handler_count; i++)
		if (text_equal(host->containerd.handlers[i].name, name))
			return &host->containerd.handlers[i];
	return NULL;
}

const struct runtime_binary *find_runtime(const struct host *host, const char *path)
{
	for (size_t i = 0; path && i < host->runtime_count; i++)
		if (text_equal(host->runtimes[i].path, path))
			return &host->runtimes[i];
	return NULL;
}

const struct link *find_link(const struct host *host, const char *name)
{
	for (size_t i = 0; name && i < host->link_count; i++)
		if (text_equal(host->links[i].name, name))
			return &host->links[i];
	return NULL;
}

const struct kernel_module *find_kernel_module(const struct host *host, const char *name)
{
	for (size_t i = 0; name && i < host->kernel_module_count; i++)
		if (text_equal(host->kernel_modules[i].name, name))
			return &host->kernel_modules[i];
	return NULL;
}

const char *find_sysctl(const struct host *host, const char *name)
{
	for (size_t i = 0; name && i < host->sysctl_count; i++)
		if (text_equal(host->sysctls[i].name, name))
			return host->sysctls[i].value;
	return NULL;
}
