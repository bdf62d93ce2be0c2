// SPDX-License-Identifier: Apache-2.0
/* Can pods on different nodes reach each other? */
#include "flannel.h"

#include <stdio.h>

#include <wasmdiag/text.h>

#include "flannel.words.h"

struct subject flannel_subject(const struct pod_network *network)
{
	return (struct subject){ "Node", NULL, network->name };
}

bool flannel_pod_cidr(const struct node *node, struct cidr *ret_cidr)
{
	struct cidr cidr;

	if (cidr_parse(node->pod_cidr, &cidr) && cidr.size == 4) {
		*ret_cidr = cidr;
		return true;
	}
	for (size_t i = 0; i < node->pod_cidrs.count; i++) {
		if (!cidr_parse(node->pod_cidrs.items[i], &cidr) || cidr.size != 4)
			continue;
		*ret_cidr = cidr;
		return true;
	}
	return false;
}

const char *flannel_k3s_unit(const struct host *host)
{
	if (!host->k3s.installed)
		return NULL;
	for (size_t i = 0; i < host->unit_count; i++)
		if (text_starts(host->units[i].name, "k3s") &&
		    text_equal(host->units[i].load_state, "loaded"))
			return host->units[i].name;
	return text_equal(host->k3s.role, "agent") ? "k3s-agent" : "k3s";
}

static const struct pod *flannel_pod(const struct facts *facts)
{
	for (size_t i = 0; i < facts->pod_count; i++)
		if (text_equal(label_value(facts->pods[i].labels,
					   facts->pods[i].label_count, "app"),
			       "flannel"))
			return &facts->pods[i];
	return NULL;
}

static const char *daemon_set(const struct pod *pod)
{
	for (size_t i = 0; pod && i < pod->owner_count; i++)
		if (text_equal(pod->owners[i].kind, "DaemonSet"))
			return pod->owners[i].name;
	return NULL;
}

void flannel_restart(const struct pod_network *network, struct finding *finding)
{
	const char *unit = flannel_k3s_unit(network->host);
	const struct pod *pod = unit ? NULL : flannel_pod(network->facts);
	const char *set = daemon_set(pod);

	if (unit) {
		finding_value(finding, "unit", "%s", unit);
		return;
	}
	/* kube-flannel.yml of flannel itself has these names. */
	finding_value(finding, "namespace", "%s",
		      set && pod->namespace ? pod->namespace : "kube-flannel");
	finding_value(finding, "resource", "daemonset/%s", set ? set : "kube-flannel-ds");
}

enum backend flannel_backend(const char *name)
{
	if (!name || text_equal(name, "vxlan"))
		return BACKEND_VXLAN;
	if (text_equal(name, "host-gw"))
		return BACKEND_HOST_GW;
	/* K3s calls it wireguard-native, flannel itself wireguard. */
	if (text_starts(name, "wireguard"))
		return BACKEND_WIREGUARD;
	return BACKEND_OTHER;
}

static const char *backend_name(const struct host *host, const struct node *node)
{
	if (node && node->flannel_backend_type)
		return node->flannel_backend_type;
	if (host->flannel.backend)
		return host->flannel.backend;
	if (find_link(host, "flannel-wg"))
		return "wireguard";
	return host->k3s.flannel_backend;
}

static void name_device(struct pod_network *network)
{
	const char *data = network->node ? network->node->flannel_backend_data : NULL;
	bool only_v6 = network->node && network->node->pod_cidr && !network->has_subnet;
	size_t size = sizeof(network->device_name);

	if (network->backend == BACKEND_WIREGUARD)
		snprintf(network->device_name, size, "flannel-wg%s",
			 only_v6 ? "-v6" : "");
	else if (network->backend == BACKEND_VXLAN)
		snprintf(network->device_name, size, "flannel%s.%u", only_v6 ? "-v6" : "",
			 flannel_vni(data));
}

static struct pod_network look_at(const struct facts *facts, const struct host *host)
{
	struct pod_network network = { .facts = facts, .host = host };

	network.node = find_node(facts, host->node ? host->node : host->name);
	network.name = text_or_empty(network.node ? network.node->name
				     : host->node ? host->node
						  : host->name);
	network.backend = flannel_backend(backend_name(host, network.node));
	if (network.node)
		network.has_subnet = flannel_pod_cidr(network.node, &network.subnet);
	else
		network.has_subnet = cidr_parse(host->flannel.subnet, &network.subnet);
	network.subnet = cidr_network(&network.subnet);
	name_device(&network);
	network.device = find_link(host, network.device_name);
	return network;
}

