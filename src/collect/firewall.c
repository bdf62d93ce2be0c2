// SPDX-License-Identifier: Apache-2.0
#include "collect/firewall.h"

#include <unistd.h>

#include <jansson.h>

#include <wasmdiag/text.h>

#include "collect/host_system.h"

static const char *member(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* A base chain on hook input that iptables does not show. */
static bool is_foreign_input(const json_t *chain)
{
	const char *family = member(chain, "family");

	if (!text_equal(member(chain, "hook"), "input") || text_equal(family, "ip6"))
		return false;
	return !text_equal(family, "ip") || !text_equal(member(chain, "table"), "filter");
}

static bool has_rules(const json_t *items, const json_t *chain)
{
	const json_t *rule;

	for (size_t i = 0; i < json_array_size(items); i++) {
		rule = json_object_get(json_array_get(items, i), "rule");
		if (rule && text_equal(member(rule, "family"), member(chain, "family")) &&
		    text_equal(member(rule, "table"), member(chain, "table")) &&
		    text_equal(member(rule, "chain"), member(chain, "name")))
			return true;
	}
	return false;
}

bool firewall_nft_may_close(const char *json)
{
	json_auto_t *root = json_loads(json, 0, NULL);
	const json_t *items = json_object_get(root, "nftables");
	const json_t *chain;

	if (!json_is_array(items))
		return true;
	for (size_t i = 0; i < json_array_size(items); i++) {
		chain = json_object_get(json_array_get(items, i), "chain");
		if (chain && is_foreign_input(chain) &&
		    (text_equal(member(chain, "policy"), "drop") ||
		     has_rules(items, chain)))
			return true;
	}
	return false;
}

/* What peers of a K3s node connect to (facts: cluster A5). */
static void list_ports(struct arena *arena, struct host *host)
{
	static const int64_t numbers[] = { 6443, 10250, 2379, 2380 };
	size_t count = host->k3s.installed ? ARRAY_SIZE(numbers) : 0;

	host->tcp_ports = arena_array(arena, count, sizeof(*host->tcp_ports));
	host->tcp_port_count = count;
	for (size_t i = 0; i < count; i++)
		host->tcp_ports[i].port = numbers[i];
	if (count && host->join.port > 0)
		host->tcp_ports[0].port = host->join.port;
}

static void set_open(struct host *host, enum answer open)
{
	host->firewall.udp_8472_open = open;
	for (size_t i = 0; i < host->tcp_port_count; i++)
		host->tcp_ports[i].open = open;
}

/* A table beside iptables' may turn away what that lets in. */
static void doubt(struct host *host)
{
	if (host->firewall.udp_8472_open == ANSWER_YES)
		host->firewall.udp_8472_open = ANSWER_UNKNOWN;
	for (size_t i = 0; i < host->tcp_port_count; i++)
		if (host->tcp_ports[i].open == ANSWER_YES)
			host->tcp_ports[i].open = ANSWER_UNKNOWN;
}

/* Of nft alone we say yes or do not know: its rules are not read one by one. */
static bool ask_nft(struct host_context *context, struct host *host, struct error *error)
{
	const char *const argv[] = { host_tool(context, "nft"), "-j", "list", "ruleset",
				     NULL };
	struct firewall *firewall = &host->firewall;
	char *output;

	if (!argv[0] || !host_run(context, argv, &output, error))
		return false;
	if (!firewall->tool) {
		firewall->tool = "nft";
		set_open(host, ANSWER_YES);
	}
	if (firewall_nft_may_close(output))
		doubt(host);
	return true;
}

static bool ask_iptables(struct host_context *context, struct host *host,
			 struct error *error)
{
	const char *const argv[] = { host_tool(context, "iptables"), "-w", "-S", NULL };
	char *output;

	if (!argv[0] || !host_run(context, argv, &output, error))
		return false;
	host->firewall.tool = "iptables";
	firewall_read_iptables(context->arena, output, host);
	return true;
}

void collect_firewall(struct host_context *context, struct host *host)
{
	struct source *source = &host->source[HOST_FIREWALL];
	struct error error = { 0 };

	host->firewall = (struct firewall){ 0 };
	list_ports(context->arena, host);
	if (!host_shares_network(context, source))
		return;
	ask_iptables(context, host, &error);
	ask_nft(context, host, host->firewall.tool ? NULL : &error);
	if (host->firewall.tool)
		host_fact_set(context, source, FACT_KNOWN, NULL);
	else if (!error.kind)
		host_fact_set(context, source, FACT_ABSENT,
			      "there is neither iptables nor nft here");
	else if (geteuid() != 0)
		host_fact_set(context, source, FACT_DENIED,
			      "only root may read firewall rules");
	else
		host_fact_set(context, source, FACT_FAILED, "%s", error.text);
}
