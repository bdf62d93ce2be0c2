// SPDX-License-Identifier: Apache-2.0
/*
 * What the kernel says of links, addresses, routes and neighbours (rtnetlink(7)).
 *
 * Reading and understanding are apart: netlink_dump() receives, and netlink_run() hands
 * each message, received or recorded, to one of the netlink_add_*() functions.  Those
 * check every length and never fail: a message that makes no sense is left out.
 */
#pragma once

#include <libmnl/libmnl.h>

#include "collect/host.h"
#include "error.h"

#define NETLINK_MAX_ENTRIES 20000 /* of each kind that are kept */

/* What the messages fill. */
struct netlink_table {
	struct arena *arena;
	struct host *host;
	bool full; /* there were more than NETLINK_MAX_ENTRIES */
};

/*
 * Hand the messages of one datagram to add: MNL_CB_OK, MNL_CB_STOP at the end of a dump,
 * MNL_CB_ERROR with errno.  mnl_cb_run() does it for one of them at a time: of several,
 * a length of 2^32 - 1 would keep it busy for ever.  bytes is aligned for an nlmsghdr.
 */
int netlink_run(const void *bytes, size_t size, mnl_cb_t add, struct netlink_table *table)
	__attribute__((nonnull));

/* mnl_cb_t; data is a struct netlink_table. */
int netlink_add_link(const struct nlmsghdr *message, void *data);
/* After the links were sorted: the addresses go to them. */
int netlink_add_address(const struct nlmsghdr *message, void *data);
/* Unicast routes of the main table; a multipath route gives one for each next hop. */
int netlink_add_route(const struct nlmsghdr *message, void *data);
/* Neighbours with a MAC that matter: of vxlan, flannel and bridge devices, and default
 * gateways. */
int netlink_add_neighbour(const struct nlmsghdr *message, void *data);
/* Entries of vxlan devices that name a destination (AF_BRIDGE). */
int netlink_add_forwarding(const struct nlmsghdr *message, void *data);

/* By index: what netlink_link_name() searches. */
void netlink_sort_links(struct host *host) __attribute__((nonnull));

/* The link of that index; NULL when there is none. */
struct link *netlink_link(const struct host *host, int64_t index)
	__attribute__((nonnull));

/*
 * Ask for a dump: type is RTM_GETLINK and so on, family an address family.  A dump that
 * changed under way is asked for again, three times in all; reset is then called.
 */
struct netlink_request {
	uint16_t type;
	uint8_t family;
	size_t header; /* bytes of the header that belongs to type */
	mnl_cb_t add;
	void (*reset)(struct host *host);
};

bool netlink_dump(const struct netlink_request *request, struct netlink_table *table,
		  struct error *error) __attribute__((nonnull(1, 2)));
