// SPDX-License-Identifier: Apache-2.0
#include "collect/kube_parts.h"
#include "collect/kube_url.h"
#include "collect/pem.h"
#include "file.h"

bool kube_read_pem_file(const char *path, struct arena *arena, struct pem_source *ret,
			struct error *error)
{
	ret->what = path;
	return file_read(path, PEM_MAX_BYTES, arena, &ret->bytes, error);
}

bool kube_read_pem(const struct kubeconfig_entry *entry, struct pem_keys keys,
		   struct arena *arena, struct pem_source *ret, struct error *error)
{
	const char *path;

	*ret = (struct pem_source){ 0 };
	if (!entry_base64(entry, keys.data, arena, &ret->bytes, error))
		return false;
	if (ret->bytes.data) {
		ret->what =
			arena_format(arena, "%s:%u: %s", entry->file->path,
				     yaml_get(entry->node, keys.data)->line, keys.data);
		return true;
	}
	if (!entry_path(entry, keys.file, arena, &path, error))
		return false;
	return !path || kube_read_pem_file(path, arena, ret, error);
}

static bool apply_server(const struct kube_choice *choice, struct arena *arena,
			 struct kube_connection *connection, struct error *error)
{
	const struct kubeconfig_entry *cluster = &choice->cluster;
	const char *server = choice->options->server;

	if (server)
		return kube_url_parse(server, arena, connection, error) ||
		       fail_in(error, "--server");
	if (!entry_text(cluster, "server", &server, error))
		return false;
	if (!server)
		return fail(error, ERROR_USAGE, "cluster \"%s\" of %s has no server",
			    cluster->name, cluster->file->path);
	return kube_url_parse(server, arena, connection, error) ||
	       fail_in(error, "cluster \"%s\" of %s", cluster->name, cluster->file->path);
}

static bool read_ca(const struct kube_choice *choice, struct arena *arena,
		    bool *ret_insecure, struct pem_source *ret, struct error *error)
{
	static const struct pem_keys keys = { "certificate-authority-data",
					      "certificate-authority" };
	const struct kube_options *options = choice->options;

	*ret = (struct pem_source){ 0 };
	*ret_insecure = options->insecure_skip_tls_verify;
	if (options->certificate_authority)
		return kube_read_pem_file(options->certificate_authority, arena, ret,
					  error);
	if (options->insecure_skip_tls_verify)
		return true;
	return entry_bool(&choice->cluster, "insecure-skip-tls-verify", ret_insecure,
			  error) &&
	       kube_read_pem(&choice->cluster, keys, arena, ret, error);
}

static bool apply_trust(const struct kube_choice *choice, struct arena *arena,
			struct kube_connection *connection, struct error *error)
{
	const struct kube_options *options = choice->options;
	struct pem_source ca;
	const char *name = NULL;

	if (!read_ca(choice, arena, &connection->insecure, &ca, error))
		return false;
	if (ca.bytes.data && connection->insecure)
		return fail(error, ERROR_USAGE,
			    "%s: a certificate authority and insecure-skip-tls-verify "
			    "exclude each other",
			    ca.what);
	if (ca.bytes.data && !pem_check_certificates(ca.what, ca.bytes, error))
		return false;
	connection->ca = ca.bytes;
	if (!options->server &&
	    !entry_text(&choice->cluster, "tls-server-name", &name, error))
		return false;
	connection->tls_server_name = arena_string(
		arena, options->tls_server_name ? options->tls_server_name : name);
	return true;
}

static bool apply_proxy(const struct kube_choice *choice, struct arena *arena,
			struct kube_connection *connection, struct error *error)
{
	const struct kubeconfig_entry *cluster = &choice->cluster;
	const char *proxy;

	if (!entry_text(cluster, "proxy-url", &proxy, error))
		return false;
	if (proxy && !kube_url_check_proxy(proxy, error))
		return fail_in(error, "%s:%u", cluster->file->path,
			       yaml_get(cluster->node, "proxy-url")->line);
	connection->proxy_url = arena_string(arena, proxy);
	return true;
}

bool kube_apply_cluster(const struct kube_choice *choice, struct arena *arena,
			struct kube_connection *connection, struct error *error)
{
	return apply_server(choice, arena, connection, error) &&
	       (!connection->tls || apply_trust(choice, arena, connection, error)) &&
	       apply_proxy(choice, arena, connection, error) &&
	       entry_bool(&choice->cluster, "disable-compression",
			  &connection->disable_compression, error);
}
