// SPDX-License-Identifier: Apache-2.0
/* The parts of a server's URL, for words that name them. */
#pragma once

#include <stdbool.h>

/* They point into the URL. */
struct url_address {
	const char *host; /* an IPv6 address without its brackets */
	int host_length;
	const char *port; /* "443" when the URL has none */
	int port_length;
};

/* https://host:port/..., https://[::1]:6443; false when it has no host. */
bool url_read_address(const char *url, struct url_address *ret)
	__attribute__((nonnull(2)));
