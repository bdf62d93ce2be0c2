// SPDX-License-Identifier: Apache-2.0
#include "collect/containerd.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <string.h>

#include <wasmdiag/text.h>

#include "cleanup.h"
#include "collect/chase.h"
#include "collect/processes.h"
#include "collect/search_path.h"

#define FILES_MAX 64

static const char stock_path[] = "/etc/containerd/config.toml";

/* The files still to be read, in containerd's order: breadth first. */
struct queue {
	const char **paths; /* FILES_MAX */
	size_t count;
};

/* -c FILE, -c=FILE, --config FILE, --config=FILE */
static const char *config_argument(const struct string_list *arguments)
{
	for (size_t i = 1; i < arguments->count; i++) {
		const char *argument = arguments->items[i];
		const char *value = argument + strcspn(argument, "=");

		if (text_starts(argument, "--config=") || text_starts(argument, "-c="))
			return value + 1;
		if ((text_equal(argument, "-c") || text_equal(argument, "--config")) &&
		    i + 1 < arguments->count)
			return arguments->items[i + 1];
	}
	return NULL;
}

/* Is containerd running here?  Then *config is the file it was told to read, or NULL. */
static bool find_process(struct host_context *context, const char **config)
{
	const struct process_list *processes = host_processes(context);

	for (size_t i = 0; i < processes->count; i++) {
		struct string_list arguments;

		if (!text_equal(processes->items[i].name, "containerd") ||
		    process_in_root(context, processes->items[i].pid) == ANSWER_NO)
			continue;
		arguments = process_arguments(context, processes->items[i].pid);
		*config = config_argument(&arguments);
		return true;
	}
	return false;
}

static const char *data_dir(const struct host *host)
{
	return host->k3s.data_dir ? host->k3s.data_dir : "/var/lib/rancher/k3s";
}

/* Choose the file; false when there is no trace of containerd. */
static bool choose_path(struct host_context *context, struct host *host)
{
	struct containerd *containerd = &host->containerd;
	const char *k3s = arena_format(
		context->arena, "%s/agent/etc/containerd/config.toml", data_dir(host));
	const char *given = NULL;
	bool runs = find_process(context, &given);

	containerd->flavor = "containerd";
	if (host_exists(context, k3s))
		containerd->path = k3s;
	else if (given && given[0] == '/')
		containerd->path = given;
	else if (host_exists(context, stock_path))
		containerd->path = stock_path;
	/* RKE2 lays out its folders as K3s does */
	if (text_has(containerd->path, "/agent/etc/containerd/"))
		containerd->flavor = "k3s";
	return containerd->path || runs ||
	       host_exists(context, "/run/containerd/containerd.sock");
}

static void set_folders(struct host_context *context, struct host *host)
{
	struct containerd *containerd = &host->containerd;
	bool k3s = text_equal(containerd->flavor, "k3s");

	if (!containerd->root)
		containerd->root =
			k3s ? arena_format(context->arena, "%s/agent/containerd",
					   data_dir(host))
			    : "/var/lib/containerd";
	if (!containerd->state)
		containerd->state = k3s ? "/run/k3s/containerd" : "/run/containerd";
}

/* The template K3s made the file from, else the one it would (facts B1). */
static void set_template(struct host_context *context, struct containerd *containerd)
{
	const char *path = containerd->path;
	int folder = (int)(strrchr(path, '/') - path);
	const char *new =
		arena_format(context->arena, "%.*s/config-v3.toml.tmpl", folder, path);
	const char *old =
		arena_format(context->arena, "%.*s/config.toml.tmpl", folder, path);
	bool v3 = containerd->version >= 3 || containerd->version == UNSET;

	if (v3 && host_exists(context, new))
		containerd->template = new;
	else if (host_exists(context, old))
		containerd->template = old;
	else
		containerd->template = v3 ? new : old;
}

static void enqueue(struct host_context *context, struct queue *queue, const char *path)
{
	for (size_t i = 0; i < queue->count; i++)
		if (text_equal(queue->paths[i], path))
			return;
	if (queue->count < FILES_MAX)
		queue->paths[queue->count++] = arena_string(context->arena, path);
}

static void release_glob(glob_t *found)
{
	globfree(found);
}

