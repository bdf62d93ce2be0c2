// SPDX-License-Identifier: Apache-2.0
#include "collect/netlink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <wasmdiag/text.h>

#define MAX_ATTRIBUTE 31 /* the highest type we look at is below it */
#define MAX_HOPS      64

struct attributes {
	const struct nlattr *of[MAX_ATTRIBUTE + 1];
};

int netlink_run(const void *bytes, size_t size, mnl_cb_t add, struct netlink_table *table)
{
	const char *at = bytes;
	int state = MNL_CB_OK;
	size_t length;

	while (state == MNL_CB_OK && size >= sizeof(struct nlmsghdr)) {
		length = ((const struct nlmsghdr *)(const void *)at)->nlmsg_len;
		if (length < sizeof(struct nlmsghdr) || length > size) {
			errno = EBADMSG;
			return MNL_CB_ERROR;
		}
		state = mnl_cb_run(at, length, 0, 0, add, table);
		length = (length + 3) & ~(size_t)3;
		length = length < size ? length : size;
		at += length;
		size -= length;
	}
	return state;
}

static int keep_attribute(const struct nlattr *attribute, void *data)
{
	struct attributes *attributes = data;
	uint16_t type = mnl_attr_get_type(attribute);

	if (type <= MAX_ATTRIBUTE)
		attributes->of[type] = attribute;
	return MNL_CB_OK;
}

/*
 * The attributes behind a message's header of size bytes; false when there is not even
 * the header.  The kernel pads every attribute, and libmnl relies on that: a length that
 * is no multiple of four could let it read past the end.
 */
static bool message_attributes(const struct nlmsghdr *message, size_t header,
			       struct attributes *ret)
{
	if (message->nlmsg_len % MNL_ALIGNTO ||
	    mnl_nlmsg_get_payload_len(message) < header)
		return false;
	*ret = (struct attributes){ 0 };
	mnl_attr_parse(message, (unsigned int)header, keep_attribute, ret);
	return true;
}

static struct attributes nested_attributes(const struct nlattr *outer)
{
	struct attributes attributes = { 0 };

	if (outer && outer->nla_len % MNL_ALIGNTO == 0)
		mnl_attr_parse_nested(outer, keep_attribute, &attributes);
	return attributes;
}

static const char *attribute_text(struct arena *arena, const struct nlattr *attribute)
{
	if (!attribute || mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) < 0)
		return NULL;
	return arena_string(arena, mnl_attr_get_str(attribute));
}

static int64_t attribute_u32(const struct nlattr *attribute)
{
	if (!attribute || mnl_attr_validate(attribute, MNL_TYPE_U32) < 0)
		return UNSET;
	return mnl_attr_get_u32(attribute);
}

/* An IPv4 or IPv6 address: which, its length tells. */
static const char *attribute_address(struct arena *arena, const struct nlattr *attribute)
{
	char text[INET6_ADDRSTRLEN];
	uint16_t length = attribute ? mnl_attr_get_payload_len(attribute) : 0;

	if (length != 4 && length != 16)
		return NULL;
	if (!inet_ntop(length == 4 ? AF_INET : AF_INET6, mnl_attr_get_payload(attribute),
		       text, sizeof(text)))
		return NULL;
	return arena_string(arena, text);
}

static const char *attribute_mac(struct arena *arena, const struct nlattr *attribute)
{
	const unsigned char *byte = attribute ? mnl_attr_get_payload(attribute) : NULL;

	if (!byte || mnl_attr_get_payload_len(attribute) != 6)
		return NULL;
	return arena_format(arena, "%02x:%02x:%02x:%02x:%02x:%02x", byte[0], byte[1],
			    byte[2], byte[3], byte[4], byte[5]);
}

/* Room for one more, or NULL when there are too many already. */
static void *add_entry(struct netlink_table *table, void *array, size_t *count,
		       size_t size)
{
	if (*count >= NETLINK_MAX_ENTRIES) {
		table->full = true;
		return NULL;
	}
	return arena_grow(table->arena, array, (*count)++, size);
}

static void set_link_kind(struct arena *arena, struct link *link,
			  const struct nlattr *link_info)
{
	struct attributes info = nested_attributes(link_info);
	struct attributes data = { 0 };
	const struct nlattr *port, *local;

	link->kind = attribute_text(arena, info.of[IFLA_INFO_KIND]);
	if (!text_equal(link->kind, "vxlan"))
		return;
	data = nested_attributes(info.of[IFLA_INFO_DATA]);
	port = data.of[IFLA_VXLAN_PORT];
	local = data.of[IFLA_VXLAN_LOCAL] ? data.of[IFLA_VXLAN_LOCAL]
					  : data.of[IFLA_VXLAN_LOCAL6];
	link->vxlan_id = attribute_u32(data.of[IFLA_VXLAN_ID]);
	link->vxlan_local = attribute_address(arena, local);
	if (port && mnl_attr_validate(port, MNL_TYPE_U16) >= 0)
		link->vxlan_port = ntohs(mnl_attr_get_u16(port));
}

