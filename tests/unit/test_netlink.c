// SPDX-License-Identifier: Apache-2.0
/* data/netlink holds dumps of a kernel 6.18 with a flannel.1 laid out by hand. */
#include "test.h"

#include <linux/rtnetlink.h>
#include <stdio.h>

#include <wasmdiag/text.h>

#include "collect/host_system.h"
#include "collect/netlink.h"

struct dump {
	struct arena arena;
	struct host host;
	struct netlink_table table;
};

static size_t feed(struct dump *dump, const char *name, mnl_cb_t add)
{
	_Alignas(struct nlmsghdr) static char bytes[65536];
	char path[128];
	size_t size;
	FILE *file;

	snprintf(path, sizeof(path), "data/netlink/%s", name);
	file = fopen(path, "rb");
	assert_non_null(file);
	size = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	assert_int_equal(netlink_run(bytes, size, add, &dump->table), MNL_CB_STOP);
	return size;
}

static void read_all(struct dump *dump)
{
	memset(dump, 0, sizeof(*dump));
	dump->table.arena = &dump->arena;
	dump->table.host = &dump->host;
	feed(dump, "links", netlink_add_link);
	netlink_sort_links(&dump->host);
	feed(dump, "addresses", netlink_add_address);
	feed(dump, "routes", netlink_add_route);
	feed(dump, "neighbours", netlink_add_neighbour);
	feed(dump, "forwarding", netlink_add_forwarding);
}

static const struct link *link_named(const struct host *host, const char *name)
{
	for (size_t i = 0; i < host->link_count; i++)
		if (text_equal(host->links[i].name, name))
			return &host->links[i];
	fail_msg("no link %s", name);
	return NULL;
}

static void links_have_their_kind(void **state)
{
	const struct link *link;
	struct dump dump;

	(void)state;
	read_all(&dump);
	assert_int_equal(dump.host.link_count, 4);
	link = link_named(&dump.host, "flannel.1");
	assert_string_equal(link->kind, "vxlan");
	assert_true(link->up);
	assert_string_equal(link->mac, "02:00:00:00:00:01");
	assert_int_equal(link->mtu, 1450);
	assert_int_equal(link->vxlan_id, 1);
	assert_int_equal(link->vxlan_port, 8472);
	assert_string_equal(link->vxlan_local, "10.99.0.1");
	assert_string_equal(link->addresses.items[0], "10.42.0.0/32");
	link = link_named(&dump.host, "cni0");
	assert_string_equal(link->kind, "bridge");
	assert_int_equal(link->vxlan_id, UNSET);
	assert_string_equal(link->addresses.items[0], "10.42.0.1/24");
	assert_int_equal(link_named(&dump.host, "lo")->mtu, 65536);
	arena_free(&dump.arena);
}

static bool has_route(const struct host *host, const char *destination,
		      const char *gateway, const char *device)
{
	for (size_t i = 0; i < host->route_count; i++)
		if (text_equal(host->routes[i].destination, destination) &&
		    text_equal(host->routes[i].gateway, gateway) &&
		    text_equal(host->routes[i].device, device))
			return true;
	return false;
}

static void routes_of_the_main_table(void **state)
{
	struct dump dump;

	(void)state;
	read_all(&dump);
	assert_true(has_route(&dump.host, "10.42.1.0/24", "10.42.1.0", "flannel.1"));
	assert_true(has_route(&dump.host, "10.42.0.0/24", NULL, "cni0"));
	assert_true(has_route(&dump.host, "0.0.0.0/0", "10.99.0.254", "lab0"));
	assert_true(has_route(&dump.host, "0.0.0.0/0", "10.99.0.253", "lab0"));
	assert_true(has_route(&dump.host, "fd00:1::/64", "fd00::2", "lab0"));
	/* of another table, a blackhole, the link-local ones */
	for (size_t i = 0; i < dump.host.route_count; i++) {
		assert_false(text_starts(dump.host.routes[i].destination, "192.168."));
		assert_false(text_starts(dump.host.routes[i].destination, "10.43."));
		assert_false(text_starts(dump.host.routes[i].destination, "fe80"));
	}
	arena_free(&dump.arena);
}

static void neighbours_that_matter(void **state)
{
	const struct neighbour *entry;
	struct dump dump;

	(void)state;
	read_all(&dump);
	assert_int_equal(dump.host.neighbour_count, 3);
	for (size_t i = 0; i < 3; i++) {
		entry = &dump.host.neighbours[i];
		assert_string_not_equal(entry->address, "10.99.0.77");
		assert_int_equal(entry->permanent,
				 text_equal(entry->device, "flannel.1"));
		if (text_equal(entry->address, "10.42.2.0"))
			assert_string_equal(entry->mac, "02:00:00:00:00:03");
	}
	arena_free(&dump.arena);
}

static void forwarding_of_the_vxlan(void **state)
{
	const struct forwarding *entry;
	struct dump dump;

	(void)state;
	read_all(&dump);
	assert_int_equal(dump.host.forwarding_count, 2);
	entry = &dump.host.forwarding[0];
	assert_string_equal(entry->device, "flannel.1");
	assert_string_equal(entry->mac, "02:00:00:00:00:03");
	assert_string_equal(entry->destination, "10.99.0.3");
	arena_free(&dump.arena);
}

static void too_many_are_noticed(void **state)
{
	struct dump dump;

	(void)state;
	read_all(&dump);
	assert_false(dump.table.full);
	dump.host.forwarding_count = NETLINK_MAX_ENTRIES;
	feed(&dump, "forwarding", netlink_add_forwarding);
	assert_int_equal(dump.host.forwarding_count, NETLINK_MAX_ENTRIES);
	assert_true(dump.table.full);
	arena_free(&dump.arena);
}

static void our_own_kernel_answers(void **state)
{
	struct arena arena = { 0 };
	struct host_context context = { .arena = &arena, .root = "" };
	struct host host = { 0 };

	(void)state;
	collect_links(&context, &host);
	collect_routes(&context, &host);
	collect_neighbours(&context, &host);
	collect_forwarding(&context, &host);
	assert_int_equal(host.source[HOST_LINKS].state, FACT_KNOWN);
	assert_int_equal(host.source[HOST_ROUTES].state, FACT_KNOWN);
	assert_int_equal(host.source[HOST_NEIGHBOURS].state, FACT_KNOWN);
	assert_int_equal(host.source[HOST_FORWARDING].state, FACT_KNOWN);
	assert_true(link_named(&host, "lo")->index > 0);
	arena_free(&arena);
}

static void routes_need_links(void **state)
{
	struct arena arena = { 0 };
	struct host_context context = { .arena = &arena, .root = "" };
	struct host host = { 0 };

	(void)state;
	host.source[HOST_LINKS] = (struct source){ FACT_FAILED, "why" };
	collect_routes(&context, &host);
	assert_int_equal(host.source[HOST_ROUTES].state, FACT_FAILED);
	assert_string_equal(host.source[HOST_ROUTES].reason, "why");
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links_have_their_kind),
		cmocka_unit_test(routes_of_the_main_table),
		cmocka_unit_test(neighbours_that_matter),
		cmocka_unit_test(forwarding_of_the_vxlan),
		cmocka_unit_test(too_many_are_noticed),
		cmocka_unit_test(our_own_kernel_answers),
		cmocka_unit_test(routes_need_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