static void enqueue_matches(struct host_context *context, struct queue *queue,
			    const char *pattern)
{
	_cleanup_(release_glob) glob_t found = { 0 };

	if (glob(host_path(context, pattern), 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		enqueue(context, queue, found.gl_pathv[i] + strlen(context->root));
}

static void enqueue_imports(struct host_context *context, struct queue *queue,
			    const struct containerd_file *file)
{
	const struct toml_node *imports = toml_get(file->root, "imports");

	if (!imports || imports->type != TOML_ARRAY)
		return;
	for (const struct toml_node *node = imports->first; node; node = node->next) {
		const char *path = toml_string(node);

		if (!path)
			continue;
		if (path[0] != '/')
			path = arena_format(context->arena, "%.*s/%s",
					    (int)(strrchr(file->path, '/') - file->path),
					    file->path, path);
		if (strchr(path, '*'))
			enqueue_matches(context, queue, path);
		else
			enqueue(context, queue, path);
	}
}

static bool read_file(struct host_context *context, struct containerd *containerd,
		      struct containerd_file *file, struct error *error)
{
	struct bytes bytes;
	struct toml toml;

	if (!host_read(context, file->path, TOML_SIZE_MAX, &bytes, error))
		return false;
	if (!toml_parse(context->arena, bytes.data, bytes.size, &toml, error)) {
		containerd->duplicate_table = toml.duplicate;
		return fail_in(error, "%s", file->path);
	}
	file->root = toml.root;
	file->version = toml_integer(toml_get(toml.root, "version"));
	if (file->version == UNSET)
		file->version = 0;
	if (!file->imported)
		containerd->version = file->version ? file->version : 1;
	if (file->version > containerd->version)
		return fail(error, ERROR_FORMAT,
			    "%s has version %lld, above the %lld of %s that imports it",
			    file->path, (long long)file->version,
			    (long long)containerd->version, containerd->path);
	return true;
}

/* Read the file and all it imports; stops at the first that containerd would not load. */
static bool read_files(struct host_context *context, struct host *host,
		       struct error *error)
{
	struct containerd *containerd = &host->containerd;
	struct queue queue = {
		.paths = arena_array(context->arena, FILES_MAX, sizeof(*queue.paths)),
	};

	enqueue(context, &queue, containerd->path);
	for (size_t i = 0; i < queue.count; i++) {
		struct containerd_file file = { .path = queue.paths[i],
						.imported = i > 0 };

		containerd->imports = (struct string_list){ queue.paths + 1, i };
		if (!read_file(context, containerd, &file, error))
			return false;
		containerd_apply(context, host, &file);
		enqueue_imports(context, &queue, &file);
	}
	return true;
}

/* The binary of a shim: the last two parts of its type (containerd
 * pkg/shim/util.go, BinaryName). */
static const char *shim_name(struct host_context *context, const char *type)
{
	const char *version = type ? strrchr(type, '.') : NULL;
	const char *name = version ? memrchr(type, '.', (size_t)(version - type)) : NULL;

	if (type && type[0] == '/')
		return type;
	if (!name)
		return NULL;
	return arena_format(context->arena, "containerd-shim-%.*s-%s",
			    (int)(version - name - 1), name + 1, version + 1);
}

static void find_binaries(struct host_context *context, struct host *host)
{
	const char *search_path = containerd_search_path(context, host);

	for (size_t i = 0; i < host->containerd.handler_count; i++) {
		struct runtime_handler *handler = &host->containerd.handlers[i];
		const char *name = handler->binary_name ? handler->binary_name : "runc";

		if (!handler_runs_oci(handler))
			name = handler->runtime_path
				       ? handler->runtime_path
				       : shim_name(context, handler->runtime_type);
		if (name)
			handler->binary = find_program(context, name, search_path);
	}
}

void collect_containerd(struct host_context *context, struct host *host)
{
	struct containerd *containerd = &host->containerd;
	struct source *source = &host->source[HOST_CONTAINERD];
	struct error error = { 0 };

	containerd->version = UNSET;
	if (!choose_path(context, host)) {
		host_fact_set(context, source, FACT_ABSENT,
			      "no containerd: neither its process nor %s", stock_path);
		return;
	}
	if (containerd->path && !read_files(context, host, &error)) {
		bool first = containerd->version == UNSET;

		if (error.kind == ERROR_DENIED && first) {
			host_fact_set(context, source, FACT_DENIED, "%s", error.text);
			return;
		}
		containerd->error = arena_string(context->arena, error.text);
	}
	if (!containerd->error)
		containerd_add_default(context, containerd);
	if (text_equal(containerd->flavor, "k3s"))
		set_template(context, containerd);
	if (!containerd->default_runtime)
		containerd->default_runtime = "runc";
	if (!containerd->snapshotter)
		containerd->snapshotter = "overlayfs";
	set_folders(context, host);
	find_binaries(context, host);
	host_fact_set(context, source, FACT_KNOWN, NULL);
}
