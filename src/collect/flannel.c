// SPDX-License-Identifier: Apache-2.0
#include "collect/flannel.h"

#include <errno.h>
#include <stdlib.h>

#include <jansson.h>

#include <wasmdiag/text.h>

#include "collect/chase.h"
#include "collect/host_system.h"

#define FILE_LIMIT ((size_t)64 * 1024)

bool flannel_parse_net_conf(struct arena *arena, struct bytes bytes,
			    struct flannel *flannel, struct error *error)
{
	json_error_t trouble;
	json_auto_t *root =
		json_loadb(bytes.data ? bytes.data : "", bytes.size, 0, &trouble);

	if (!root)
		return fail(error, ERROR_FORMAT, "line %d, column %d: this is not JSON",
			    trouble.line, trouble.column);
	if (!json_is_object(root))
		return fail(error, ERROR_FORMAT, "this is JSON, but no object");
	flannel->network =
		arena_string(arena, json_string_value(json_object_get(root, "Network")));
	flannel->backend =
		arena_string(arena, json_string_value(json_object_get(
					    json_object_get(root, "Backend"), "Type")));
	return true;
}

static int64_t positive(const char *text)
{
	long long value;
	char *end;

	errno = 0;
	value = strtoll(text, &end, 10);
	return errno || end == text || *end || value <= 0 ? UNSET : value;
}

bool flannel_parse_subnet_env(struct arena *arena, char *text, struct flannel *flannel,
			      struct error *error)
{
	char *line, *value;

	while ((line = strsep(&text, "\n"))) {
		value = strchr(line, '=');
		if (!value)
			continue;
		*value++ = '\0';
		value[strcspn(value, "\r")] = '\0';
		if (text_equal(line, "FLANNEL_NETWORK"))
			flannel->subnet_env_network = arena_string(arena, value);
		else if (text_equal(line, "FLANNEL_SUBNET") && *value)
			flannel->subnet = arena_string(arena, value);
		else if (text_equal(line, "FLANNEL_MTU"))
			flannel->mtu = positive(value);
	}
	return flannel->subnet || fail(error, ERROR_FORMAT, "it has no FLANNEL_SUBNET");
}

/* Noted when it is there, or when it cannot be told whether it is. */
static bool read_file(struct host_context *context, const char *path, struct bytes *bytes,
		      struct error *error)
{
	*error = (struct error){ 0 };
	return host_read(context, path, FILE_LIMIT, bytes, error) ||
	       error->kind != ERROR_ABSENT;
}

static void read_net_conf(struct host_context *context, struct host *host,
			  struct error *error)
{
	struct flannel *flannel = &host->flannel;
	struct bytes bytes = { 0 };
	const char *path =
		arena_format(context->arena, "%s/agent/etc/flannel/net-conf.json",
			     host_data_dir(host));

	if (!read_file(context, path, &bytes, error)) {
		path = "/etc/kube-flannel/net-conf.json";
		if (!read_file(context, path, &bytes, error))
			return;
	}
	flannel->net_conf = path;
	if (!error->kind)
		flannel_parse_net_conf(context->arena, bytes, flannel, error);
	if (error->kind)
		flannel->net_conf_error = arena_string(context->arena, error->text);
}

static void read_subnet_env(struct host_context *context, struct host *host,
			    struct error *error)
{
	static const char path[] = "/run/flannel/subnet.env";
	struct flannel *flannel = &host->flannel;
	struct bytes bytes = { 0 };

	if (!read_file(context, path, &bytes, error))
		return;
	flannel->subnet_env = path;
	if (!error->kind)
		flannel_parse_subnet_env(context->arena,
					 bytes.data ? bytes.data : (char[]){ "" },
					 flannel, error);
	if (error->kind)
		flannel->subnet_env_error = arena_string(context->arena, error->text);
}

void collect_flannel(struct host_context *context, struct host *host)
{
	struct source *source = &host->source[HOST_FLANNEL];
	struct error conf = { 0 }, env = { 0 };

	host->flannel = (struct flannel){ .mtu = UNSET };
	read_net_conf(context, host, &conf);
	read_subnet_env(context, host, &env);
	if (conf.kind == ERROR_DENIED || env.kind == ERROR_DENIED)
		host_fact_error(context, source,
				conf.kind == ERROR_DENIED ? &conf : &env);
	else
		host_fact_set(context, source, FACT_KNOWN, NULL);
}
