// SPDX-License-Identifier: Apache-2.0
/*
 * What keeps a K3s node from its cluster (facts: cluster A).  All collectors want
 * HOST_K3S and are FACT_ABSENT where there is no K3s, but for the controllers.
 */
#pragma once

#include "bytes.h"
#include "collect/host.h"
#include "collect/k3s.h"
#include "error.h"

/*
 * HOST_JOIN: the server that K3s is told to join, asked as a joining agent asks, one
 * question after the other: /ping, /cacerts and, with the token, /v1-k3s/config, of which
 * only the status is looked at.  These have no side effects: K3s's other endpoints make a
 * node password.  The token goes nowhere unless its CA hash is the server's.
 */
void collect_join(struct host_context *context, struct host *host)
	__attribute__((nonnull));

/* HOST_CGROUPS: the controllers that can be used, of v1, v2 or both. */
void collect_cgroups(struct host_context *context, struct host *host)
	__attribute__((nonnull));

/* HOST_K3S_CERTIFICATES: those below <data>/agent and <data>/server/tls. */
void collect_k3s_certificates(struct host_context *context, struct host *host)
	__attribute__((nonnull));

/* HOST_UNIT_LOGS: of the journal of K3s's unit the lines that context->wanted_line asks
 * for; FACT_NOT_SOUGHT when it asks for none. */
void collect_unit_logs(struct host_context *context, struct host *host)
	__attribute__((nonnull));

/* ---- its parts, for tests ---- */

/* A join token taken apart; what it points to is in the arena given. */
struct join_token {
	enum token_form form;
	const char *ca_hash; /* 64 hex digits; NULL: the CA is not checked */
	const char *authorization; /* the header's value; a secret */
};

/*
 * Take a token apart as K3s does (pkg/clientaccess/token.go parseToken): K10<hash>::user:
 * secret, K10<hash>::<bootstrap token>, or the secret alone.  role decides the user, as
 * in K3s: "node" for an agent whatever the token says, else "server".
 */
void join_token_parse(const char *text, const char *role, struct arena *arena,
		      struct join_token *ret) __attribute__((nonnull(1, 3, 4)));

/*
 * The hash of a cluster's CA bundle as tokens have it (token.go hashCA): of the very
 * bytes when it is one certificate; of the DER of the root that the first one chains to
 * when there are more.  NULL when it holds no certificate.
 */
const char *join_ca_hash(struct bytes bundle, struct arena *arena);

/* Ask the server at join->url, and fill in outcome, error, skew_s, the certificate's
 * dates, ca_matches and token_status.  scratch holds the secrets. */
void join_probe(struct arena *arena, struct arena *scratch,
		const struct join_token *token, struct join *join)
	__attribute__((nonnull(1, 2, 4)));

/* The servers of the agent's load balancer, from its file; at most 16.  False when it is
 * not such a file, or was made for another URL, in which case K3s ignores it. */
bool join_read_balancer(struct arena *arena, struct bytes bytes, const char *url,
			struct string_list *ret) __attribute__((nonnull(1, 4)));

/* Does a NO_PROXY keep 127.0.0.1 from the proxy (Go golang.org/x/net/http/httpproxy)? */
bool join_spares_loopback(const char *no_proxy);

/* Which of an agent's servers answer, and whether a proxy takes what is for itself. */
void join_look_at_agent(struct host_context *context, const struct host *host,
			const struct k3s_secrets *secrets, struct join *join)
	__attribute__((nonnull));

/*
 * The lines of `journalctl -o short-unix` not older than since that wanted() says yes to:
 * the last 12 that differ in more than their time, without it, none from before K3s last
 * said that it is up.  They are scrubbed.  text is taken apart.
 */
struct string_list journal_find(struct arena *arena, char *text, int64_t since,
				bool (*wanted)(const char *line))
	__attribute__((nonnull));

/* The controllers of a /proc/cgroups that are enabled and mounted. */
void cgroups_parse(struct arena *arena, char *text, struct string_list *ret)
	__attribute__((nonnull));
