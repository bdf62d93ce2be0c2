// SPDX-License-Identifier: Apache-2.0
/* Does this node know the way to every other? */
#include "flannel.h"

#include <wasmdiag/text.h>

#include "flannel.words.h"

/* Evidence past this many peers says nothing new; the others are witnesses. */
#define SHOWN_PEERS 5

/* One host's look at its peers. */
struct survey {
	const struct pod_network *network;
	struct report *report;
	size_t bad_routes, bad_entries; /* pieces of evidence given */
};

/* One other node, and how its pods are to be reached. */
struct peer {
	const struct node *node;
	char subnet[CIDR_TEXT]; /* 10.42.1.0/24 */
	char address[CIDR_TEXT]; /* 10.42.1.0, its end of the tunnel */
	struct cidr cidr;
};

static bool is_peer(const struct pod_network *network, const struct node *node)
{
	return node != network->node && node->flannel_backend_type &&
	       !text_equal(node->flannel_subnet_manager, "false") &&
	       flannel_backend(node->flannel_backend_type) == network->backend;
}

static bool describe(const struct node *node, struct peer *peer)
{
	peer->node = node;
	if (!flannel_pod_cidr(node, &peer->cidr))
		return false;
	peer->cidr = cidr_network(&peer->cidr);
	cidr_text(&peer->cidr, peer->subnet);
	cidr_address(&peer->cidr, peer->address);
	return true;
}

static struct finding *peer_finding(const struct survey *survey,
				    const struct guide *guide, const struct peer *peer)
{
	struct finding *finding =
		report_finding(survey->report, guide, flannel_subject(survey->network));

	finding_value(finding, "peer", "%s", text_or_empty(peer->node->name));
	finding_value(finding, "subnet", "%s", peer->subnet);
	finding_witness(finding, (struct subject){ "Node", NULL,
						   text_or_empty(peer->node->name) });
	flannel_restart(survey->network, finding);
	return finding;
}

/* ---- routes ---- */

static const struct route *find_route(const struct host *host, const char *destination)
{
	for (size_t i = 0; i < host->route_count; i++)
		if (text_equal(host->routes[i].destination, destination))
			return &host->routes[i];
	return NULL;
}

/* A route into the tunnel that covers the peer. */
static bool is_covered(const struct pod_network *network, const struct peer *peer)
{
	const struct host *host = network->host;
	struct cidr cidr;

	for (size_t i = 0; i < host->route_count; i++)
		if (text_equal(host->routes[i].device, network->device_name) &&
		    cidr_parse(host->routes[i].destination, &cidr) &&
		    cidr_holds(&cidr, &peer->cidr))
			return true;
	return false;
}

/* Straight to the peer: host-gw, or vxlan with DirectRouting. */
static bool is_direct(const struct route *route, const struct peer *peer)
{
	return route && peer->node->flannel_public_ip &&
	       text_equal(route->gateway, peer->node->flannel_public_ip);
}

static bool is_right(const struct pod_network *network, const struct route *route,
		     const struct peer *peer)
{
	switch (network->backend) {
	case BACKEND_WIREGUARD:
		return is_covered(network, peer);
	case BACKEND_HOST_GW:
		return is_direct(route, peer);
	default:
		return is_direct(route, peer) ||
		       (route && text_equal(route->gateway, peer->address) &&
			text_equal(route->device, network->device_name));
	}
}

static const char *route_text(struct report *report, const char *gateway,
			      const char *device)
{
	return report_text(report, "%s%s%s%s%s", gateway ? "via " : "",
			   text_or_empty(gateway), gateway && device ? " " : "",
			   device ? "dev " : "", text_or_empty(device));
}

/* Gives the values that the right `ip route replace` of this backend names. */
static const char *right_route(const struct survey *survey, const struct peer *peer,
			       struct finding *finding)
{
	const struct pod_network *network = survey->network;
	const char *public = peer->node->flannel_public_ip;

	if (network->backend == BACKEND_HOST_GW) {
		if (public)
			finding_value(finding, "host", "%s", public);
		return route_text(survey->report, text_or_empty(public), NULL);
	}
	if (network->backend == BACKEND_WIREGUARD) {
		finding_value(finding, "interface", "%s", network->device_name);
		return route_text(survey->report, NULL, network->device_name);
	}
	finding_value(finding, "address", "%s", peer->address);
	finding_value(finding, "device", "%s", network->device_name);
	return route_text(survey->report, peer->address, network->device_name);
}

