// SPDX-License-Identifier: Apache-2.0
/*
 * What a file of containerd's configuration says of its CRI plugin.
 *
 * Files are merged as containerd 2 does it (cmd/containerd/server/config/config.go): an
 * imported file adds to tables and lists, and replaces what is plain.  containerd 1
 * replaced a plugin's whole section; it is not told apart here, as that would turn a
 * handler that is there into one that is not.
 */
#include <string.h>

#include <wasmdiag/text.h>

#include "collect/containerd.h"

#define HANDLERS_MAX 256
#define LIST_MAX     256

static const char plugin_v1[] = "cri";
static const char plugin_v2[] = "io.containerd.grpc.v1.cri";
static const char plugin_v3[] = "io.containerd.cri.v1.runtime";
static const char plugin_v3_images[] = "io.containerd.cri.v1.images";

static void set_string(const char **field, const struct toml_node *node)
{
	const char *value = toml_string(node);

	if (value && *value)
		*field = value;
}

static void add_strings(struct host_context *context, struct string_list *list,
			const struct toml_node *array)
{
	if (!array || array->type != TOML_ARRAY)
		return;
	for (const struct toml_node *node = array->first; node; node = node->next) {
		bool there = !toml_string(node) || list->count >= LIST_MAX;

		for (size_t i = 0; i < list->count && !there; i++)
			there = text_equal(list->items[i], toml_string(node));
		if (there)
			continue;
		list->items = arena_grow(context->arena, list->items, list->count,
					 sizeof(*list->items));
		list->items[list->count++] = toml_string(node);
	}
}

static struct runtime_handler *
get_handler(struct host_context *context, struct containerd *containerd, const char *name)
{
	struct runtime_handler *handler;

	for (size_t i = 0; i < containerd->handler_count; i++)
		if (text_equal(containerd->handlers[i].name, name))
			return &containerd->handlers[i];
	if (containerd->handler_count >= HANDLERS_MAX)
		return NULL;
	containerd->handlers =
		arena_grow(context->arena, containerd->handlers,
			   containerd->handler_count, sizeof(*containerd->handlers));
	handler = &containerd->handlers[containerd->handler_count++];
	*handler = (struct runtime_handler){ .name = name };
	return handler;
}

void containerd_add_default(struct host_context *context, struct containerd *containerd)
{
	struct runtime_handler *runc = get_handler(context, containerd, "runc");

	if (runc && !runc->runtime_type)
		runc->runtime_type = "io.containerd.runc.v2";
}

static void apply_handler(struct host_context *context, struct containerd *containerd,
			  const struct toml_node *table, const char *file)
{
	struct runtime_handler *handler = get_handler(context, containerd, table->key);
	const struct toml_node *options = toml_get(table, "options");
	const struct toml_node *systemd = toml_get(options, "SystemdCgroup");

	if (!handler)
		return;
	if (!handler->file)
		handler->file = arena_format(context->arena, "%s:%lld", file,
					     (long long)table->line);
	set_string(&handler->runtime_type, toml_get(table, "runtime_type"));
	set_string(&handler->runtime_path, toml_get(table, "runtime_path"));
	set_string(&handler->binary_name, toml_get(options, "BinaryName"));
	add_strings(context, &handler->pod_annotations,
		    toml_get(table, "pod_annotations"));
	add_strings(context, &handler->container_annotations,
		    toml_get(table, "container_annotations"));
	if (systemd && systemd->type == TOML_BOOLEAN)
		handler->systemd_cgroup = systemd->boolean ? ANSWER_YES : ANSWER_NO;
}

static void apply_plugin(struct host_context *context, struct containerd *containerd,
			 const struct toml_node *plugin, const char *file)
{
	const struct toml_node *own = toml_get(plugin, "containerd");
	const struct toml_node *runtimes = toml_get(own, "runtimes");

	set_string(&containerd->default_runtime, toml_get(own, "default_runtime_name"));
	set_string(&containerd->snapshotter, toml_get(own, "snapshotter"));
	if (!runtimes || runtimes->type != TOML_TABLE)
		return;
	for (const struct toml_node *table = runtimes->first; table; table = table->next)
		if (table->type == TOML_TABLE)
			apply_handler(context, containerd, table, file);
}

void containerd_apply(struct host_context *context, struct host *host,
		      const struct containerd_file *file)
{
	struct containerd *containerd = &host->containerd;
	const struct toml_node *plugins = toml_get(file->root, "plugins");
	const struct toml_node *v1 = toml_get(plugins, plugin_v1);
	const struct toml_node *v2 = toml_get(plugins, plugin_v2);
	const struct toml_node *v3 = toml_get(plugins, plugin_v3);
	bool new_file = file->version >= 3, new_root = containerd->version >= 3;

	set_string(&containerd->root, toml_get(file->root, "root"));
	set_string(&containerd->state, toml_get(file->root, "state"));
	if (file->version <= 1)
		apply_plugin(context, containerd, v1, file->path);
	/* containerd 2 makes a v3 section of it, but only in files of version 2 or less
	 */
	if (!new_file)
		apply_plugin(context, containerd, v2, file->path);
	else if (v2 && !containerd->foreign_plugin)
		containerd->foreign_plugin = plugin_v2;
	if (new_root) {
		apply_plugin(context, containerd, v3, file->path);
		set_string(&containerd->snapshotter,
			   toml_find(plugins, plugin_v3_images, "snapshotter", NULL));
	} else if (v3 && !containerd->foreign_plugin) {
		containerd->foreign_plugin = plugin_v3;
	}
}

bool handler_runs_oci(const struct runtime_handler *handler)
{
	return text_equal(handler->runtime_type, "io.containerd.runc.v2") ||
	       text_equal(handler->runtime_type, "io.containerd.runc.v1");
}
