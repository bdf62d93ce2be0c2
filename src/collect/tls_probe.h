// SPDX-License-Identifier: Apache-2.0
/* A TCP connection and a TLS handshake, and nothing sent: does a webhook answer as the
 * API server would have it? */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "collect/outcome.h"
#include "error.h"

struct tls_probe {
	const char *host; /* address or name to connect to; IPv6 without brackets */
	int port;
	const char *server_name; /* asked for by SNI and verified; NULL: host */
	const char *ca; /* PEM, a caBundle; NULL: the system's */
	int timeout_ms;

	/* results */
	enum outcome outcome; /* OK, UNRESOLVED, UNREACHABLE, TLS or TIMEOUT */
	struct error error; /* why, unless OK */
	double connect_ms; /* until TCP stood; 0 unless OK, as libcurl tells it late */
	double tls_ms; /* from there until the handshake was done */
	int64_t certificate_end; /* Unix seconds; UNSET unless OK */
};

/*
 * Fill in the results; false unless OUTCOME_OK.  No client certificate is shown and no
 * proxy used: webhooks are reached directly.  ERROR_SYSTEM when libcurl will not do it.
 */
bool tls_probe(struct tls_probe *probe) __attribute__((nonnull));
