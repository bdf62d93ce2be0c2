// SPDX-License-Identifier: Apache-2.0
/*
 * An API server of a cluster that is only numbers (cluster.h): lists in pages by limit
 * and continue, over HTTP/1.1 and, with a context, TLS.  A thread for each connection.
 */
#pragma once

#include <stdbool.h>

#include <openssl/ssl.h>

#include "cluster.h"

struct bench_server {
	const struct cluster_model *model;
	SSL_CTX *tls; /* NULL: plain HTTP */
	bool verbose; /* say each request on standard error */
};

/* Listen on a free port of 127.0.0.1, or on port; the socket, and which it was. */
int server_listen(int port, int *ret_port) __attribute__((nonnull));

/* Serve until the process ends. */
void server_run(const struct bench_server *server, int listener)
	__attribute__((nonnull, noreturn));
