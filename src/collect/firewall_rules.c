// SPDX-License-Identifier: Apache-2.0
#include <wasmdiag/text.h>

#include "collect/firewall.h"
#include "collect/firewall_match.h"

#define MAX_DEPTH 16
#define MAX_STEPS 20000
#define MAX_RULES 20000

struct rule {
	const char *chain;
	const char *text; /* as printed; NULL: it only declares its chain */
};

struct table {
	struct arena *arena;
	const struct host *host;
	struct rule *rules;
	size_t rule_count;
	const char *policy; /* of INPUT */
	struct firewall_port port; /* where the packet goes */
	int steps;
	bool gave_up;
	bool is_cut; /* there are more rules than are kept */
};

/* What happened to the packet so far. */
struct walk {
	enum answer open; /* UNKNOWN: not decided */
	const char *rule; /* what decided */
	bool may_open, may_close; /* a rule that might match would have */
	bool may_return; /* what follows in this chain might not be reached */
};

static void walk_chain(struct table *table, const char *chain, int depth,
		       struct walk *walk);

static void decide(struct walk *walk, enum answer match, enum answer open,
		   const char *rule)
{
	if (match == ANSWER_YES && !walk->may_return) {
		walk->open = open;
		walk->rule = rule;
	} else if (open == ANSWER_YES) {
		walk->may_open = true;
	} else {
		walk->may_close = true;
	}
}

/* What a jump to a chain of the user's does to the packet. */
static void follow(struct table *table, const struct rule_match *match, int depth,
		   struct walk *walk)
{
	struct walk inner = { 0 };

	walk_chain(table, match->target, depth + 1, &inner);
	walk->may_open |= inner.may_open;
	walk->may_close |= inner.may_close;
	if (inner.open != ANSWER_UNKNOWN)
		decide(walk, match->matches, inner.open, inner.rule);
	else if (match->is_goto && match->matches == ANSWER_YES)
		table->gave_up = true; /* to where depends on who called */
}

static bool is_user_chain(const struct table *table, const char *name)
{
	for (size_t i = 0; i < table->rule_count; i++)
		if (text_equal(table->rules[i].chain, name))
			return true;
	return false;
}

/* Targets after which the next rule is looked at. */
static bool goes_on(const char *target)
{
	static const char *const names[] = {
		"LOG",   "NFLOG", "ULOG",  "MARK", "CONNMARK", "SECMARK", "CONNSECMARK",
		"AUDIT", "SET",   "TRACE", "CT",   "NOTRACK",  "TCPMSS"
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (text_equal(names[i], target))
			return true;
	return false;
}

/* One rule; false when the packet leaves the chain. */
static bool walk_rule(struct table *table, const struct rule *rule, int depth,
		      struct walk *walk)
{
	char *copy = arena_string(table->arena, rule->text);
	struct rule_match match = { 0 };

	rule_match_read(copy, table->host, table->port, &match);
	if (match.matches == ANSWER_NO || !match.target || goes_on(match.target))
		return true;
	if (text_equal(match.target, "ACCEPT")) {
		decide(walk, match.matches, ANSWER_YES, rule->text);
	} else if (text_equal(match.target, "DROP") ||
		   text_equal(match.target, "REJECT")) {
		decide(walk, match.matches, ANSWER_NO, rule->text);
	} else if (text_equal(match.target, "RETURN")) {
		if (match.matches == ANSWER_YES)
			return false;
		walk->may_return = true;
	} else if (is_user_chain(table, match.target)) {
		follow(table, &match, depth, walk);
	} else {
		walk->may_open = walk->may_close = true;
	}
	return walk->open == ANSWER_UNKNOWN;
}

static void walk_chain(struct table *table, const char *chain, int depth,
		       struct walk *walk)
{
	if (depth > MAX_DEPTH) {
		table->gave_up = true;
		return;
	}
	for (size_t i = 0; i < table->rule_count && !table->gave_up; i++) {
		if (!table->rules[i].text || !text_equal(table->rules[i].chain, chain))
			continue;
		if (++table->steps > MAX_STEPS)
			table->gave_up = true;
		else if (!walk_rule(table, &table->rules[i], depth, walk))
			return;
	}
}

/* "-P CHAIN POLICY", "-N CHAIN" or "-A CHAIN ..." */
static void add_line(struct table *table, char *line)
{
	char *rest = line;
	char *copy, *chain;

	if (text_starts(line, "-P INPUT ")) {
		table->policy = line;
		return;
	}
	if (!text_starts(line, "-A ") && !text_starts(line, "-N "))
		return;
	if (table->rule_count == MAX_RULES) {
		table->is_cut = true;
		return;
	}
	copy = rest = arena_string(table->arena, line);
	strsep(&rest, " ");
	chain = strsep(&rest, " ");
	table->rules = arena_grow(table->arena, table->rules, table->rule_count,
				  sizeof(*table->rules));
	table->rules[table->rule_count++] =
		(struct rule){ .chain = chain, .text = copy[1] == 'A' ? line : NULL };
}

/* Follow the packet through INPUT: may it come in?  *ret_rule says what keeps it out. */
static enum answer is_open(struct table *table, struct firewall_port port,
			   const char **ret_rule)
{
	struct walk walk = { 0 };

	table->port = port;
	table->steps = 0;
	table->gave_up = table->is_cut;
	walk_chain(table, "INPUT", 0, &walk);
	if (table->gave_up || (!table->policy && walk.open == ANSWER_UNKNOWN))
		return ANSWER_UNKNOWN;
	if (walk.open == ANSWER_UNKNOWN) {
		walk.open = text_ends(table->policy, " ACCEPT") ? ANSWER_YES : ANSWER_NO;
		walk.rule = table->policy;
	}
	if (walk.open == ANSWER_YES)
		return walk.may_close ? ANSWER_UNKNOWN : ANSWER_YES;
	if (walk.may_open)
		return ANSWER_UNKNOWN;
	*ret_rule = walk.rule;
	return ANSWER_NO;
}

void firewall_read_iptables(struct arena *arena, char *text, struct host *host)
{
	struct table table = { .arena = arena, .host = host };
	struct firewall *firewall = &host->firewall;
	char *line;

	firewall->rule = NULL;
	while ((line = strsep(&text, "\n")))
		add_line(&table, line);
	firewall->udp_8472_open =
		is_open(&table, (struct firewall_port){ false, 8472 }, &firewall->rule);
	for (size_t i = 0; i < host->tcp_port_count; i++) {
		struct tcp_port *port = &host->tcp_ports[i];

		port->rule = NULL;
		port->open =
			is_open(&table, (struct firewall_port){ true, (int)port->port },
				&port->rule);
	}
}
