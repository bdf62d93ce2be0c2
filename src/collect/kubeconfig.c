// SPDX-License-Identifier: Apache-2.0
#include "collect/kubeconfig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <wasmdiag/text.h>

#include "cleanup.h"
#include "collect/kube_parts.h"
#include "collect/kubeconfig_file.h"
#include "file.h"

#define K3S_KUBECONFIG  "/etc/rancher/k3s/k3s.yaml"
#define SERVICE_ACCOUNT "/var/run/secrets/kubernetes.io/serviceaccount"
#define MAX_FILES       64

struct loader {
	const struct kube_options *options;
	struct arena *arena; /* what is kept */
	struct arena scratch; /* what is not: the files, secrets and all */
	struct kube_connection *connection;
	struct kubeconfig_files files;
	struct error *error;
};

static void cleanup_loader(struct loader *loader)
{
	arena_wipe(&loader->scratch);
}

/* Remember for "no kubeconfig: looked at ..." that there was nothing at a place. */
static void note_place(struct loader *loader, const char *place, const char *why)
{
	struct string_list *places = &loader->connection->places;

	places->items = arena_grow(loader->arena, places->items, places->count,
				   sizeof(*places->items));
	places->items[places->count++] =
		arena_format(loader->arena, "%s (%s)", place, why);
}

static void add_file(struct loader *loader, struct kubeconfig_file file)
{
	struct kubeconfig_files *files = &loader->files;

	if (yaml_is_null(file.root)) {
		note_place(loader, file.path, "empty");
		return;
	}
	files->items = arena_grow(&loader->scratch, files->items, files->count,
				  sizeof(*files->items));
	files->items[files->count++] = file;
}

/* A missing file is no error. */
static bool try_file(struct loader *loader, const char *path)
{
	struct kubeconfig_file file;

	if (kubeconfig_file_read(path, &loader->scratch, &file, loader->error)) {
		add_file(loader, file);
		return true;
	}
	if (loader->error->kind != ERROR_ABSENT)
		return false;
	note_place(loader, path, "missing");
	return true;
}

static bool load_explicit(struct loader *loader, const char *path)
{
	struct kubeconfig_file file;

	if (!kubeconfig_file_read(path, &loader->scratch, &file, loader->error))
		return fail_in(loader->error, "--kubeconfig");
	add_file(loader, file);
	return loader->files.count || loader->options->server ||
	       fail(loader->error, ERROR_USAGE, "--kubeconfig: %s is empty", path);
}

static bool was_named(const struct string_list *paths, const char *path)
{
	for (size_t i = 0; i < paths->count; i++) {
		if (strcmp(paths->items[i], path) == 0)
			return true;
	}
	return false;
}

static bool load_list(struct loader *loader, const char *list)
{
	const char *items[MAX_FILES];
	struct string_list paths = { .items = items };

	while (*list) {
		size_t length = strcspn(list, ":");
		const char *path = arena_copy(&loader->scratch, list, length);

		list += length + (list[length] == ':');
		if (!*path || was_named(&paths, path))
			continue;
		if (paths.count == MAX_FILES)
			return fail(loader->error, ERROR_LIMIT,
				    "$KUBECONFIG names more than 64 files");
		paths.items[paths.count++] = path;
		if (!try_file(loader, path))
			return fail_in(loader->error, "$KUBECONFIG");
	}
	return true;
}

static bool load_k3s(struct loader *loader)
{
	const char *path = loader->options->k3s_kubeconfig;

	if (!path)
		path = K3S_KUBECONFIG;
	if (try_file(loader, path))
		return true;
	if (loader->error->kind != ERROR_DENIED)
		return false;
	note_place(loader, path, "only root may read it");
	return true;
}

static bool load_files(struct loader *loader)
{
	const char *list = getenv("KUBECONFIG"), *home = getenv("HOME");

	if (loader->options->kubeconfig)
		return load_explicit(loader, loader->options->kubeconfig);
	if (list && *list)
		return load_list(loader, list);
	if (home && *home &&
	    !try_file(loader, arena_format(&loader->scratch, "%s/.kube/config", home)))
		return false;
	return loader->files.count || load_k3s(loader);
}

/* Harmless between quotes, and in a host name or address. */
static bool is_address(const char *text)
{
	static const char allowed[] =
		"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.:-_";

	return text && *text && !text[strspn(text, allowed)];
}

