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
		firewall->udp_8472_open = ANSWER_YES;
	}
	if (firewall->udp_8472_open == ANSWER_YES && firewall_nft_may_close(output))
		firewall->udp_8472_open = ANSWER_UNKNOWN;
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
	firewall_read_iptables(context->arena, output, host, &host->firewall);
	return true;
}

void collect_firewall(struct host_context *context, struct host *host)
{
	struct source *source = &host->source[HOST_FIREWALL];
	struct error error = { 0 };

	host->firewall = (struct firewall){ 0 };
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
