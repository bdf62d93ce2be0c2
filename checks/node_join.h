// SPDX-License-Identifier: Apache-2.0
/*
 * A node on its way into its cluster, as the parts of the check node-join see it.  What
 * can be told by asking the server is judged by that; what K3s's journal says counts for
 * the rest (facts: cluster A3, A4).
 */
#pragma once

#include <wasmdiag/check.h>
#include <wasmdiag/report.h>

struct joining {
	const struct facts *facts;
	const struct host *host;
	struct report *report;
};

/* The finding about this host, with {node}, {unit} and, if any, {url}. */
struct finding *join_finding(const struct joining *joining, const struct guide *guide)
	__attribute__((nonnull));

/* "5 d 3 h", "2 min", "40 s" */
const char *join_span(struct report *report, int64_t seconds) __attribute__((nonnull));

/* "2026-11-24 10:00:00 UTC"; "?" for what is no time. */
const char *join_date(struct report *report, int64_t time) __attribute__((nonnull));

/* node_join_nodes.c, which wants no host: 3101, 3105 by event, 3113 */
void judge_nodes(const struct facts *facts, struct report *report)
	__attribute__((nonnull));

/* node_join_way.c: 3102, 3103, 3104, 3106, 3111 */
void judge_way(const struct joining *joining) __attribute__((nonnull));

/* node_join_host.c: 3107, 3108, 3109, 3110, 3112 */
void judge_certificates(const struct joining *joining) __attribute__((nonnull));
void judge_ports(const struct joining *joining) __attribute__((nonnull));
void judge_controllers(const struct joining *joining) __attribute__((nonnull));
void judge_proxy(const struct joining *joining) __attribute__((nonnull));
void judge_service(const struct joining *joining) __attribute__((nonnull));

/* node_join_heard.c: what the journal says of the above that was not found otherwise,
 * and 3105, 3114 */
void judge_journal(const struct joining *joining) __attribute__((nonnull));
