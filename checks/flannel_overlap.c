// SPDX-License-Identifier: Apache-2.0
/* Are the addresses of pods and services also somebody else's? */
#include "flannel.h"

#include <wasmdiag/text.h>

#include "flannel.words.h"

/* K3s's service network unless told otherwise. */
#define K3S_SERVICES "10.43.0.0/16"

/* Devices whose routes the pod network itself makes. */
static bool is_own_device(const char *device)
{
	static const char *const prefixes[] = { "flannel", "cni", "veth", "lo", "kube-" };

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (text_starts(device, prefixes[i]))
			return true;
	return false;
}

/* A route to the pods of one node: host-gw, DirectRouting, or a bridge by another name.
 */
static bool leads_to_node(const struct pod_network *network, const struct route *route,
			  const struct cidr *cidr)
{
	const struct facts *facts = network->facts;
	struct cidr subnet;

	for (size_t i = 0; i < facts->node_count; i++)
		if (flannel_pod_cidr(&facts->nodes[i], &subnet) &&
		    cidr_equal(&subnet, cidr))
			return true;
	/* Not knowing the nodes, take what looks like one at its word. */
	return !knows_all_nodes(facts) && network->has_subnet && route->gateway &&
	       cidr->length == network->subnet.length;
}

static bool overlaps(const struct cidr *a, const struct cidr *b)
{
	return cidr_holds(a, b) || cidr_holds(b, a);
}

static void judge_range(const struct pod_network *network, const char *range,
			struct report *report)
{
	const struct host *host = network->host;
	struct cidr wanted, cidr;

	if (!cidr_parse(range, &wanted) || wanted.length == 0)
		return;
	for (size_t i = 0; i < host->route_count; i++) {
		const struct route *route = &host->routes[i];
		struct finding *finding;

		if (!cidr_parse(route->destination, &cidr) || cidr.length == 0 ||
		    !overlaps(&wanted, &cidr) || is_own_device(route->device) ||
		    leads_to_node(network, route, &cidr))
			continue;
		finding = report_finding(report, &WD3414, flannel_subject(network));
		finding_value(finding, "subnet", "%s", route->destination);
		finding_value(finding, "network", "%s", range);
		finding_value(finding, "device", "%s", text_or_empty(route->device));
		finding_saw(
			finding, report_text(report, "route %s", route->destination),
			report_text(report, "%s%sdev %s", route->gateway ? "via " : "",
				    route->gateway
					    ? report_text(report, "%s ", route->gateway)
					    : "",
				    text_or_empty(route->device)),
			report_text(report, "outside %s", range), "ip route");
	}
}

/* A service of the cluster has an address there, so that is its service network. */
static bool is_service_network(const struct facts *facts, const char *range)
{
	struct cidr wanted, cidr;

	if (!cidr_parse(range, &wanted))
		return false;
	for (size_t i = 0; i < facts->service_count; i++)
		if (cidr_parse(facts->services[i].cluster_ip, &cidr) &&
		    cidr_holds(&wanted, &cidr))
			return true;
	return false;
}

void flannel_judge_overlap(const struct pod_network *network, struct report *report)
{
	if (network->backend == BACKEND_OTHER ||
	    !report_knows_host(report, network->host, HOST_ROUTES))
		return;
	judge_range(network, network->host->flannel.network, report);
	if (network->host->k3s.installed &&
	    is_service_network(network->facts, K3S_SERVICES))
		judge_range(network, K3S_SERVICES, report);
}
