// SPDX-License-Identifier: Apache-2.0
/* Asks K3s's supervisor as an agent that joins does (facts: cluster A2). */
#include <string.h>
#include <time.h>

#include <wasmdiag/text.h>

#include "collect/join.h"
#include "collect/kube.h"
#include "collect/kube_url.h"

#define REQUEST_TIMEOUT 4000 /* ms */
#define PROBE_TIMEOUT   6000
#define BODY_LIMIT      ((size_t)256 << 10)

/* The server, who asks it, and where the answers go. */
struct probe {
	struct arena *arena, *scratch;
	const struct join_token *token; /* NULL: none */
	struct join *join;
	struct http_endpoint endpoint;
	struct bytes bundle; /* what /cacerts says */
};

/* One question and its answer. */
struct question {
	struct arena *arena;
	const char *path;
	struct bytes body; /* NULL: it is thrown away */
	bool keeps_body;
	struct kube_result result;
	int64_t certificate_start, certificate_end;
};

static void take_text(void *context, const char *bytes, size_t length)
{
	struct question *question = context;
	struct bytes *body = &question->body;
	char *joined;

	if (!question->keeps_body || length > BODY_LIMIT - body->size)
		return;
	joined = arena_alloc(question->arena, body->size + length + 1);
	if (body->size)
		memcpy(joined, body->data, body->size);
	memcpy(joined + body->size, bytes, length);
	body->data = joined;
	body->size += length;
}

static void ask(const struct probe *probe, struct question *question)
{
	struct kube_request request = { .kind = KUBE_TEXT,
					.path = question->path,
					.byte_limit = BODY_LIMIT,
					.context = question,
					.on_text = take_text };
	struct error error = { 0 };
	struct kube_client *client =
		kube_open(&probe->endpoint, REQUEST_TIMEOUT, PROBE_TIMEOUT, &error);

	question->arena = probe->scratch;
	if (client) {
		kube_run(client, &request, 1);
		question->result = request.result;
		question->certificate_start = kube_totals(client)->certificate_start;
		question->certificate_end = kube_totals(client)->certificate_end;
	} else {
		question->result.outcome = OUTCOME_NOT_SENT;
		question->result.error = error;
	}
	kube_close(client);
}

static bool stop(const struct probe *probe, enum join_outcome outcome, const char *why)
{
	probe->join->outcome = outcome;
	probe->join->error = arena_string(probe->arena, why);
	return false;
}

/* A reply of whatever kind, or why there was none. */
static bool has_reply(const struct probe *probe, const struct question *question)
{
	const char *why = question->result.error.text;

	switch (question->result.outcome) {
	case OUTCOME_UNRESOLVED:
		return stop(probe, JOIN_UNRESOLVED, why);
	case OUTCOME_UNREACHABLE:
		return stop(probe, JOIN_UNREACHABLE, why);
	case OUTCOME_TLS:
		return stop(probe, JOIN_TLS, why);
	case OUTCOME_TIMEOUT:
	case OUTCOME_NOT_SENT:
		return stop(probe, JOIN_TIMEOUT, why);
	default:
		if (question->result.http_status)
			return true;
		return stop(probe, JOIN_NO_PONG, why);
	}
}

static bool ask_ping(struct probe *probe)
{
	struct question ping = { .path = "/ping", .keeps_body = true };
	struct join *join = probe->join;

	ask(probe, &ping);
	join->not_before = ping.certificate_start;
	join->not_after = ping.certificate_end;
	if (!has_reply(probe, &ping))
		return false;
	if (ping.result.server_time != UNSET)
		join->skew_s = ping.result.server_time - (int64_t)time(NULL);
	if (ping.result.outcome == OUTCOME_OK && text_starts(ping.body.data, "pong"))
		return true;
	return stop(probe, JOIN_NO_PONG,
		    arena_format(probe->scratch,
				 "/ping was answered with HTTP status %d and no \"pong\"",
				 ping.result.http_status));
}

static bool ask_authority(struct probe *probe)
{
	struct question cacerts = { .path = "/cacerts", .keeps_body = true };

	ask(probe, &cacerts);
	if (!has_reply(probe, &cacerts))
		return false;
	probe->bundle = cacerts.body;
	if (cacerts.result.outcome == OUTCOME_OK && cacerts.body.data)
		return true;
	return stop(probe, JOIN_NO_PONG,
		    arena_format(probe->scratch,
				 "/cacerts was answered with HTTP status %d",
				 cacerts.result.http_status));
}

/* Is the token one of this cluster?  K3s goes no further when it is not. */
static bool compare_hash(const struct probe *probe)
{
	const char *hash = join_ca_hash(probe->bundle, probe->scratch);

	if (!hash)
		return stop(probe, JOIN_NO_PONG, "/cacerts holds no certificate");
	if (!probe->token || !probe->token->ca_hash)
		return true;
	probe->join->ca_matches =
		strcasecmp(hash, probe->token->ca_hash) == 0 ? ANSWER_YES : ANSWER_NO;
	return true;
}

/* Verified by what /cacerts gave, as K3s does; with the token when that may be shown. */
static bool ask_configuration(struct probe *probe)
{
	bool shows = probe->token && probe->token->authorization &&
		     probe->join->ca_matches != ANSWER_NO;
	struct question question = { .path = shows ? "/v1-k3s/config" : "/cacerts" };

	probe->endpoint.insecure = false;
	probe->endpoint.ca = probe->bundle.data;
	probe->endpoint.authorization = shows ? probe->token->authorization : NULL;
	ask(probe, &question);
	if (!has_reply(probe, &question))
		return false;
	if (shows)
		probe->join->token_status = question.result.http_status;
	return true;
}

static bool prepare(struct probe *probe)
{
	struct kube_connection connection = { 0 };
	struct error error = { 0 };

	if (!text_starts(probe->join->url, "https://"))
		return stop(probe, JOIN_BAD_URL, "K3s takes https:// only");
	if (!kube_url_parse(probe->join->url, probe->scratch, &connection, &error))
		return stop(probe, JOIN_BAD_URL, error.text);
	/* agents reach their server directly, whatever proxy the environment names */
	probe->endpoint = (struct http_endpoint){ .tls = true,
						  .host = connection.host,
						  .port = connection.port,
						  .proxy_url = "",
						  .insecure = true,
						  .http1 = true };
	return true;
}

void join_probe(struct arena *arena, struct arena *scratch,
		const struct join_token *token, struct join *join)
{
	struct probe probe = {
		.arena = arena, .scratch = scratch, .token = token, .join = join
	};

	if (prepare(&probe) && ask_ping(&probe) && ask_authority(&probe) &&
	    compare_hash(&probe) && ask_configuration(&probe))
		join->outcome = JOIN_OK;
}
