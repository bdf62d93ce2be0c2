// SPDX-License-Identifier: Apache-2.0
#include "collect/firewall_match.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <wasmdiag/text.h>

struct packet {
	const struct host *host;
	struct firewall_port port;
};

/* The next word, quotes and backslashes removed; NULL at the end. */
static char *next_word(char **at)
{
	char *word, *to;
	bool quoted = false;

	*at += strspn(*at, " ");
	if (!**at)
		return NULL;
	word = to = *at;
	for (; **at && (quoted || **at != ' '); (*at)++) {
		if (**at == '"') {
			quoted = !quoted;
			continue;
		}
		if (**at == '\\' && (*at)[1])
			(*at)++;
		*to++ = **at;
	}
	if (**at)
		(*at)++;
	*to = '\0';
	return word;
}

static enum answer answer(bool yes)
{
	return yes ? ANSWER_YES : ANSWER_NO;
}

static enum answer match_protocol(const struct packet *packet, char *value)
{
	const char *name = packet->port.tcp ? "tcp" : "udp";
	const char *number = packet->port.tcp ? "6" : "17";

	return answer(text_equal(value, name) || text_equal(value, number) ||
		      text_equal(value, "all"));
}

/* "8472", "1:65535", ":1024", and lists of them */
static enum answer match_ports(const struct packet *packet, char *value)
{
	char *item, *colon;
	long low, high;

	while ((item = strsep(&value, ","))) {
		colon = strchr(item, ':');
		low = strtol(item, NULL, 10);
		high = colon ? strtol(colon + 1, NULL, 10) : low;
		if (colon && !colon[1])
			high = 65535;
		if (low <= packet->port.number && packet->port.number <= high)
			return ANSWER_YES;
	}
	return ANSWER_NO;
}

/* Peers come in by a real interface: not by loopback, nor by those of pods. */
static enum answer match_interface(const struct packet *packet, char *value)
{
	static const char *const inner[] = { "lo",   "cni",  "flannel", "docker",
					     "cali", "veth", "kube-" };

	(void)packet;
	if (text_equal(value, "+"))
		return ANSWER_YES;
	if (text_equal(value, "lo"))
		return ANSWER_NO;
	for (size_t i = 1; i < ARRAY_SIZE(inner); i++)
		if (text_starts(value, inner[i]))
			return ANSWER_NO;
	return ANSWER_UNKNOWN;
}

/* "10.0.0.0/8" as IPv4, host order; false when it is not. */
static bool read_network(char *text, uint32_t *ret_address, uint32_t *ret_mask)
{
	char *slash = strchr(text, '/');
	struct in_addr address;
	long length = 32;

	if (slash) {
		*slash = '\0';
		length = strtol(slash + 1, NULL, 10);
		if (strchr(slash + 1, '.'))
			return false;
	}
	if (inet_pton(AF_INET, text, &address) != 1 || length < 0 || length > 32)
		return false;
	*ret_mask = length ? ~(uint32_t)0 << (32 - length) : 0;
	*ret_address = ntohl(address.s_addr) & *ret_mask;
	return true;
}

static enum answer match_source(const struct packet *packet, char *value)
{
	uint32_t network, mask;

	(void)packet;
	if (!read_network(value, &network, &mask))
		return ANSWER_UNKNOWN;
	if (!mask)
		return ANSWER_YES;
	return network >> 24 == 127 ? ANSWER_NO : ANSWER_UNKNOWN;
}

static enum answer match_destination(const struct packet *packet, char *value)
{
	const struct string_list *ours = &packet->host->addresses;
	uint32_t network, mask;
	size_t inside = 0, all = 0;
	struct in_addr address;

	if (!read_network(value, &network, &mask))
		return ANSWER_UNKNOWN;
	for (size_t i = 0; i < ours->count; i++) {
		if (inet_pton(AF_INET, ours->items[i], &address) != 1)
			continue;
		all++;
		inside += (ntohl(address.s_addr) & mask) == network;
	}
	if (!mask || (all && inside == all))
		return ANSWER_YES;
	return all && !inside ? ANSWER_NO : ANSWER_UNKNOWN;
}

static enum answer match_state(const struct packet *packet, char *value)
{
	char *item;

