// SPDX-License-Identifier: Apache-2.0
/* The device that carries pods' packets to other nodes. */
#include "flannel.h"

#include <wasmdiag/text.h>

#include "flannel.words.h"

/* What must be in the kernel for the device to be made. */
static const char *module_of(enum backend backend)
{
	return backend == BACKEND_WIREGUARD ? "wireguard" : "vxlan";
}

static void judge_link(const struct pod_network *network, struct report *report)
{
	const struct link *device = network->device;
	struct finding *finding;

	if (device && device->up)
		return;
	finding = report_finding(report, &WD3401, flannel_subject(network));
	finding_value(finding, "device", "%s", network->device_name);
	finding_value(finding, "module", "%s", module_of(network->backend));
	finding_saw(finding, network->device_name, device ? "down" : "missing", "up",
		    "ip -d link");
	if (device)
		finding_value(finding, "interface", "%s", device->name);
	flannel_restart(network, finding);
}

/* ---- 3404: does the device answer to what the Node promises? ---- */

static struct finding *at_odds(const struct pod_network *network, struct report *report)
{
	struct finding *finding =
		report_finding(report, &WD3404, flannel_subject(network));

	finding_severity(finding, SEVERITY_FAIL);
	finding_value(finding, "device", "%s", network->device_name);
	flannel_restart(network, finding);
	return finding;
}

static void judge_mac(const struct pod_network *network, struct report *report)
{
	char expected[MAC_TEXT];
	struct finding *finding;

	if (!network->node || !network->device->mac ||
	    !flannel_vtep_mac(network->node->flannel_backend_data, expected) ||
	    flannel_same_mac(network->device->mac, expected))
		return;
	finding = at_odds(network, report);
	finding_value(finding, "mac", "%s", expected);
	finding_saw(finding, "VtepMAC", network->device->mac, expected,
		    "flannel.alpha.coreos.com/backend-data");
}

static bool has_address(const struct string_list *addresses, const struct cidr *wanted)
{
	struct cidr cidr;

	for (size_t i = 0; i < addresses->count; i++) {
		if (!cidr_parse(addresses->items[i], &cidr))
			continue;
		cidr.length = cidr.size * 8;
		if (cidr_equal(&cidr, wanted))
			return true;
	}
	return false;
}

static void judge_address(const struct pod_network *network, struct report *report)
{
	const struct string_list *addresses = &network->device->addresses;
	struct cidr wanted = network->subnet;
	struct finding *finding;
	char expected[CIDR_TEXT];

	wanted.length = wanted.size * 8;
	if (!network->has_subnet || !network->device->up ||
	    has_address(addresses, &wanted))
		return;
	finding = at_odds(network, report);
	finding_value(finding, "address", "%s", cidr_text(&wanted, expected));
	finding_saw(finding, "address", addresses->count ? addresses->items[0] : "none",
		    expected, "ip addr");
}

static bool is_external(const struct node *node, const char *address)
{
	for (size_t i = 0; i < node->address_count; i++)
		if (text_equal(node->addresses[i].type, "ExternalIP") &&
		    text_equal(node->addresses[i].address, address))
			return true;
	return false;
}

static const char *internal_address(const struct node *node)
{
	for (size_t i = 0; i < node->address_count; i++)
		if (text_equal(node->addresses[i].type, "InternalIP"))
			return node->addresses[i].address;
	return NULL;
}

static bool is_of_host(const struct host *host, const char *address)
{
	for (size_t i = 0; i < host->addresses.count; i++)
		if (text_equal(host->addresses.items[i], address))
			return true;
	return false;
}

/*
 * The address packets leave from, against the one that peers send to.  A public-ip that
 * is not of this host may be a NAT's (public-ip-overwrite): that is only worth a warning.
 */
static void judge_local(const struct pod_network *network, struct report *report)
{
	const char *local = network->device->vxlan_local;
	const char *public = network->node ? network->node->flannel_public_ip : NULL;
	bool stale = local && network->host->addresses.count > 0 &&
		     !is_of_host(network->host, local);
	struct finding *finding;

	if (!local || !public || (text_equal(local, public) && !stale) ||
	    is_external(network->node, public))
		return;
	finding = at_odds(network, report);
	finding_saw(finding, "vxlan local", local,
		    stale ? internal_address(network->node) : public,
		    stale ? "ip addr" : "flannel.alpha.coreos.com/public-ip");
	if (!stale && !is_of_host(network->host, public))
		finding_severity(finding, SEVERITY_WARN);
}

