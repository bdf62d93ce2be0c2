// SPDX-License-Identifier: Apache-2.0
#include "collect/cni.h"

#include <jansson.h>

#include <wasmdiag/text.h>

#include "collect/chase.h"
#include "collect/folder.h"
#include "collect/host_system.h"

#define FILE_LIMIT  ((size_t)1 << 20)
#define MAX_PLUGINS 64

static const char *member(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static void need(struct arena *arena, struct string_list *programs, const char *name)
{
	for (size_t i = 0; name && i < programs->count; i++)
		if (text_equal(programs->items[i], name))
			return;
	if (name && *name)
		host_list_add(arena, programs, name);
}

static void add_plugin(struct arena *arena, const json_t *plugin, struct cni *cni,
		       struct string_list *programs)
{
	const json_t *delegate = json_object_get(plugin, "delegate");
	const char *type = member(plugin, "type");
	const char *delegated = member(delegate, "type");

	if (!type)
		return;
	host_list_add(arena, &cni->plugins, type);
	need(arena, programs, type);
	need(arena, programs, member(json_object_get(plugin, "ipam"), "type"));
	if (text_equal(type, "flannel")) {
		need(arena, programs, delegated ? delegated : "bridge");
		need(arena, programs, "host-local");
	}
}

bool cni_parse(struct arena *arena, struct bytes bytes, struct cni *cni,
	       struct string_list *programs, struct error *error)
{
	json_error_t trouble;
	json_auto_t *root =
		json_loadb(bytes.data ? bytes.data : "", bytes.size, 0, &trouble);
	const json_t *plugins = json_object_get(root, "plugins");

	if (!root)
		return fail(error, ERROR_FORMAT, "line %d, column %d: this is not JSON",
			    trouble.line, trouble.column);
	cni->name = arena_string(arena, member(root, "name"));
	if (!plugins)
		add_plugin(arena, root, cni, programs);
	for (size_t i = 0; i < json_array_size(plugins) && i < MAX_PLUGINS; i++)
		add_plugin(arena, json_array_get(plugins, i), cni, programs);
	if (cni->plugins.count == 0)
		return fail(error, ERROR_FORMAT, "it names no plugin type");
	return true;
}

/* Programs may lie in one folder or another, as containerd's bin_dir says. */
static bool find_cni_program(struct host_context *context, struct host *host,
			     const char *name)
{
	const char *data = host_data_dir(host);
	const char *const folders[] = {
		arena_format(context->arena, "%s/data/current/bin", data),
		arena_format(context->arena, "%s/data/cni", data),
		"/opt/cni/bin",
		"/usr/lib/cni",
		"/usr/libexec/cni",
	};

	/* what is no file name could lead anywhere */
	for (size_t i = 0; !strchr(name, '/') && i < ARRAY_SIZE(folders); i++) {
		if (!host_exists(context,
				 arena_format(context->arena, "%s/%s", folders[i], name)))
			continue;
		if (!host->cni.binaries)
			host->cni.binaries = folders[i];
		return true;
	}
	return false;
}

/* The first folder with a configuration, and there the first in lexical order
 * (libcni's ConfFiles, go-cni's WithDefaultConf). */
static bool find_config(struct host_context *context, struct host *host)
{
	static const char *const endings[] = { ".conf", ".conflist", ".json", NULL };
	const char *const folders[] = {
		arena_format(context->arena, "%s/agent/etc/cni/net.d",
			     host_data_dir(host)),
		"/etc/cni/net.d",
	};
	struct string_list files;

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		if (!host_exists(context, folders[i]))
			continue;
		files = folder_files(context, folders[i], endings);
		host->cni.directory = folders[i];
		if (!files.count)
			continue;
		host->cni.config =
			arena_format(context->arena, "%s/%s", folders[i], files.items[0]);
		return true;
	}
	return false;
}

void collect_cni(struct host_context *context, struct host *host)
{
	struct source *source = &host->source[HOST_CNI];
	struct string_list programs = { 0 };
	struct error error = { 0 };
	struct bytes bytes = { 0 };
	struct cni *cni = &host->cni;

	*cni = (struct cni){ 0 };
	host_fact_set(context, source, FACT_KNOWN, NULL);
	if (!find_config(context, host))
		return;
	if (!host_read(context, cni->config, FILE_LIMIT, &bytes, &error)) {
		host_fact_error(context, source, &error);
		return;
	}
	if (!cni_parse(context->arena, bytes, cni, &programs, &error))
		cni->error = arena_string(context->arena, error.text);
	for (size_t i = 0; i < programs.count; i++)
		if (!find_cni_program(context, host, programs.items[i]))
			host_list_add(context->arena, &cni->missing, programs.items[i]);
}
