// SPDX-License-Identifier: Apache-2.0
/*
 * An API server of a cluster that is only numbers (cluster.h): lists in pages by limit
 * and continue, over HTTP/1.1 and, with a context, TLS.  A thread for each connection.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>

#include <openssl/ssl.h>

#include "cluster.h"

struct bench_server {
	const struct cluster_model *model;
	SSL_CTX *tls; /* NULL: plain HTTP */
	bool verbose; /* say each request on standard error */
	/* Bodies go out in pieces of so many bytes with a pause after each, so that
	 * several are under way at a time; 0: whole. */
	size_t piece;
	atomic_size_t
		*under_way; /* so many are, and were at most: two; NULL: none asks */
};

/* Listen on a free port of 127.0.0.1, or on port; the socket, and which it was. */
int server_listen(int port, int *ret_port) __attribute__((nonnull));

/* Serve until the process ends. */
void server_run(const struct bench_server *server, int listener)
	__attribute__((nonnull, noreturn));
