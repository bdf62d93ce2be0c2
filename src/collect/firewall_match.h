// SPDX-License-Identifier: Apache-2.0
/* One rule of `iptables -S` against a packet that is the first of its flow. */
#pragma once

#include <wasmdiag/host.h>

struct rule_match {
	enum answer matches; /* UNKNOWN: it might */
	const char *target; /* of -j or -g; NULL: none */
	bool is_goto;
};

/* The packet: to which port of this node. */
struct firewall_port {
	bool tcp; /* else udp */
	int number;
};

/*
 * Does "-A CHAIN ..." match a packet from another node to that port of this one?  It is
 * taken for new (ctstate NEW, TCP: SYN alone) and unmarked, its destination for one of
 * host->addresses. text is taken apart; the target lies in it.
 */
void rule_match_read(char *text, const struct host *host, struct firewall_port port,
		     struct rule_match *ret) __attribute__((nonnull));
