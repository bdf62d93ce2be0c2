// SPDX-License-Identifier: Apache-2.0
/*
 * serve TEMPLATES NODES PODS EVENTS AUTOSCALERS [CERTIFICATE KEY]
 *
 * Serves such a cluster on a free port of 127.0.0.1, which it prints.  SICK and WASM in
 * the environment: of 1000 objects; SEED: another cluster; VERBOSE: say each request.
 */
#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "server.h"

static size_t number(const char *text)
{
	return strtoul(text, NULL, 10);
}

static size_t setting(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return number(value ? value : otherwise);
}

static SSL_CTX *open_tls(const char *certificate, const char *key)
{
	SSL_CTX *tls = SSL_CTX_new(TLS_server_method());

	if (!tls || SSL_CTX_use_certificate_chain_file(tls, certificate) != 1 ||
	    SSL_CTX_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM) != 1)
		errx(1, "%s, %s: no certificate and its key", certificate, key);
	return tls;
}

int main(int argc, char **argv)
{
	struct bench_server server = { .verbose = setting("VERBOSE", "0") };
	struct cluster_shape shape;
	int port, listener;

	if (argc != 6 && argc != 8)
		errx(2,
		     "serve TEMPLATES NODES PODS EVENTS AUTOSCALERS [CERTIFICATE KEY]");
	signal(SIGPIPE, SIG_IGN);
	shape = (struct cluster_shape){
		.nodes = number(argv[2]),
		.pods = number(argv[3]),
		.events = number(argv[4]),
		.autoscalers = number(argv[5]),
		.claims = number(argv[3]) / 100,
		.sick = (unsigned)setting("SICK", "5"),
		.wasm = (unsigned)setting("WASM", "10"),
		.seed = setting("SEED", "1"),
		.now = time(NULL),
	};
	server.model = cluster_open(argv[1], &shape);
	if (argc == 8)
		server.tls = open_tls(argv[6], argv[7]);
	listener = server_listen(0, &port);
	printf("%d\n", port);
	fflush(stdout);
	server_run(&server, listener);
}
