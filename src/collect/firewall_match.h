// SPDX-License-Identifier: Apache-2.0
/* One rule of `iptables -S` against a packet that is the first of its flow. */
#pragma once

#include <wasmdiag/host.h>

struct rule_match {
	enum answer matches; /* UNKNOWN: it might */
	const char *target; /* of -j or -g; NULL: none */
	bool is_goto;
};

/*
 * Does "-A CHAIN ..." match a UDP packet from another node to port of this one?  It is
 * taken for new (ctstate NEW) and unmarked, its destination for one of host->addresses.
 * text is taken apart; the target lies in it.
 */
void rule_match_read(char *text, const struct host *host, int port,
		     struct rule_match *ret) __attribute__((nonnull));