static void judge_route(struct survey *survey, const struct peer *peer)
{
	const struct route *route = find_route(survey->network->host, peer->subnet);
	struct finding *finding;
	const char *expected;

	if (is_right(survey->network, route, peer))
		return;
	finding = peer_finding(survey, &WD3405, peer);
	expected = right_route(survey, peer, finding);
	if (survey->bad_routes++ >= SHOWN_PEERS)
		return;
	finding_saw(finding, report_text(survey->report, "route %s", peer->subnet),
		    route ? route_text(survey->report, route->gateway, route->device)
			  : "missing",
		    expected, "ip route");
}

/* ---- neighbours and the forwarding database ---- */

/* What the kernel has for the peer's end of the tunnel; NULL when nothing. */
static const char *neighbour_mac(const struct pod_network *network,
				 const struct peer *peer)
{
	const struct host *host = network->host;

	for (size_t i = 0; i < host->neighbour_count; i++)
		if (text_equal(host->neighbours[i].address, peer->address) &&
		    text_equal(host->neighbours[i].device, network->device_name))
			return host->neighbours[i].mac;
	return NULL;
}

/* Where packets for that MAC are sent: the right place if it is among them. */
static const char *destination_of(const struct pod_network *network, const char *mac,
				  const char *wanted)
{
	const struct host *host = network->host;
	const char *found = NULL;

	for (size_t i = 0; i < host->forwarding_count; i++) {
		if (!flannel_same_mac(host->forwarding[i].mac, mac) ||
		    !text_equal(host->forwarding[i].device, network->device_name))
			continue;
		found = host->forwarding[i].destination;
		if (text_equal(found, wanted))
			return found;
	}
	return found;
}

static void bad_entry(struct survey *survey, const struct peer *peer, const char *mac,
		      const char *what, const char *actual)
{
	struct finding *finding = peer_finding(survey, &WD3406, peer);
	const char *public = text_or_empty(peer->node->flannel_public_ip);
	bool fdb = text_equal(what, "fdb");

	finding_value(finding, "device", "%s", survey->network->device_name);
	finding_value(finding, "address", "%s", peer->address);
	finding_value(finding, "mac", "%s", mac);
	finding_value(finding, "host", "%s", public);
	if (survey->bad_entries++ >= SHOWN_PEERS)
		return;
	finding_saw(finding,
		    report_text(survey->report, "%s %s", what, fdb ? mac : peer->address),
		    actual ? actual : "missing", fdb ? public : mac,
		    fdb ? "bridge fdb" : "ip neigh");
}

static void judge_neighbour(struct survey *survey, const struct peer *peer,
			    const char *mac)
{
	const char *actual = neighbour_mac(survey->network, peer);

	if (!flannel_same_mac(actual, mac))
		bad_entry(survey, peer, mac, "neighbour", actual);
}

static void judge_forwarding(struct survey *survey, const struct peer *peer,
			     const char *mac)
{
	const char *public = peer->node->flannel_public_ip;
	const char *actual = destination_of(survey->network, mac, public);

	if (public && !text_equal(actual, public))
		bad_entry(survey, peer, mac, "fdb", actual);
}

static void judge_tunnel(struct survey *survey, const struct peer *peer)
{
	const struct host *host = survey->network->host;
	char mac[MAC_TEXT];

	/* DirectRouting: nothing of it goes through the tunnel. */
	if (is_direct(find_route(host, peer->subnet), peer))
		return;
	if (!flannel_vtep_mac(peer->node->flannel_backend_data, mac)) {
		report_unknown(survey->report, &flannel_bad_annotation, peer->node->name);
		return;
	}
	if (report_knows_host(survey->report, host, HOST_NEIGHBOURS))
		judge_neighbour(survey, peer, mac);
	if (report_knows_host(survey->report, host, HOST_FORWARDING))
		judge_forwarding(survey, peer, mac);
}

static void judge_peer(struct survey *survey, const struct node *node)
{
	struct peer peer;

	if (!describe(node, &peer)) {
		if (node->pod_cidr)
			report_unknown(survey->report, &flannel_only_v6, node->name);
		return;
	}
	if (report_knows_host(survey->report, survey->network->host, HOST_ROUTES))
		judge_route(survey, &peer);
	if (survey->network->backend == BACKEND_VXLAN)
		judge_tunnel(survey, &peer);
}

void flannel_judge_peers(const struct pod_network *network, struct report *report)
{
	const struct facts *facts = network->facts;
	struct survey survey = { .network = network, .report = report };

	if (network->backend == BACKEND_OTHER)
		return;
	if (!network->node && facts->node_count > 0) {
		report_unknown(report, &flannel_no_node, network->name);
		return;
	}
	for (size_t i = 0; i < facts->node_count; i++)
		if (is_peer(network, &facts->nodes[i]))
			judge_peer(&survey, &facts->nodes[i]);
}
