// SPDX-License-Identifier: Apache-2.0
/*
 * May a peer's packet come in: vxlan's (UDP to port 8472 of this node, from another node,
 * the first of its flow), a first one to a TCP port that K3s listens on?  Rules are read
 * conservatively: what we do not understand might match, and then the answer is
 * ANSWER_UNKNOWN.  ANSWER_NO and ANSWER_YES are certain, as far as this tool's rules go.
 */
#pragma once

#include "arena.h"

#include <wasmdiag/host.h>

/*
 * Read what `iptables -S` prints of the filter table and follow the packets through
 * INPUT.  host->addresses tell which destinations are ours (none: all might be).
 * host->firewall.udp_8472_open is set, and of each of host->tcp_ports whether it is open,
 * and for ANSWER_NO the rule that says so.  text is taken apart and must live as long as
 * the host.  At most 20000 rules are walked, chains 16
 * deep; beyond that the answer is ANSWER_UNKNOWN.
 */
void firewall_read_iptables(struct arena *arena, char *text, struct host *host)
	__attribute__((nonnull));

/*
 * Read `nft -j list ruleset`: true when a table other than iptables' own can turn an
 * incoming packet away (a base chain on hook input with a drop policy, or with rules).
 * What does not parse might too.
 */
bool firewall_nft_may_close(const char *json) __attribute__((nonnull));
