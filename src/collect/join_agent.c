// SPDX-License-Identifier: Apache-2.0
/* What an agent keeps for itself on its way to the servers: load balancer and proxy. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include <wasmdiag/text.h>

#include "cleanup.h"
#include "collect/chase.h"
#include "collect/host_system.h"
#include "collect/join.h"
#include "collect/tls_probe.h"

#define FILE_LIMIT    ((size_t)64 << 10)
#define MAX_SERVERS   16
#define MAX_PROBES    4
#define PROBE_TIMEOUT 1000 /* ms */

bool join_read_balancer(struct arena *arena, struct bytes bytes, const char *url,
			struct string_list *ret)
{
	json_auto_t *root =
		bytes.data ? json_loadb(bytes.data, bytes.size, 0, NULL) : NULL;
	const json_t *addresses = json_object_get(root, "ServerAddresses");
	const char *made_for = json_string_value(json_object_get(root, "ServerURL"));
	const char *text;

	*ret = (struct string_list){ 0 };
	if (!json_is_array(addresses) || !text_equal(made_for, url))
		return false;
	for (size_t i = 0; i < json_array_size(addresses) && i < MAX_SERVERS; i++) {
		text = json_string_value(json_array_get(addresses, i));
		if (text && strlen(text) < 256)
			host_list_add(arena, ret, text);
	}
	return true;
}

/* "10.0.0.1:6443", "[fd00::1]:6443" */
static bool answers(const char *server)
{
	char host[256];
	const char *colon = strrchr(server, ':');
	size_t brackets = *server == '[' ? 1 : 0;
	size_t length = colon ? (size_t)(colon - server) : 0;
	struct tls_probe probe = { .host = host, .timeout_ms = PROBE_TIMEOUT };

	if (length < 3 || length >= sizeof(host))
		return false;
	memcpy(host, server + brackets, length - 2 * brackets);
	host[length - 2 * brackets] = '\0';
	probe.port = (int)strtol(colon + 1, NULL, 10);
	if (probe.port < 1 || probe.port > 65535)
		return false;
	/* whether we trust it does not matter: TLS answers */
	return tls_probe(&probe) || probe.outcome == OUTCOME_TLS;
}

static void probe_servers(struct join *join)
{
	const struct string_list *servers = &join->balancer_servers;

	for (size_t i = 0; i < servers->count && i < MAX_PROBES; i++) {
		if (answers(servers->items[i])) {
			join->balancer_answers = ANSWER_YES;
			return;
		}
	}
	if (servers->count && servers->count <= MAX_PROBES)
		join->balancer_answers = ANSWER_NO;
}

static void read_balancer(struct host_context *context, const struct host *host,
			  struct join *join)
{
	_cleanup_(arena_free) struct arena scratch = { 0 };
	struct host_context reader = *context;
	const char *path =
		arena_format(context->arena, "%s/agent/etc/k3s-agent-load-balancer.json",
			     host_data_dir(host));
	struct error error = { 0 };
	struct bytes bytes;

	reader.arena = &scratch;
	if (!host_read(&reader, path, FILE_LIMIT, &bytes, &error) ||
	    !join_read_balancer(context->arena, bytes, join->url,
				&join->balancer_servers))
		return;
	join->balancer_file = path;
	/* where the server itself does not answer there is nothing to tell them by */
	if (join->outcome == JOIN_OK)
		probe_servers(join);
}

/* "127.0.0.0/8" as Go reads it; false for what is no IPv4 network. */
static bool network_has_loopback(const char *text)
{
	char copy[64];
	struct in_addr address;
	long length;
	char *slash, *end;
	uint32_t mask;

	snprintf(copy, sizeof(copy), "%s", text);
	slash = strchr(copy, '/');
	if (!slash)
		return false;
	*slash = '\0';
	length = strtol(slash + 1, &end, 10);
	if (end == slash + 1 || *end || length < 0 || length > 32 ||
	    inet_pton(AF_INET, copy, &address) != 1)
		return false;
	mask = length ? ~(uint32_t)0 << (32 - length) : 0;
	return (ntohl(address.s_addr) & mask) == (INADDR_LOOPBACK & mask);
}

bool join_spares_loopback(const char *no_proxy)
{
	char item[64];
	size_t length;

	while (no_proxy && *no_proxy) {
		no_proxy += strspn(no_proxy, ", ");
		length = strcspn(no_proxy, ", ");
		snprintf(item, sizeof(item), "%.*s", (int)(length < 63 ? length : 63),
			 no_proxy);
		if (text_equal(item, "*") || text_equal(item, "127.0.0.1") ||
		    network_has_loopback(item))
			return true;
		no_proxy += length;
	}
	return false;
}

static void look_at_proxy(struct host_context *context, const struct k3s_secrets *secrets,
			  struct join *join)
{
	const struct k3s_setting *proxy = &secrets->https_proxy;

	if (!proxy->value || !*proxy->value)
		return;
	join->proxy_file = arena_string(context->arena, proxy->file);
	join->proxy_catches_loopback = !join_spares_loopback(secrets->no_proxy.value);
}

void join_look_at_agent(struct host_context *context, const struct host *host,
			const struct k3s_secrets *secrets, struct join *join)
{
	look_at_proxy(context, secrets, join);
	if (join->url && text_equal(host->k3s.role, "agent"))
		read_balancer(context, host, join);
}
