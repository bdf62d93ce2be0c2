// SPDX-License-Identifier: Apache-2.0
/* The bytes are one dump; each kind of message is looked for in it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "collect/netlink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const mnl_cb_t add[] = { netlink_add_address, netlink_add_route,
				 netlink_add_neighbour, netlink_add_forwarding };
	struct arena arena = { 0 };
	struct host host = { 0 };
	struct netlink_table table = { .arena = &arena, .host = &host };
	_cleanup_free_ char *bytes = malloc(size ? size : 1); /* aligned, exact */

	memcpy(bytes, data, size);
	netlink_run(bytes, size, netlink_add_link, &table);
	netlink_sort_links(&host);
	for (size_t i = 0; i < sizeof(add) / sizeof(*add); i++)
		netlink_run(bytes, size, add[i], &table);
	arena_free(&arena);
	return 0;
}
