// SPDX-License-Identifier: Apache-2.0
/* Knocking at what stands behind webhooks. */
#pragma once

#include <wasmdiag/host.h>

#include "arena.h"

/*
 * HOST_WEBHOOK_PROBES: a TCP and TLS handshake with each ready endpoint of the services
 * that webhooks name, verified with the webhook's caBundle as the API server does; with
 * url webhooks on a loopback address when this host is the API server's.  No request is
 * sent.  At most 16 probes of 2 s.
 */
void collect_webhook_probes(const struct facts *facts, struct arena *arena,
			    struct host *host) __attribute__((nonnull));
