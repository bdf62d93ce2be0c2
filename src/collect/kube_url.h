// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdbool.h>

#include "arena.h"
#include "collect/kubeconfig.h"
#include "error.h"

/*
 * Take a server apart into server, tls, host, port and path of the connection.  As in
 * client-go (rest.DefaultServerURL) a bare "host:port" means http, query and fragment are
 * dropped.  A user name in it is refused: it would be a password on display.
 */
bool kube_url_parse(const char *text, struct arena *arena, struct kube_connection *ret,
		    struct error *error) __attribute__((nonnull(1, 2, 3)));

/* Is it a proxy we can use: http, https or socks5, with a host?  Never quoted. */
bool kube_url_check_proxy(const char *text, struct error *error)
	__attribute__((nonnull(1)));