int netlink_add_link(const struct nlmsghdr *message, void *data)
{
	struct netlink_table *table = data;
	const struct ifinfomsg *header = mnl_nlmsg_get_payload(message);
	struct attributes attributes;
	struct link *links;
	struct link *link;

	if (message->nlmsg_type != RTM_NEWLINK ||
	    !message_attributes(message, sizeof(*header), &attributes) ||
	    !attributes.of[IFLA_IFNAME])
		return MNL_CB_OK;
	links = add_entry(table, table->host->links, &table->host->link_count,
			  sizeof(*links));
	if (!links)
		return MNL_CB_OK;
	table->host->links = links;
	link = &links[table->host->link_count - 1];
	*link = (struct link){ .index = header->ifi_index,
			       .up = header->ifi_flags & IFF_UP,
			       .mtu = attribute_u32(attributes.of[IFLA_MTU]),
			       .vxlan_id = UNSET,
			       .vxlan_port = UNSET };
	link->name =
		text_or_empty(attribute_text(table->arena, attributes.of[IFLA_IFNAME]));
	link->mac = attribute_mac(table->arena, attributes.of[IFLA_ADDRESS]);
	set_link_kind(table->arena, link, attributes.of[IFLA_LINKINFO]);
	return MNL_CB_OK;
}

static int compare_links(const void *a, const void *b)
{
	const struct link *left = a, *right = b;

	return (left->index > right->index) - (left->index < right->index);
}

void netlink_sort_links(struct host *host)
{
	if (host->link_count)
		qsort(host->links, host->link_count, sizeof(*host->links), compare_links);
}

struct link *netlink_link(const struct host *host, int64_t index)
{
	struct link key = { .index = index };

	if (!host->link_count)
		return NULL;
	return bsearch(&key, host->links, host->link_count, sizeof(key), compare_links);
}

int netlink_add_address(const struct nlmsghdr *message, void *data)
{
	struct netlink_table *table = data;
	const struct ifaddrmsg *header = mnl_nlmsg_get_payload(message);
	struct attributes attributes;
	struct string_list *list;
	const char *address;
	struct link *link;

	if (message->nlmsg_type != RTM_NEWADDR ||
	    !message_attributes(message, sizeof(*header), &attributes))
		return MNL_CB_OK;
	/* of a point-to-point link, IFA_ADDRESS is the other end */
	address = attribute_address(table->arena, attributes.of[IFA_LOCAL]);
	if (!address)
		address = attribute_address(table->arena, attributes.of[IFA_ADDRESS]);
	link = netlink_link(table->host, header->ifa_index);
	if (!address || !link)
		return MNL_CB_OK;
	list = &link->addresses;
	if (list->count >= NETLINK_MAX_ENTRIES) {
		table->full = true;
		return MNL_CB_OK;
	}
	list->items =
		arena_grow(table->arena, list->items, list->count, sizeof(*list->items));
	list->items[list->count++] =
		arena_format(table->arena, "%s/%u", address, header->ifa_prefixlen);
	return MNL_CB_OK;
}

static void add_route(struct netlink_table *table, const char *destination,
		      const char *gateway, int64_t index)
{
	struct host *host = table->host;
	const struct link *link = netlink_link(host, index);
	struct route *routes =
		add_entry(table, host->routes, &host->route_count, sizeof(*routes));

	if (!routes)
		return;
	host->routes = routes;
	routes[host->route_count - 1] =
		(struct route){ .destination = destination,
				.gateway = gateway,
				.device = link ? link->name : NULL };
}

/* RTA_GATEWAY, or RTA_VIA: the address of another family, after its two-byte family. */
static const char *hop_gateway(struct arena *arena, const struct attributes *attributes)
{
	const struct nlattr *via = attributes->of[RTA_VIA];
	char text[INET6_ADDRSTRLEN];
	const uint8_t *bytes;

	if (attributes->of[RTA_GATEWAY])
		return attribute_address(arena, attributes->of[RTA_GATEWAY]);
	if (!via || mnl_attr_get_payload_len(via) != 2 + 16)
		return NULL;
	bytes = mnl_attr_get_payload(via);
	inet_ntop(AF_INET6, bytes + 2, text, sizeof(text));
	return arena_string(arena, text);
}

static void add_hops(struct netlink_table *table, const char *destination,
		     const struct nlattr *multipath)
{
	const char *at = mnl_attr_get_payload(multipath);
	size_t left = mnl_attr_get_payload_len(multipath);
	size_t length;

	for (int i = 0; i < MAX_HOPS && left >= sizeof(struct rtnexthop); i++) {
		const struct rtnexthop *hop = (const void *)at;
		struct attributes attributes = { 0 };

		length = hop->rtnh_len;
		if (length < sizeof(*hop) || length % MNL_ALIGNTO || length > left)
			return;
		mnl_attr_parse_payload(hop + 1, length - sizeof(*hop), keep_attribute,
				       &attributes);
		add_route(table, destination, hop_gateway(table->arena, &attributes),
			  hop->rtnh_ifindex);
		at += length;
		left -= length;
	}
}

