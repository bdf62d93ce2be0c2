// SPDX-License-Identifier: Apache-2.0
/*
 * The pod network of one node, as the parts of the flannel check see it.  What flannel
 * lays out is known in full from the Node objects (facts C3, flannel's pkg/backend):
 *
 *   vxlan      flannel.VNI with <subnet .0>/32 and the annotated MAC; per peer a route
 *              podCIDR via <its .0>, a neighbour <its .0> -> its MAC, an fdb entry
 *              its MAC -> its public-ip
 *   host-gw    per peer a route podCIDR via its public-ip
 *   wireguard  flannel-wg, and a route to the whole pod network
 */
#pragma once

#include <wasmdiag/check.h>
#include <wasmdiag/host.h>
#include <wasmdiag/report.h>

#include "cidr.h"

enum backend {
	BACKEND_VXLAN, /* also when nothing says: flannel's and K3s's default */
	BACKEND_HOST_GW,
	BACKEND_WIREGUARD,
	BACKEND_OTHER, /* tailscale, ipsec, udp, ...: nothing is expected of these */
};

/* "18446744073709551615", an address, a MAC: what fits on the stack. */
#define MAC_TEXT  18
#define NAME_TEXT 32

struct pod_network {
	const struct facts *facts;
	const struct host *host;
	const struct node *node; /* the Node this host is; NULL: not known */
	const char *name; /* of that node, else of the host */
	enum backend backend;
	char device_name[NAME_TEXT]; /* flannel.1; "" when the backend has none */
	const struct link *device; /* NULL: missing, or the backend has none */
	bool has_subnet;
	struct cidr subnet; /* IPv4: the Node's podCIDR, else that of subnet.env */
};

/* flannel.c: what the other parts share. */
struct subject flannel_subject(const struct pod_network *network)
	__attribute__((nonnull));
/* The IPv4 podCIDR of a node; false when it has none. */
bool flannel_pod_cidr(const struct node *node, struct cidr *ret_cidr)
	__attribute__((nonnull));
/* What restarts flannel there: gives {unit} on K3s, {namespace} and {resource} where
 * flannel runs as a DaemonSet. */
void flannel_restart(const struct pod_network *network, struct finding *finding)
	__attribute__((nonnull));
/* "k3s" or "k3s-agent" or as its unit is named; NULL: no K3s there. */
const char *flannel_k3s_unit(const struct host *host) __attribute__((nonnull));
enum backend flannel_backend(const char *name);

/* flannel_annotation.c: backend-data is JSON, such as {"VNI":1,"VtepMAC":"aa:..."}. */

/* The VtepMAC, in lower case; false when there is none or it is no MAC. */
bool flannel_vtep_mac(const char *data, char mac[static MAC_TEXT]);
/* The VNI; 1, which both K3s and flannel choose, when it does not say. */
unsigned flannel_vni(const char *data);
/* Two MACs, in any case; false when either is NULL. */
bool flannel_same_mac(const char *a, const char *b);

/* flannel_device.c: 3401, 3404, 3409, 3411, 3412 */
void flannel_judge_device(const struct pod_network *network, struct report *report)
	__attribute__((nonnull));
void flannel_judge_traffic(const struct pod_network *network, struct report *report)
	__attribute__((nonnull));

/* flannel_lease.c: 3403, 3409, 3418 */
void flannel_judge_lease(const struct pod_network *network, struct report *report)
	__attribute__((nonnull));

/* flannel_peers.c: 3405, 3406 */
void flannel_judge_peers(const struct pod_network *network, struct report *report)
	__attribute__((nonnull));

/* flannel_overlap.c: 3414 */
void flannel_judge_overlap(const struct pod_network *network, struct report *report)
	__attribute__((nonnull));

/* flannel_cluster.c, which wants no host: 3402, 3413, 3415, 3416, 3417 */
void flannel_judge_nodes(const struct facts *facts, bool in_use, struct report *report)
	__attribute__((nonnull));
void flannel_judge_upstream(const struct facts *facts, struct report *report)
	__attribute__((nonnull));

/* flannel_kernel.c, with any CNI: 3407, 3408, 3410 */
void flannel_judge_kernel(const struct pod_network *network, bool in_use,
			  struct report *report) __attribute__((nonnull));
void flannel_judge_cni(const struct pod_network *network, bool in_use,
		       struct report *report) __attribute__((nonnull));