	(void)packet;
	while ((item = strsep(&value, ",")))
		if (text_equal(item, "NEW"))
			return ANSWER_YES;
	return ANSWER_NO;
}

static enum answer match_mark(const struct packet *packet, char *value)
{
	(void)packet;
	return answer(strtoul(value, NULL, 0) == 0);
}

static enum answer match_destination_type(const struct packet *packet, char *value)
{
	(void)packet;
	return answer(text_equal(value, "LOCAL"));
}

static enum answer match_source_type(const struct packet *packet, char *value)
{
	(void)packet;
	return text_equal(value, "LOCAL") || text_equal(value, "MULTICAST") ||
			       text_equal(value, "BROADCAST")
		       ? ANSWER_NO
		       : ANSWER_UNKNOWN;
}

static enum answer match_always(const struct packet *packet, char *value)
{
	(void)packet, (void)value;
	return ANSWER_YES;
}

/* A module whose options are all looked at adds no condition of its own. */
static enum answer match_module(const struct packet *packet, char *value)
{
	static const char *const known[] = { "comment",   "udp",       "tcp",
					     "multiport", "conntrack", "state",
					     "mark",      "addrtype",  "limit",
					     "hashlimit", "icmp",      "recent" };

	(void)packet;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (text_equal(value, known[i]))
			return ANSWER_YES;
	return ANSWER_UNKNOWN;
}

static const struct {
	const char *option;
	enum answer (*match)(const struct packet *packet, char *value);
} conditions[] = {
	{ "-p", match_protocol },
	{ "-m", match_module },
	{ "-i", match_interface },
	{ "-s", match_source },
	{ "-d", match_destination },
	{ "--dport", match_ports },
	{ "--dports", match_ports },
	{ "--ctstate", match_state },
	{ "--state", match_state },
	{ "--mark", match_mark },
	{ "--dst-type", match_destination_type },
	{ "--src-type", match_source_type },
	{ "--comment", match_always },
};

/* "--tcp-flags MASK SET": of those in MASK just SET.  Our packet has SYN alone. */
static enum answer match_flags(const struct packet *packet, char **rest)
{
	const char *mask = next_word(rest), *set = next_word(rest);
	bool looks_at_syn = text_has(mask, "SYN") || text_equal(mask, "ALL");

	if (!mask || !set || !packet->port.tcp)
		return ANSWER_UNKNOWN;
	return answer(text_equal(set, looks_at_syn ? "SYN" : "NONE"));
}

static enum answer match_option(const struct packet *packet, const char *option,
				char **rest)
{
	char *value;

	if (text_equal(option, "--tcp-flags"))
		return match_flags(packet, rest);
	if (text_equal(option, "--syn"))
		return answer(packet->port.tcp);
	for (size_t i = 0; i < ARRAY_SIZE(conditions); i++) {
		if (!text_equal(conditions[i].option, option))
			continue;
		value = next_word(rest);
		return value ? conditions[i].match(packet, value) : ANSWER_UNKNOWN;
	}
	return ANSWER_UNKNOWN;
}

static enum answer opposite(enum answer one)
{
	if (one == ANSWER_UNKNOWN)
		return one;
	return one == ANSWER_YES ? ANSWER_NO : ANSWER_YES;
}

void rule_match_read(char *text, const struct host *host, struct firewall_port port,
		     struct rule_match *ret)
{
	const struct packet packet = { host, port };
	bool refuted = false, doubtful = false;
	bool negated = false;
	enum answer one;
	char *word;

	*ret = (struct rule_match){ 0 };
	next_word(&text); /* -A */
	next_word(&text); /* the chain */
	while ((word = next_word(&text))) {
		if (text_equal(word, "-j") || text_equal(word, "-g")) {
			ret->target = next_word(&text);
			ret->is_goto = text_equal(word, "-g");
			break; /* what follows are the target's options */
		}
		if (text_equal(word, "!")) {
			negated = true;
			continue;
		}
		if (*word != '-')
			continue;
		one = match_option(&packet, word, &text);
		one = negated ? opposite(one) : one;
		refuted |= one == ANSWER_NO;
		doubtful |= one == ANSWER_UNKNOWN;
		negated = false;
	}
	ret->matches = doubtful ? ANSWER_UNKNOWN : ANSWER_YES;
	if (refuted)
		ret->matches = ANSWER_NO;
}
