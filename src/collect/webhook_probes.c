// SPDX-License-Identifier: Apache-2.0
#include "collect/webhook_probes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wasmdiag/text.h>

#include "collect/tls_probe.h"

#define PROBE_LIMIT   16
#define PROBE_TIMEOUT 2000

struct prober {
	const struct facts *facts;
	struct arena *arena;
	struct host *host;
	const char *configuration;
	const struct webhook *webhook;
};

static void probe(const struct prober *prober, const char *address, int64_t port,
		  const char *name)
{
	struct host *host = prober->host;
	struct tls_probe probe = {
		.host = address,
		.port = (int)port,
		.server_name = name,
		.ca = prober->webhook->ca_bundle.pem,
		.timeout_ms = PROBE_TIMEOUT,
	};
	bool trusted;

	if (host->webhook_probe_count >= PROBE_LIMIT || port < 1 || port > 65535)
		return;
	trusted = tls_probe(&probe);
	host->webhook_probes =
		arena_grow(prober->arena, host->webhook_probes, host->webhook_probe_count,
			   sizeof(*host->webhook_probes));
	host->webhook_probes[host->webhook_probe_count++] = (struct webhook_probe){
		.configuration = prober->configuration,
		.webhook = prober->webhook->name,
		.address = address,
		.port = port,
		.connected = trusted || probe.connect_ms > 0,
		.trusted = trusted,
		.error = trusted ? NULL : arena_string(prober->arena, probe.error.text),
		.connect_ms = (int64_t)probe.connect_ms,
		.tls_ms = (int64_t)probe.tls_ms,
	};
}

/* The API server asks the service's name of the certificate (client-go, webhook.go). */
static void probe_service(const struct prober *prober)
{
	const struct webhook *webhook = prober->webhook;
	const char *name = arena_format(prober->arena, "%s.%s.svc", webhook->service_name,
					webhook->service_namespace);

	for (size_t i = 0; i < prober->facts->endpoint_count; i++) {
		const struct endpoint *endpoint = &prober->facts->endpoints[i];

		if (endpoint->ready && endpoint->address &&
		    text_equal(endpoint->service, webhook->service_name) &&
		    text_equal(endpoint->namespace, webhook->service_namespace))
			probe(prober, endpoint->address, endpoint->port, name);
	}
}

static bool is_loopback(const char *url)
{
	return text_starts(url, "https://127.") ||
	       text_starts(url, "https://localhost") || text_starts(url, "https://[::1]");
}

/* https://HOST[:PORT]/...: both parts, or false. */
static bool split_url(const char *url, char host[256], int64_t *ret_port)
{
	const char *start = url + strlen("https://"), *end;
	size_t length;

	if (!text_starts(url, "https://"))
		return false;
	if (*start == '[') {
		end = strchr(++start, ']');
		if (!end)
			return false;
		length = (size_t)(end++ - start);
	} else {
		length = strcspn(start, ":/");
		end = start + length;
	}
	if (length == 0 || length > 255)
		return false;
	memcpy(host, start, length);
	host[length] = '\0';
	*ret_port = *end == ':' ? strtoll(end + 1, NULL, 10) : 443;
	return true;
}

/* Loopback is the API server's own: it tells something only where that is ours too. */
static void probe_url(const struct prober *prober)
{
	char host[256];
	int64_t port;

	if (is_loopback(prober->webhook->url) && is_loopback(prober->facts->server.url) &&
	    split_url(prober->webhook->url, host, &port))
		probe(prober, arena_string(prober->arena, host), port, NULL);
}

static void probe_configurations(struct prober *prober,
				 const struct webhook_configuration *configurations,
				 size_t count)
{
	for (size_t i = 0; i < count; i++) {
		prober->configuration = configurations[i].name;
		for (size_t j = 0; j < configurations[i].webhook_count; j++) {
			prober->webhook = &configurations[i].webhooks[j];
			if (prober->webhook->url)
				probe_url(prober);
			else if (prober->webhook->service_name &&
				 prober->webhook->service_namespace)
				probe_service(prober);
		}
	}
}

void collect_webhook_probes(const struct facts *facts, struct arena *arena,
			    struct host *host)
{
	struct prober prober = { .facts = facts, .arena = arena, .host = host };

	probe_configurations(&prober, facts->validating_webhooks,
			     facts->validating_webhook_count);
	probe_configurations(&prober, facts->mutating_webhooks,
			     facts->mutating_webhook_count);
	host->source[HOST_WEBHOOK_PROBES] = (struct source){ FACT_KNOWN, NULL };
}
