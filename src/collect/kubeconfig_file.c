// SPDX-License-Identifier: Apache-2.0
#include "collect/kubeconfig_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <wasmdiag/text.h>

#include "collect/base64.h"
#include "file.h"

#define NAMES_SHOWN 10

static bool is_empty(const struct yaml_node *node)
{
	const char *text = yaml_text(node);

	return yaml_is_null(node) || (text && !*text);
}

/* The list "clusters" for the kind "cluster": *ret is NULL when absent. */
static bool get_list(const struct kubeconfig_file *file, const char *kind,
		     const struct yaml_node **ret, struct error *error)
{
	char plural[16];
	const struct yaml_node *list;

	snprintf(plural, sizeof(plural), "%ss", kind);
	list = yaml_get(file->root, plural);
	*ret = NULL;
	if (yaml_is_null(list))
		return true;
	if (list->kind != YAML_SEQUENCE)
		return yaml_fail(error, file->path, list, "%s is not a list", plural);
	*ret = list;
	return true;
}

static bool check_lists(const struct kubeconfig_file *file, struct error *error)
{
	const struct yaml_node *list;

	return get_list(file, "cluster", &list, error) &&
	       get_list(file, "user", &list, error) &&
	       get_list(file, "context", &list, error);
}

static bool check_root(const struct kubeconfig_file *file, struct error *error)
{
	struct kubeconfig_entry entry = { .file = file, .node = file->root };
	const char *version, *kind;

	if (yaml_is_null(file->root))
		return true;
	if (file->root->kind != YAML_MAPPING)
		return fail(error, ERROR_FORMAT, "%s is not a kubeconfig", file->path);
	if (!entry_text(&entry, "apiVersion", &version, error) ||
	    !entry_text(&entry, "kind", &kind, error))
		return false;
	if (kind && !text_equal(kind, "Config"))
		return fail(error, ERROR_FORMAT, "%s is not a kubeconfig but a %.64s",
			    file->path, kind);
	if (version && !text_equal(version, "v1"))
		return fail(error, ERROR_FORMAT,
			    "%s is a kubeconfig of version %.64s, "
			    "not v1",
			    file->path, version);
	return check_lists(file, error);
}

bool kubeconfig_parse(struct kubeconfig_file *file, struct bytes bytes,
		      struct arena *arena, struct error *error)
{
	return yaml_parse(file->path, bytes, arena, &file->root, error) &&
	       check_root(file, error);
}

/* The folder of path, absolute, so that what it holds does not hang on our own. */
static bool folder_of(const char *path, struct arena *arena, const char **ret,
		      struct error *error)
{
	const char *slash = strrchr(path, '/');
	char *folder = arena_copy(arena, path, slash ? (size_t)(slash - path) : 0);
	char here[4096];

	*ret = folder;
	if (*path == '/')
		return true;
	if (!getcwd(here, sizeof(here)))
		return fail_errno(error, errno, "cannot tell the current folder");
	*ret = slash ? arena_format(arena, "%s/%s", here, folder)
		     : arena_string(arena, here);
	return true;
}

bool kubeconfig_file_read(const char *path, struct arena *arena,
			  struct kubeconfig_file *ret, struct error *error)
{
	struct kubeconfig_file file = { .path = path };
	struct owned_bytes owned;

	if (!file_read_owned(path, YAML_MAX_BYTES, arena, &owned, error))
		return false;
	file.owner = owned.owner;
	if (!folder_of(path, arena, &file.folder, error) ||
	    !kubeconfig_parse(&file, owned.bytes, arena, error))
		return false;
	*ret = file;
	return true;
}

bool kubeconfig_current_context(const struct kubeconfig_files *files, const char **ret,
				struct error *error)
{
	*ret = NULL;
	for (size_t i = 0; i < files->count && !*ret; i++) {
		struct kubeconfig_entry entry = { .file = &files->items[i],
						  .node = files->items[i].root };

		if (!entry_text(&entry, "current-context", ret, error))
			return false;
	}
	return true;
}

static bool find_in_file(const struct kubeconfig_file *file, const char *kind,
			 const char *name, struct kubeconfig_entry *ret,
			 struct error *error)
{
	const struct yaml_node *list;

	if (!get_list(file, kind, &list, error))
		return false;
	for (size_t i = 0; list && i < list->count; i++) {
		const struct yaml_node *item = list->items[i];

		if (!text_equal(text_or_empty(yaml_text(yaml_get(item, "name"))), name))
			continue;
		if (ret->file)
			return yaml_fail(error, file->path, item,
					 "there is another %s \"%s\" in line %u", kind,
					 name, ret->node ? ret->node->line : 1);
		*ret = (struct kubeconfig_entry){ file, name, yaml_get(item, kind) };
		if (!yaml_is_null(ret->node) && ret->node->kind != YAML_MAPPING)
			return yaml_fail(error, file->path, ret->node,
					 "%s is not a mapping", kind);
	}
	return true;
}

