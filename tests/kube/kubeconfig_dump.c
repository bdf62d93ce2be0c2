// SPDX-License-Identifier: Apache-2.0
/*
 * Prints what kubeconfig_load() makes of the command line as JSON, secrets and all: for
 * tests that compare it with kubectl.  Status 0, or 2 and the error on stderr.
 */
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>

#include "collect/kubeconfig.h"

enum { GROUP = 1000 };

static struct kube_options options;

static const char **target(int which)
{
	const char **const targets[] = {
		&options.kubeconfig,
		&options.context,
		&options.cluster,
		&options.user,
		&options.server,
		&options.token,
		&options.as,
		&options.namespace,
		&options.certificate_authority,
		&options.client_certificate,
		&options.client_key,
		&options.tls_server_name,
		&options.k3s_kubeconfig,
		&options.in_cluster_dir,
	};

	return targets[which];
}

static bool parse(int argc, char **argv, struct arena *arena)
{
	static int insecure;
	static const struct option names[] = {
		{ "kubeconfig", required_argument, NULL, 0 },
		{ "context", required_argument, NULL, 1 },
		{ "cluster", required_argument, NULL, 2 },
		{ "user", required_argument, NULL, 3 },
		{ "server", required_argument, NULL, 4 },
		{ "token", required_argument, NULL, 5 },
		{ "as", required_argument, NULL, 6 },
		{ "namespace", required_argument, NULL, 7 },
		{ "certificate-authority", required_argument, NULL, 8 },
		{ "client-certificate", required_argument, NULL, 9 },
		{ "client-key", required_argument, NULL, 10 },
		{ "tls-server-name", required_argument, NULL, 11 },
		{ "k3s-kubeconfig", required_argument, NULL, 12 },
		{ "in-cluster-dir", required_argument, NULL, 13 },
		{ "as-group", required_argument, NULL, GROUP },
		{ "insecure-skip-tls-verify", no_argument, &insecure, 1 },
		{ 0 },
	};
	struct string_list *groups = &options.as_groups;
	int which, index = 0;

	while ((which = getopt_long(argc, argv, "", names, &index)) != -1) {
		if (which == '?')
			return false;
		if (names[index].flag)
			continue;
		if (which != GROUP) {
			*target(which) = optarg;
			continue;
		}
		groups->items = arena_grow(arena, groups->items, groups->count,
					   sizeof(*groups->items));
		groups->items[groups->count++] = optarg;
	}
	options.insecure_skip_tls_verify = insecure;
	return true;
}

static json_t *dump_list(const struct string_list *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->count; i++)
		json_array_append_new(array, json_string(list->items[i]));
	return array;
}

static json_t *dump_impersonation(const struct kube_impersonation *as)
{
	json_t *extras = json_object();

	for (size_t i = 0; i < as->extra_count; i++)
		json_object_set_new(extras, as->extras[i].key,
				    dump_list(&as->extras[i].values));
	return json_pack("{s:s?, s:s?, s:o, s:o}", "user", as->user, "uid", as->uid,
			 "groups", dump_list(&as->groups), "extra", extras);
}

static json_t *dump(const struct kube_connection *connection)
{
	json_t *object = json_pack(
		"{s:s, s:b, s:s, s:i, s:s, s:s, s:b, s:s?, s:s?, s:b, s:s?, s:s}",
		"server", connection->server, "tls", connection->tls, "host",
		connection->host, "port", connection->port, "path", connection->path,
		"namespace", connection->namespace, "insecure", connection->insecure,
		"tls_server_name", connection->tls_server_name, "proxy_url",
		connection->proxy_url, "disable_compression",
		connection->disable_compression, "authorization",
		connection->authorization, "source", connection->source);

	json_object_update_new(object,
			       json_pack("{s:s?, s:s?, s:s?}", "ca", connection->ca.data,
					 "client_certificate",
					 connection->client_certificate.data,
					 "client_key", connection->client_key.data));
	json_object_set_new(object, "impersonation",
			    dump_impersonation(&connection->impersonation));
	return object;
}

int main(int argc, char **argv)
{
	struct arena arena = { 0 };
	struct error error = { 0 };
	struct kube_connection connection;
	int status = 0;

	if (!parse(argc, argv, &arena))
		return 2;
	if (kubeconfig_load(&options, &arena, &connection, &error)) {
		json_auto_t *object = dump(&connection);

		json_dumpf(object, stdout, JSON_INDENT(2));
		putchar('\n');
	} else {
		fprintf(stderr, "error %d: %s\n", error.kind, error.text);
		status = 2;
	}
	kube_connection_wipe(&connection);
	arena_free(&arena);
	return status;
}