/* A namespace is a DNS label; anything else would end up in a URL's path. */
static bool is_namespace(const char *text)
{
	static const char allowed[] = "0123456789abcdefghijklmnopqrstuvwxyz-";
	size_t length = strlen(text);

	return length > 0 && length <= 63 && !text[strspn(text, allowed)];
}

static const char *pod_namespace(struct loader *loader, const char *folder)
{
	const char *path = arena_format(&loader->scratch, "%s/namespace", folder);
	const char *given = getenv("POD_NAMESPACE");
	struct bytes bytes;

	if (given && is_namespace(given))
		return given;
	if (!file_read(path, 4096, &loader->scratch, &bytes, NULL))
		return "default";
	bytes.data[strcspn(bytes.data, " \t\r\n")] = '\0';
	return is_namespace(bytes.data) ? bytes.data : "default";
}

/* What a pod has, as the kubeconfig it amounts to: one way to treat both. */
static const char *pod_kubeconfig(struct loader *loader, const char *folder,
				  const char *host, const char *port)
{
	struct arena *scratch = &loader->scratch;
	const char *ca = arena_format(scratch, "%s/ca.crt", folder);
	const char *authority =
		access(ca, F_OK) == 0 ? ", certificate-authority: ca.crt" : "";
	bool is_ipv6 = strchr(host, ':');

	return arena_format(
		scratch,
		"clusters: [{name: pod, cluster: {server: \"https://%s%s%s:%s\"%s}}]\n"
		"users: [{name: pod, user: {tokenFile: token}}]\n"
		"contexts: [{name: pod, context: {cluster: pod, user: pod, "
		"namespace: \"%s\"}}]\n"
		"current-context: pod\n",
		is_ipv6 ? "[" : "", host, is_ipv6 ? "]" : "", port, authority,
		pod_namespace(loader, folder));
}

static bool load_pod(struct loader *loader)
{
	const char *folder = loader->options->in_cluster_dir;
	const char *host = getenv("KUBERNETES_SERVICE_HOST");
	const char *port = getenv("KUBERNETES_SERVICE_PORT");
	struct kubeconfig_file file = { .path = "the pod's service account" };
	const char *token;
	char *text;

	if (!folder)
		folder = SERVICE_ACCOUNT;
	token = arena_format(&loader->scratch, "%s/token", folder);
	if (!is_address(host) || !is_address(port)) {
		note_place(loader, file.path, "no KUBERNETES_SERVICE_HOST");
		return true;
	}
	if (access(token, F_OK) != 0) {
		note_place(loader, file.path, "no token");
		return true;
	}
	file.folder = folder;
	file.owner = geteuid();
	text = arena_string(&loader->scratch, pod_kubeconfig(loader, folder, host, port));
	if (!kubeconfig_parse(&file, (struct bytes){ text, strlen(text) },
			      &loader->scratch, loader->error))
		return false;
	add_file(loader, file);
	return true;
}

static bool nothing_found(struct loader *loader)
{
	const struct string_list *places = &loader->connection->places;
	const char *text = "";

	for (size_t i = 0; i < places->count; i++)
		text = arena_format(&loader->scratch, "%s%s%s", text, i ? ", " : "",
				    places->items[i]);
	return fail(loader->error, ERROR_ABSENT, "no kubeconfig: looked at %s", text);
}

static bool no_such(struct loader *loader, const char *kind, const char *name)
{
	return fail(loader->error, ERROR_USAGE, "no %s \"%.64s\" in %s; it has: %s", kind,
		    name, kubeconfig_paths(&loader->files, &loader->scratch),
		    kubeconfig_names(&loader->files, kind, &loader->scratch));
}

/* *ret is empty when no context is chosen but none is needed. */
static bool choose_context(struct loader *loader, struct kubeconfig_entry *ret)
{
	const struct kube_options *options = loader->options;
	const char *name = options->context;

	*ret = (struct kubeconfig_entry){ 0 };
	if (!name && !kubeconfig_current_context(&loader->files, &name, loader->error))
		return false;
	if (!name && !options->cluster && !options->server)
		return fail(
			loader->error, ERROR_USAGE,
			"%s has no current-context; choose one with --context: %s",
			kubeconfig_paths(&loader->files, &loader->scratch),
			kubeconfig_names(&loader->files, "context", &loader->scratch));
	if (!name)
		return true;
	if (!kubeconfig_find(&loader->files, "context", name, ret, loader->error))
		return false;
	return ret->file || no_such(loader, "context", name);
}