void flannel_judge_device(const struct pod_network *network, struct report *report)
{
	if (!network->device_name[0] ||
	    !report_knows_host(report, network->host, HOST_LINKS))
		return;
	judge_link(network, report);
	if (!network->device || network->backend != BACKEND_VXLAN)
		return;
	judge_local(network, report);
	judge_mac(network, report);
	judge_address(network, report);
}

/* ---- what is lost on the way ---- */

static bool has_peers(const struct facts *facts)
{
	size_t count = 0;

	for (size_t i = 0; i < facts->node_count; i++)
		count += facts->nodes[i].flannel_backend_type != NULL;
	return count != 1 || !knows_all_nodes(facts);
}

/* The tool that owns the rule has its own way to open a port. */
static void name_tool(const struct firewall *firewall, struct finding *finding)
{
	if (text_has(firewall->rule, "ufw"))
		finding_value(finding, "program", "ufw");
	else if (text_has(firewall->rule, "firewalld"))
		finding_value(finding, "service", "firewalld");
	else if (text_equal(firewall->tool, "nft"))
		finding_value(finding, "resource", "ruleset");
	else
		finding_value(finding, "command", "iptables");
}

static void judge_port(const struct pod_network *network, struct report *report)
{
	const struct firewall *firewall = &network->host->firewall;
	int64_t port = network->device ? network->device->vxlan_port : UNSET;
	struct finding *finding;

	if (!report_knows_host(report, network->host, HOST_FIREWALL) ||
	    firewall->udp_8472_open != ANSWER_NO || (port != UNSET && port != 8472))
		return;
	finding = report_finding(report, &WD3411, flannel_subject(network));
	finding_value(finding, "port", "8472");
	finding_value(finding, "rules", "%s", firewall->rule ? firewall->rule : "DROP");
	name_tool(firewall, finding);
	finding_saw(finding, "udp dport 8472", firewall->rule ? firewall->rule : "DROP",
		    "accept", firewall->tool);
	if (!has_peers(network->facts))
		finding_severity(finding, SEVERITY_INFO);
}

/* One in a thousand, and enough of them to be no accident. */
static bool is_many(const struct udp_counters *udp)
{
	return udp->checksum_errors >= 20 && udp->datagrams >= 0 &&
	       udp->checksum_errors > udp->datagrams / 1000;
}

static void judge_checksums(const struct pod_network *network, struct report *report)
{
	const struct udp_counters *udp = &network->host->udp;
	bool rising = udp->checksum_errors_before >= 0 &&
		      udp->checksum_errors > udp->checksum_errors_before;
	struct finding *finding;

	if (!report_knows_host(report, network->host, HOST_UDP) ||
	    !(rising || is_many(udp)))
		return;
	finding = report_finding(report, &WD3412, flannel_subject(network));
	finding_value(finding, "device", "%s", network->device_name);
	finding_value(finding, "count", "%lld", (long long)udp->checksum_errors);
	finding_saw(finding, "Udp InCsumErrors",
		    report_text(report, "%lld", (long long)udp->checksum_errors), NULL,
		    "/proc/net/snmp");
	if (rising)
		finding_saw(finding, "Udp InCsumErrors",
			    report_text(report, "+%lld",
					(long long)(udp->checksum_errors -
						    udp->checksum_errors_before)),
			    "+0", "/proc/net/snmp");
	if (udp->datagrams >= 0)
		finding_saw(finding, "Udp InDatagrams",
			    report_text(report, "%lld", (long long)udp->datagrams), NULL,
			    "/proc/net/snmp");
}

void flannel_judge_traffic(const struct pod_network *network, struct report *report)
{
	if (network->backend != BACKEND_VXLAN)
		return;
	judge_port(network, report);
	judge_checksums(network, report);
}