static bool has_plugin(const struct host *host, const char *type)
{
	for (size_t i = 0; i < host->cni.plugins.count; i++)
		if (text_equal(host->cni.plugins.items[i], type))
			return true;
	return false;
}

/* Another network plugin is configured: flannel hands over to bridge, multus to flannel.
 */
static bool has_other_network(const struct host *host)
{
	return host->cni.config && host->cni.plugins.count > 0 &&
	       !has_plugin(host, "bridge") && !has_plugin(host, "multus");
}

static bool has_flannel_link(const struct host *host)
{
	for (size_t i = 0; i < host->link_count; i++)
		if (text_starts(host->links[i].name, "flannel"))
			return true;
	return false;
}

/*
 * Does flannel connect this node?  Its CNI configuration decides.  Where that names only
 * bridge, or is missing, what flannel leaves behind on the node does; an annotation alone
 * outlives flannel, so it counts only where no CNI configuration was found.
 */
static bool uses_flannel(const struct pod_network *network)
{
	const struct host *host = network->host;

	if (has_plugin(host, "flannel"))
		return true;
	if (has_other_network(host))
		return false;
	if (has_flannel_link(host) || host->flannel.net_conf || host->flannel.subnet_env)
		return true;
	if (host->cni.config)
		return false;
	if (network->node && network->node->flannel_backend_type)
		return true;
	/* A server that runs no agent is no node. */
	return host->k3s.installed && !text_equal(host->k3s.flannel_backend, "none") &&
	       (network->node || network->facts->node_count == 0);
}

static bool is_annotated(const struct facts *facts)
{
	for (size_t i = 0; i < facts->node_count; i++)
		if (facts->nodes[i].flannel_backend_type)
			return true;
	return false;
}

/* Nothing of the host says what network it has: say which fact would. */
static bool is_undecided(const struct host *host, struct report *report)
{
	if (host->cni.config || host->source[HOST_CNI].state == FACT_KNOWN ||
	    host->source[HOST_CNI].state == FACT_ABSENT)
		return false;
	report_knows_host(report, host, HOST_CNI);
	return true;
}

static void judge_flannel(const struct pod_network *network, struct report *report)
{
	flannel_judge_device(network, report);
	flannel_judge_lease(network, report);
	flannel_judge_peers(network, report);
	flannel_judge_overlap(network, report);
	flannel_judge_traffic(network, report);
}

static bool judge_host(const struct facts *facts, const struct host *host,
		       struct report *report)
{
	struct pod_network network = look_at(facts, host);
	bool in_use = uses_flannel(&network);

	if (!in_use && is_undecided(host, report))
		return false;
	flannel_judge_cni(&network, in_use, report);
	flannel_judge_kernel(&network, in_use, report);
	if (in_use)
		judge_flannel(&network, report);
	return in_use;
}

static void run(const struct facts *facts, struct report *report)
{
	bool in_use = false;

	for (size_t i = 0; i < facts->host_count; i++)
		in_use |= judge_host(facts, &facts->hosts[i], report);
	in_use |= facts->host_count == 0 && is_annotated(facts);
	if (in_use || facts->host_count == 0)
		(void)report_knows(report, FACT_NODES);
	flannel_judge_nodes(facts, in_use, report);
	if (in_use)
		flannel_judge_upstream(facts, report);
	else if (facts->host_count == 0)
		report_skip(report, &flannel_not_used);
}

const struct check check_flannel = {
	.words = &words_flannel,
	.needs = NEED(FACT_NODES) | NEED(FACT_PODS) | NEED(FACT_SERVICES),
	.host_needs = NEED(HOST_KERNEL_MODULES) | NEED(HOST_SYSCTLS) | NEED(HOST_LINKS) |
		      NEED(HOST_ROUTES) | NEED(HOST_NEIGHBOURS) | NEED(HOST_FORWARDING) |
		      NEED(HOST_FLANNEL) | NEED(HOST_CNI) | NEED(HOST_FIREWALL) |
		      NEED(HOST_UDP) | NEED(HOST_K3S) | NEED(HOST_UNITS) |
		      NEED(HOST_SYSTEM) | NEED(HOST_CONTAINERD),
	.run = run,
	.reach = REACH_NODE,
};