/* The cluster or user: the option's, else the context's.  client-go, when the context
 * names one that is not there, goes on with localhost:8080 or asks for a password. */
static bool choose(struct loader *loader, const char *kind, const char *option,
		   const struct kubeconfig_entry *context, struct kubeconfig_entry *ret)
{
	const char *name = option;

	*ret = (struct kubeconfig_entry){ 0 };
	if (!name && !entry_text(context, kind, &name, loader->error))
		return false;
	if (!name)
		return true;
	if (!kubeconfig_find(&loader->files, kind, name, ret, loader->error))
		return false;
	if (ret->file)
		return true;
	no_such(loader, kind, name);
	return option ? false
		      : fail_in(loader->error, "context \"%.64s\"", context->name);
}

static bool set_namespace(struct loader *loader, const struct kubeconfig_entry *context)
{
	const char *name = loader->options->namespace;

	if (!name && !entry_text(context, "namespace", &name, loader->error))
		return false;
	if (!name)
		name = "default";
	if (!is_namespace(name))
		return fail(loader->error, ERROR_USAGE, "\"%.64s\" is not a namespace",
			    name);
	loader->connection->namespace = arena_string(loader->arena, name);
	return true;
}

static void set_source(struct loader *loader, const struct kubeconfig_entry *context)
{
	const char *paths = kubeconfig_paths(&loader->files, &loader->scratch);
	struct kube_connection *connection = loader->connection;

	if (loader->files.count == 0)
		connection->source = arena_string(loader->arena, "--server");
	else if (!context->file)
		connection->source = arena_string(loader->arena, paths);
	else
		connection->source = arena_format(loader->arena, "%s, context %s", paths,
						  context->name);
}

static bool connect(struct loader *loader)
{
	struct kube_choice choice = { .options = loader->options };
	struct kubeconfig_entry context;

	if (!choose_context(loader, &context) ||
	    !choose(loader, "cluster", loader->options->cluster, &context,
		    &choice.cluster) ||
	    !choose(loader, "user", loader->options->user, &context, &choice.user))
		return false;
	if (!choice.cluster.file && context.file && !loader->options->server)
		return fail(loader->error, ERROR_USAGE,
			    "context \"%.64s\" of %s names no cluster", context.name,
			    context.file->path);
	set_source(loader, &context);
	return set_namespace(loader, &context) &&
	       kube_apply_cluster(&choice, loader->arena, loader->connection,
				  loader->error) &&
	       kube_apply_user(&choice, loader->arena, loader->connection, loader->error);
}

/* Whatever is wrong with files is for the user to mend; "absent" means none at all. */
static bool as_usage(struct error *error)
{
	switch (error->kind) {
	case ERROR_ABSENT:
	case ERROR_DENIED:
	case ERROR_FORMAT:
	case ERROR_LIMIT:
		error->kind = ERROR_USAGE;
		return false;
	default:
		return false;
	}
}

bool kubeconfig_load(const struct kube_options *options, struct arena *arena,
		     struct kube_connection *ret, struct error *error)
{
	struct error mine = { 0 };
	_cleanup_(cleanup_loader) struct loader loader = {
		.options = options,
		.arena = arena,
		.connection = ret,
		.error = error ? error : &mine,
	};

	*ret = (struct kube_connection){ .request_timeout_ms =
						 options->request_timeout_ms };
	if (!load_files(&loader))
		return as_usage(loader.error);
	if (loader.files.count == 0 && !options->server && !load_pod(&loader))
		return as_usage(loader.error);
	if (loader.files.count == 0 && !options->server)
		return nothing_found(&loader);
	return connect(&loader) || as_usage(loader.error);
}

static void wipe_text(const char **text)
{
	/* const for those who use it; it is the arena's, and ours to overwrite */
	if (*text)
		explicit_bzero((char *)*text, strlen(*text));
	*text = NULL;
}

static void wipe_bytes(struct bytes *bytes)
{
	if (bytes->data)
		explicit_bzero(bytes->data, bytes->size);
	*bytes = (struct bytes){ 0 };
}

void kube_connection_wipe(struct kube_connection *connection)
{
	wipe_text(&connection->authorization);
	wipe_text(&connection->proxy_url);
	wipe_bytes(&connection->client_certificate);
	wipe_bytes(&connection->client_key);
}
