// SPDX-License-Identifier: Apache-2.0
/* How a node joins.  There is no row for a token, nor for a proxy's address. */
#include <wasmdiag/host.h>
#include <wasmdiag/text.h>

#include "facts_rows.h"
#include "rows.h"

static const char *const join_outcomes[] = {
	[JOIN_NOT_ASKED] = "not-asked",
	[JOIN_OK] = "ok",
	[JOIN_BAD_URL] = "bad-url",
	[JOIN_UNRESOLVED] = "unresolved",
	[JOIN_UNREACHABLE] = "unreachable",
	[JOIN_TIMEOUT] = "timeout",
	[JOIN_TLS] = "tls",
	[JOIN_NO_PONG] = "no-pong",
	[JOIN_OUTCOME_COUNT] = NULL,
};

static const char *const token_forms[] = {
	[TOKEN_NOT_READ] = "not-read",   [TOKEN_SHORT] = "short",   [TOKEN_FULL] = "full",
	[TOKEN_MALFORMED] = "malformed", [TOKEN_FORM_COUNT] = NULL,
};

/* clang-format off */
#define OF join
static const struct field join_rows[] = {
	TEXT(url, NULL),
	TEXT(url_file, NULL),
	WORD(outcome, join_outcomes),
	PROSE(error, NULL),
	NUMBER(skew_s, NULL),
	NUMBER(not_before, NULL),
	NUMBER(not_after, NULL),
	WORD(token, token_forms),
	TEXT(token_file, NULL),
	TEXT(token_error, NULL),
	WORD(ca_matches, answers),
	NUMBER(token_status, NULL),
	TEXT(balancer_file, NULL),
	STRINGS(balancer_servers, NULL),
	WORD(balancer_answers, answers),
	TEXT(proxy_file, NULL),
	BOOLEAN(proxy_catches_loopback, NULL),
	BOOLEAN(etcd, NULL),
	NUMBER(port, NULL),
};
const struct record join_record = RECORD(struct join, join_rows);
#undef OF

#define OF k3s_certificate
static const struct field k3s_certificate_rows[] = {
	TEXT(path, NULL),
	BOOLEAN(authority, NULL),
	NUMBER(not_before, NULL),
	NUMBER(not_after, NULL),
	TEXT(error, NULL),
};
const struct record k3s_certificate_record = RECORD(struct k3s_certificate, k3s_certificate_rows);
#undef OF

#define OF unit_log
static const struct field unit_log_rows[] = {
	TEXT(unit, NULL),
	STRINGS(lines, NULL),
};
const struct record unit_log_record = RECORD(struct unit_log, unit_log_rows);
#undef OF

#define OF tcp_port
static const struct field tcp_port_rows[] = {
	NUMBER(port, NULL),
	WORD(open, answers),
	TEXT(rule, NULL),
};
const struct record tcp_port_record = RECORD(struct tcp_port, tcp_port_rows);
#undef OF
/* clang-format on */
