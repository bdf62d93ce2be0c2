// SPDX-License-Identifier: Apache-2.0
#include "collect/join.h"

#include <stdlib.h>
#include <string.h>

#include <wasmdiag/text.h>

#include "cleanup.h"
#include "collect/chase.h"
#include "collect/host_system.h"
#include "scrub.h"

/* The file that the token stands in; a server that is given none has one of its own. */
static const char *token_file(const struct host *host, const struct k3s_secrets *secrets)
{
	if (secrets->token_file.value)
		return secrets->token_file.value;
	if (text_equal(host->k3s.role, "server"))
		return arena_format(secrets->arena, "%s/server/token",
				    host_data_dir(host));
	return NULL;
}

/* The token as written, in the secrets' arena; NULL when there is none. */
static const char *find_token(struct host_context *context, const struct host *host,
			      const struct k3s_secrets *secrets, struct join *join)
{
	struct host_context reader = *context;
	struct error error = { 0 };
	const char *path, *text;

	if (secrets->token.value) {
		join->token_file = arena_string(context->arena, secrets->token.file);
		return secrets->token.value;
	}
	path = token_file(host, secrets);
	if (!path)
		return NULL;
	reader.arena = secrets->arena;
	join->token_file = arena_string(context->arena, path);
	text = host_text(&reader, path, &error);
	if (!text)
		join->token_error = arena_string(context->arena, error.text);
	return text;
}

static void ask_server(struct host_context *context, const struct host *host,
		       const struct k3s_secrets *secrets, struct join *join)
{
	const char *text = find_token(context, host, secrets, join);
	struct join_token token = { 0 };

	if (text) {
		join_token_parse(text, host->k3s.role, secrets->arena, &token);
		join->token = token.form;
	}
	join_probe(context->arena, secrets->arena, text ? &token : NULL, join);
}

/* The port a server listens on; 0: not given, 6443. */
static int64_t listen_port(const struct k3s_secrets *secrets)
{
	long port = secrets->listen_port.value
			    ? strtol(secrets->listen_port.value, NULL, 10)
			    : 0;

	return port > 0 && port < 65536 ? port : 6443;
}

/* K3s takes no password in a URL, which does not keep one from being there. */
static const char *kept_url(struct arena *arena, const char *url)
{
	char *copy = arena_string(arena, url);

	scrub(copy);
	return copy;
}

void collect_join(struct host_context *context, struct host *host)
{
	_cleanup_(arena_free) struct arena scratch = { 0 };
	struct k3s_secrets secrets = { .arena = &scratch };
	struct source *source = &host->source[HOST_JOIN];
	struct join *join = &host->join;
	struct k3s ignored = { 0 };

	*join = (struct join){ .skew_s = UNSET,
			       .not_before = UNSET,
			       .not_after = UNSET,
			       .token_status = UNSET,
			       .port = UNSET };
	if (!host->k3s.installed) {
		host_fact_set(context, source, FACT_ABSENT, "K3s is not installed here");
		return;
	}
	if (!host_shares_network(context, source))
		return;
	k3s_read(context, host->k3s.role, &ignored, &secrets);
	join->url = kept_url(context->arena, secrets.server.value);
	join->url_file = arena_string(context->arena, secrets.server.file);
	join->port = listen_port(&secrets);
	join->etcd =
		host_exists(context, arena_format(context->arena, "%s/server/db/etcd",
						  host_data_dir(host)));
	if (join->url)
		ask_server(context, host, &secrets, join);
	join_look_at_agent(context, host, &secrets, join);
	host_fact_set(context, source, FACT_KNOWN, NULL);
}
