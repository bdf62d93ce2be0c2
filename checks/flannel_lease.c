// SPDX-License-Identifier: Apache-2.0
/* What flannel wrote down for the CNI plugin: subnet.env. */
#include "flannel.h"

#include <wasmdiag/text.h>

#include "flannel.words.h"

#define SUBNET_ENV "/run/flannel/subnet.env"

static struct finding *bad_lease(const struct pod_network *network, struct report *report)
{
	struct finding *finding =
		report_finding(report, &WD3403, flannel_subject(network));
	const char *path = network->host->flannel.subnet_env;

	finding_value(finding, "file", "%s", path ? path : SUBNET_ENV);
	flannel_restart(network, finding);
	return finding;
}

/* Two prefixes that should be one; texts that are no prefix are told apart as texts. */
static bool differ(const char *a, const char *b)
{
	struct cidr left, right;

	if (!a || !b)
		return false;
	if (!cidr_parse(a, &left) || !cidr_parse(b, &right))
		return !text_equal(a, b);
	return !cidr_equal(&left, &right);
}

static void judge_subnet(const struct pod_network *network, struct report *report)
{
	const char *subnet = network->host->flannel.subnet;
	char expected[CIDR_TEXT];

	if (!network->node || !network->has_subnet || !subnet ||
	    !differ(subnet, cidr_text(&network->subnet, expected)))
		return;
	finding_saw(bad_lease(network, report), "FLANNEL_SUBNET", subnet, expected,
		    "spec.podCIDR");
}

static void judge_network(const struct pod_network *network, struct report *report)
{
	const struct flannel *flannel = &network->host->flannel;

	if (!differ(flannel->subnet_env_network, flannel->network))
		return;
	finding_saw(bad_lease(network, report), "FLANNEL_NETWORK",
		    flannel->subnet_env_network, flannel->network, flannel->net_conf);
}

static void judge_file(const struct pod_network *network, struct report *report)
{
	const struct flannel *flannel = &network->host->flannel;
	struct finding *finding;

	if (flannel->subnet_env && !flannel->subnet_env_error) {
		judge_subnet(network, report);
		judge_network(network, report);
		return;
	}
	if (flannel->subnet_env_error && !network->host->root) {
		report_unknown(report, &flannel_unreadable, flannel->subnet_env_error);
		return;
	}
	finding = bad_lease(network, report);
	finding_saw(finding, SUBNET_ENV,
		    flannel->subnet_env_error ? flannel->subnet_env_error : "missing",
		    NULL, flannel->subnet_env);
}

/* flannel refuses to start when its network does not hold the node's podCIDR. */
static void judge_range(const struct pod_network *network, struct report *report)
{
	const struct flannel *flannel = &network->host->flannel;
	struct finding *finding;
	char actual[CIDR_TEXT];
	struct cidr range;

	if (!network->node || !network->has_subnet ||
	    !cidr_parse(flannel->network, &range) || range.size != 4 ||
	    cidr_holds(&range, &network->subnet))
		return;
	finding = report_finding(report, &WD3418, flannel_subject(network));
	finding_value(finding, "subnet", "%s", cidr_text(&network->subnet, actual));
	finding_value(finding, "network", "%s", flannel->network);
	finding_saw(finding, "spec.podCIDR", actual, flannel->network, flannel->net_conf);
	flannel_restart(network, finding);
}

/* ---- MTU ---- */

/* What the backend wraps around a packet: outer IPv4, UDP, vxlan, inner Ethernet. */
static int64_t overhead(enum backend backend)
{
	return backend == BACKEND_VXLAN ? 50 : backend == BACKEND_WIREGUARD ? 80 : 0;
}

static bool owns(const struct link *link, const char *address)
{
	struct cidr wanted, cidr;

	if (!cidr_parse(address, &wanted))
		return false;
	for (size_t i = 0; i < link->addresses.count; i++) {
		if (!cidr_parse(link->addresses.items[i], &cidr))
			continue;
		cidr.length = wanted.length;
		if (cidr_equal(&cidr, &wanted))
			return true;
	}
	return false;
}

/* The link that packets leave by. */
static const struct link *external_link(const struct pod_network *network)
{
	const char *address = network->device ? network->device->vxlan_local : NULL;

	if (!address && network->node)
		address = network->node->flannel_public_ip;
	for (size_t i = 0; i < network->host->link_count; i++)
		if (owns(&network->host->links[i], address))
			return &network->host->links[i];
	return NULL;
}

/* The largest packet a pod may send; UNSET when nothing says. */
static int64_t wanted_mtu(const struct pod_network *network)
{
	const struct link *external = external_link(network);
	int64_t leased = network->host->flannel.mtu;
	int64_t most = external && external->mtu > 0
			       ? external->mtu - overhead(network->backend)
			       : INT64_MAX;

	/* A smaller one may be set on purpose. */
	if (leased > 0 && leased < most)
		return leased;
	return most == INT64_MAX ? UNSET : most;
}

static void odd_mtu(const struct pod_network *network, struct report *report,
		    const char *what, int64_t actual)
{
	struct finding *finding;
	int64_t wanted = wanted_mtu(network);

	finding = report_finding(report, &WD3409, flannel_subject(network));
	finding_value(finding, "expected", "%lld", (long long)wanted);
	finding_saw(finding, what, report_text(report, "%lld", (long long)actual),
		    report_text(report, "%lld", (long long)wanted), "ip link");
	if (find_link(network->host, what)) {
		finding_value(finding, "device", "%s", what);
		finding_value(finding, "mtu", "%lld", (long long)wanted);
	}
	flannel_restart(network, finding);
}

static void judge_mtu(const struct pod_network *network, struct report *report)
{
	const struct link *bridge = find_link(network->host, "cni0");
	int64_t wanted = wanted_mtu(network);
	bool delegated = false;

	if (wanted == UNSET)
		return;
	if (network->device && network->device->mtu > 0 && network->device->mtu != wanted)
		odd_mtu(network, report, network->device->name, network->device->mtu);
	if (network->host->flannel.mtu > 0 && network->host->flannel.mtu != wanted)
		odd_mtu(network, report, "FLANNEL_MTU", network->host->flannel.mtu);
	for (size_t i = 0; i < network->host->cni.plugins.count; i++)
		delegated |= text_equal(network->host->cni.plugins.items[i], "flannel");
	if (delegated && bridge && bridge->mtu > wanted)
		odd_mtu(network, report, bridge->name, bridge->mtu);
}

void flannel_judge_lease(const struct pod_network *network, struct report *report)
{
	if (network->backend == BACKEND_OTHER ||
	    !report_knows_host(report, network->host, HOST_FLANNEL))
		return;
	judge_file(network, report);
	judge_range(network, report);
	judge_mtu(network, report);
}
