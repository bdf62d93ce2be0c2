// SPDX-License-Identifier: Apache-2.0
/* How a K3s node joins its cluster, and what keeps it from that.  The conventions are
 * those of facts.h. */
#pragma once

#include <wasmdiag/facts.h>

/* How far a node gets on its way to the server; each step has a fix of its own. */
enum join_outcome {
	JOIN_NOT_ASKED, /* the first server joins nothing */
	JOIN_OK,
	JOIN_BAD_URL, /* no https:// URL: K3s takes nothing else */
	JOIN_UNRESOLVED,
	JOIN_UNREACHABLE,
	JOIN_TIMEOUT,
	JOIN_TLS, /* the handshake, or /cacerts does not vouch for the certificate */
	JOIN_NO_PONG, /* something answers that is not K3s's supervisor */
	JOIN_OUTCOME_COUNT,
};

/* The form of a token, never the token (K3s pkg/clientaccess/token.go). */
enum token_form {
	TOKEN_NOT_READ, /* none is configured, or it may not be read: token_error */
	TOKEN_SHORT, /* only the secret: valid, and the CA is not checked */
	TOKEN_FULL, /* K10<hash of the CA>::<user>:<secret> */
	TOKEN_MALFORMED,
	TOKEN_FORM_COUNT,
};

struct join {
	const char *url; /* of the server to join, as written; NULL: none */
	const char *url_file; /* where it is written */
	enum join_outcome outcome;
	const char *error; /* one sentence, unless OK */
	int64_t skew_s; /* the server's Date header minus our clock */
	int64_t not_before; /* of the certificate that the server shows */
	int64_t not_after;
	enum token_form token;
	const char *token_file; /* where it is written */
	const char *token_error;
	enum answer ca_matches; /* the token is one of the server's cluster */
	int64_t token_status; /* HTTP status of /v1-k3s/config with the token */
	const char *balancer_file; /* the agent's list of servers; NULL: none */
	struct string_list balancer_servers; /* host:port */
	enum answer balancer_answers; /* one of them takes a TCP connection */
	const char *proxy_file; /* where the service is given a proxy; NULL: nowhere */
	bool proxy_catches_loopback; /* NO_PROXY leaves 127.0.0.1 to it */
	bool etcd; /* it is a member of embedded etcd */
	int64_t port; /* a server's own: --https-listen-port */
};

/* A certificate that K3s made for itself: below <data>/agent or <data>/server/tls. */
struct k3s_certificate {
	const char *path;
	bool authority; /* a CA's, which K3s does not renew by itself */
	int64_t not_before;
	int64_t not_after;
	const char *error;
};

/* Lines of a service's journal that mean something (checks' YAML, `match`), from the last
 * quarter of an hour, and since it last said that it is up. */
struct unit_log {
	const char *unit;
	struct string_list lines;
};

/* May a peer's first packet to this port come in? */
struct tcp_port {
	int64_t port;
	enum answer open;
	const char *rule; /* what says no */
};