/* Every IPv6 link has fe80::/64, and ff00::/8: nothing can be learnt from those. */
static bool is_noise(const struct rtmsg *header, const char *destination)
{
	return header->rtm_family == AF_INET6 &&
	       (text_starts(destination, "fe80:") || text_starts(destination, "ff00:"));
}

int netlink_add_route(const struct nlmsghdr *message, void *data)
{
	struct netlink_table *table = data;
	const struct rtmsg *header = mnl_nlmsg_get_payload(message);
	struct attributes attributes;
	const char *destination;
	int64_t id;

	if (message->nlmsg_type != RTM_NEWROUTE ||
	    !message_attributes(message, sizeof(*header), &attributes) ||
	    header->rtm_type != RTN_UNICAST || header->rtm_flags & RTM_F_CLONED ||
	    (header->rtm_family != AF_INET && header->rtm_family != AF_INET6))
		return MNL_CB_OK;
	id = attribute_u32(attributes.of[RTA_TABLE]);
	if ((id == UNSET ? header->rtm_table : id) != RT_TABLE_MAIN)
		return MNL_CB_OK;
	destination = attribute_address(table->arena, attributes.of[RTA_DST]);
	if (is_noise(header, destination))
		return MNL_CB_OK;
	if (!destination)
		destination = header->rtm_family == AF_INET ? "0.0.0.0" : "::";
	destination =
		arena_format(table->arena, "%s/%u", destination, header->rtm_dst_len);
	if (attributes.of[RTA_MULTIPATH])
		add_hops(table, destination, attributes.of[RTA_MULTIPATH]);
	else
		add_route(table, destination, hop_gateway(table->arena, &attributes),
			  attribute_u32(attributes.of[RTA_OIF]));
	return MNL_CB_OK;
}

static bool is_default_gateway(const struct host *host, const char *address)
{
	for (size_t i = 0; i < host->route_count; i++)
		if (text_ends(host->routes[i].destination, "/0") &&
		    text_equal(host->routes[i].gateway, address))
			return true;
	return false;
}

static bool is_overlay(const struct link *link)
{
	return text_equal(link->kind, "vxlan") || text_equal(link->kind, "bridge") ||
	       text_starts(link->name, "flannel");
}

int netlink_add_neighbour(const struct nlmsghdr *message, void *data)
{
	struct netlink_table *table = data;
	const struct ndmsg *header = mnl_nlmsg_get_payload(message);
	struct host *host = table->host;
	struct neighbour entry = { 0 };
	struct attributes attributes;
	struct neighbour *neighbours;
	const struct link *link;

	if (message->nlmsg_type != RTM_NEWNEIGH ||
	    !message_attributes(message, sizeof(*header), &attributes))
		return MNL_CB_OK;
	link = netlink_link(host, header->ndm_ifindex);
	entry.address = attribute_address(table->arena, attributes.of[NDA_DST]);
	entry.mac = attribute_mac(table->arena, attributes.of[NDA_LLADDR]);
	if (!link || !entry.address || !entry.mac || header->ndm_state & NUD_NOARP ||
	    (!is_overlay(link) && !is_default_gateway(host, entry.address)))
		return MNL_CB_OK;
	entry.device = link->name;
	entry.permanent = header->ndm_state & NUD_PERMANENT;
	neighbours = add_entry(table, host->neighbours, &host->neighbour_count,
			       sizeof(*neighbours));
	if (!neighbours)
		return MNL_CB_OK;
	host->neighbours = neighbours;
	neighbours[host->neighbour_count - 1] = entry;
	return MNL_CB_OK;
}

int netlink_add_forwarding(const struct nlmsghdr *message, void *data)
{
	struct netlink_table *table = data;
	const struct ndmsg *header = mnl_nlmsg_get_payload(message);
	struct host *host = table->host;
	struct forwarding entry = { 0 };
	struct attributes attributes;
	struct forwarding *forwarding;
	const struct link *link;

	if (message->nlmsg_type != RTM_NEWNEIGH ||
	    !message_attributes(message, sizeof(*header), &attributes) ||
	    header->ndm_family != AF_BRIDGE)
		return MNL_CB_OK;
	link = netlink_link(host, header->ndm_ifindex);
	entry.destination = attribute_address(table->arena, attributes.of[NDA_DST]);
	entry.mac = attribute_mac(table->arena, attributes.of[NDA_LLADDR]);
	if (!link || !text_equal(link->kind, "vxlan") || !entry.destination || !entry.mac)
		return MNL_CB_OK;
	entry.device = link->name;
	forwarding = add_entry(table, host->forwarding, &host->forwarding_count,
			       sizeof(*forwarding));
	if (!forwarding)
		return MNL_CB_OK;
	host->forwarding = forwarding;
	forwarding[host->forwarding_count - 1] = entry;
	return MNL_CB_OK;
}