bool kubeconfig_find(const struct kubeconfig_files *files, const char *kind,
		     const char *name, struct kubeconfig_entry *ret, struct error *error)
{
	*ret = (struct kubeconfig_entry){ 0 };
	for (size_t i = 0; i < files->count && !ret->file; i++) {
		if (!find_in_file(&files->items[i], kind, name, ret, error))
			return false;
	}
	return true;
}

const char *kubeconfig_names(const struct kubeconfig_files *files, const char *kind,
			     struct arena *arena)
{
	const char *names = "";
	size_t count = 0;

	for (size_t i = 0; i < files->count; i++) {
		const struct yaml_node *list = NULL;

		get_list(&files->items[i], kind, &list, NULL);
		for (size_t j = 0; list && j < list->count; j++) {
			const char *name = yaml_text(yaml_get(list->items[j], "name"));

			if (!name)
				continue;
			if (count++ == NAMES_SHOWN)
				return arena_format(arena, "%s and more", names);
			names = arena_format(arena, "%s%s%.64s", names,
					     count > 1 ? ", " : "", name);
		}
	}
	return count ? names : "none";
}

const char *kubeconfig_paths(const struct kubeconfig_files *files, struct arena *arena)
{
	const char *paths = "";

	for (size_t i = 0; i < files->count; i++)
		paths = arena_format(arena, "%s%s%s", paths, i ? ", " : "",
				     files->items[i].path);
	return paths;
}

bool entry_text(const struct kubeconfig_entry *entry, const char *key, const char **ret,
		struct error *error)
{
	const struct yaml_node *node = yaml_get(entry->node, key);

	*ret = NULL;
	if (is_empty(node))
		return true;
	*ret = yaml_text(node);
	return *ret || yaml_fail(error, entry->file->path, node, "%s is not a text", key);
}

bool entry_bool(const struct kubeconfig_entry *entry, const char *key, bool *ret,
		struct error *error)
{
	const struct yaml_node *node = yaml_get(entry->node, key);

	*ret = false;
	return yaml_is_null(node) || yaml_bool(node, ret) ||
	       yaml_fail(error, entry->file->path, node, "%s is neither true nor false",
			 key);
}

bool entry_list(const struct kubeconfig_file *file, const struct yaml_node *node,
		struct arena *arena, struct string_list *ret, struct error *error)
{
	*ret = (struct string_list){ 0 };
	if (yaml_is_null(node))
		return true;
	if (node->kind != YAML_SEQUENCE)
		return yaml_fail(error, file->path, node, "this is not a list of texts");
	ret->items = arena_array(arena, node->count, sizeof(*ret->items));
	for (size_t i = 0; i < node->count; i++) {
		const char *text = yaml_text(node->items[i]);

		if (!text)
			return yaml_fail(error, file->path, node->items[i],
					 "this is not a text");
		ret->items[ret->count++] = arena_string(arena, text);
	}
	return true;
}

bool entry_strings(const struct kubeconfig_entry *entry, const char *key,
		   struct arena *arena, struct string_list *ret, struct error *error)
{
	const struct yaml_node *node = yaml_get(entry->node, key);

	*ret = (struct string_list){ 0 };
	return yaml_is_null(node) || entry_list(entry->file, node, arena, ret, error);
}

bool entry_path(const struct kubeconfig_entry *entry, const char *key,
		struct arena *arena, const char **ret, struct error *error)
{
	if (!entry_text(entry, key, ret, error))
		return false;
	if (*ret && **ret != '/')
		*ret = arena_format(arena, "%s/%s", entry->file->folder, *ret);
	return true;
}

bool entry_base64(const struct kubeconfig_entry *entry, const char *key,
		  struct arena *arena, struct bytes *ret, struct error *error)
{
	const char *text;

	*ret = (struct bytes){ 0 };
	if (!entry_text(entry, key, &text, error))
		return false;
	return !text || base64_decode(text, arena, ret) ||
	       yaml_fail(error, entry->file->path, yaml_get(entry->node, key),
			 "%s is not base64", key);
}

bool entry_mapping(const struct kubeconfig_entry *entry, const char *key,
		   struct kubeconfig_entry *ret, struct error *error)
{
	const struct yaml_node *node = yaml_get(entry->node, key);

	*ret = (struct kubeconfig_entry){ 0 };
	if (yaml_is_null(node))
		return true;
	if (node->kind != YAML_MAPPING)
		return yaml_fail(error, entry->file->path, node, "%s is not a mapping",
				 key);
	*ret = (struct kubeconfig_entry){ entry->file, entry->name, node };
	return true;
}
