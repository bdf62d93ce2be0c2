// SPDX-License-Identifier: Apache-2.0
#include "collect/netlink.h"

#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>

#include "cleanup.h"
#include "collect/host_system.h"

#define ATTEMPTS      3
#define RECEIVE_BYTES 65536 /* the kernel fills 32 KiB at most */

static void close_socket(struct mnl_socket **socket)
{
	if (*socket)
		mnl_socket_close(*socket);
}

static bool send_request(struct mnl_socket *socket, const struct netlink_request *request)
{
	struct timeval wait = { .tv_sec = 2 };
	char bytes[64] = { 0 };
	struct nlmsghdr *message = mnl_nlmsg_put_header(bytes);
	uint8_t *header;

	message->nlmsg_type = request->type;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	header = mnl_nlmsg_put_extra_header(message, request->header);
	*header = request->family; /* every such header begins with it */
	setsockopt(mnl_socket_get_fd(socket), SOL_SOCKET, SO_RCVTIMEO, &wait,
		   sizeof(wait));
	return mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) == 0 &&
	       mnl_socket_sendto(socket, message, message->nlmsg_len) >= 0;
}

/* One attempt: 0 or an errno; EINTR: it changed under way. */
static int dump_once(const struct netlink_request *request, struct netlink_table *table)
{
	_cleanup_(close_socket) struct mnl_socket *socket =
		mnl_socket_open(NETLINK_ROUTE);
	_Alignas(struct nlmsghdr) char bytes[RECEIVE_BYTES];
	int state = MNL_CB_OK;
	ssize_t got;

	if (!socket || !send_request(socket, request))
		return errno;
	while (state == MNL_CB_OK) {
		got = mnl_socket_recvfrom(socket, bytes, sizeof(bytes));
		if (got < 0)
			return errno == EAGAIN ? ETIMEDOUT : errno;
		state = netlink_run(bytes, (size_t)got, request->add, table);
	}
	return state < 0 ? errno : 0;
}

bool netlink_dump(const struct netlink_request *request, struct netlink_table *table,
		  struct error *error)
{
	int number = EINTR;

	for (int i = 0; i < ATTEMPTS && number == EINTR; i++) {
		request->reset(table->host);
		number = dump_once(request, table);
	}
	if (number)
		return fail_errno(error, number, "asking the kernel over netlink");
	if (table->full)
		return fail(error, ERROR_LIMIT, "there are more than %d entries",
			    NETLINK_MAX_ENTRIES);
	return true;
}

/*
 * With a root of its own, are we in the node's network too?  The files of a network
 * namespace's /proc/net keep their inode number in every mount of proc, and unlike
 * /proc/1/ns/net they may be looked at without privilege.
 */
bool host_shares_network(struct host_context *context, struct source *source)
{
	struct stat ours, theirs;

	if (!*context->root || stat("/proc/self/net/dev", &ours) ||
	    stat(host_path(context, "/proc/1/net/dev"), &theirs) ||
	    ours.st_ino == theirs.st_ino)
		return true;
	host_fact_set(context, source, FACT_FAILED,
		      "this container does not share the node's network: run it with "
		      "hostNetwork");
	return false;
}

static bool dump(struct host_context *context, struct host *host, enum host_fact fact,
		 const struct netlink_request *request)
{
	struct netlink_table table = { .arena = context->arena, .host = host };
	struct source *source = &host->source[fact];
	struct error error = { 0 };

	if (!host_shares_network(context, source))
		return false;
	if (!netlink_dump(request, &table, &error)) {
		host_fact_error(context, source, &error);
		return false;
	}
	source->state = FACT_KNOWN;
	return true;
}

/* Routes and neighbours name their device by its index: without links they say little. */
static bool has_links(struct host_context *context, struct host *host,
		      enum host_fact fact)
{
	const struct source *links = &host->source[HOST_LINKS];

	if (links->state == FACT_KNOWN)
		return true;
	host_fact_set(context, &host->source[fact], links->state, "%s",
		      links->reason ? links->reason : "links were not read");
	return false;
}

static void forget_links(struct host *host)
{
	host->link_count = 0;
}

static void forget_addresses(struct host *host)
{
	for (size_t i = 0; i < host->link_count; i++)
		host->links[i].addresses = (struct string_list){ 0 };
}

void collect_links(struct host_context *context, struct host *host)
{
	const struct netlink_request links = { RTM_GETLINK, AF_UNSPEC,
					       sizeof(struct ifinfomsg), netlink_add_link,
					       forget_links };
	const struct netlink_request addresses = { RTM_GETADDR, AF_UNSPEC,
						   sizeof(struct ifaddrmsg),
						   netlink_add_address,
						   forget_addresses };

	if (!dump(context, host, HOST_LINKS, &links))
		return;
	netlink_sort_links(host);
	dump(context, host, HOST_LINKS, &addresses);
}

static void forget_routes(struct host *host)
{
	host->route_count = 0;
}

void collect_routes(struct host_context *context, struct host *host)
{
	const struct netlink_request request = { RTM_GETROUTE, AF_UNSPEC,
						 sizeof(struct rtmsg), netlink_add_route,
						 forget_routes };

	if (has_links(context, host, HOST_ROUTES))
		dump(context, host, HOST_ROUTES, &request);
}

static void forget_neighbours(struct host *host)
{
	host->neighbour_count = 0;
}

void collect_neighbours(struct host_context *context, struct host *host)
{
	const struct netlink_request request = { RTM_GETNEIGH, AF_UNSPEC,
						 sizeof(struct ndmsg),
						 netlink_add_neighbour,
						 forget_neighbours };

	if (has_links(context, host, HOST_NEIGHBOURS))
		dump(context, host, HOST_NEIGHBOURS, &request);
}

static void forget_forwarding(struct host *host)
{
	host->forwarding_count = 0;
}

void collect_forwarding(struct host_context *context, struct host *host)
{
	/* for AF_BRIDGE the kernel wants the header of links (net/core/rtnetlink.c,
	 * valid_fdb_dump_legacy) */
	const struct netlink_request request = { RTM_GETNEIGH, AF_BRIDGE,
						 sizeof(struct ifinfomsg),
						 netlink_add_forwarding,
						 forget_forwarding };

	if (has_links(context, host, HOST_FORWARDING))
		dump(context, host, HOST_FORWARDING, &request);
}
