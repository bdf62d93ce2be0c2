// SPDX-License-Identifier: Apache-2.0
/*
 * Kubeconfig files as read, before anything is made of them.  Unknown fields are ignored,
 * as in client-go.  Empty texts are as good as absent ones.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include <wasmdiag/facts.h>

#include "arena.h"
#include "bytes.h"
#include "collect/yaml.h"
#include "error.h"

struct kubeconfig_file {
	const char *path;
	const char *folder; /* absolute: what relative paths in it start from */
	uid_t owner;
	const struct yaml_node *root; /* NULL or null when empty */
};

struct kubeconfig_files {
	struct kubeconfig_file *items; /* the first wins */
	size_t count;
};

/* The mapping of one cluster, user or context, or of what is in it. */
struct kubeconfig_entry {
	const struct kubeconfig_file *file; /* NULL: there is no such entry */
	const char *name;
	const struct yaml_node *node; /* may be NULL or null */
};

/* Parse bytes as a kubeconfig named file->path into file->root. */
bool kubeconfig_parse(struct kubeconfig_file *file, struct bytes bytes,
		      struct arena *arena, struct error *error)
	__attribute__((nonnull(1, 3)));

/* Read and parse the file at path; a missing one is ERROR_ABSENT. */
bool kubeconfig_file_read(const char *path, struct arena *arena,
			  struct kubeconfig_file *ret, struct error *error)
	__attribute__((nonnull(1, 2, 3)));

/* The first non-empty current-context; NULL when there is none. */
bool kubeconfig_current_context(const struct kubeconfig_files *files, const char **ret,
				struct error *error) __attribute__((nonnull(1, 2)));

/*
 * Find name in the list called kind ("cluster", "user" or "context").  The first file
 * that has it wins, wholly (client-go: loader.go).  ret->file is NULL when none has.
 */
bool kubeconfig_find(const struct kubeconfig_files *files, const char *kind,
		     const char *name, struct kubeconfig_entry *ret, struct error *error)
	__attribute__((nonnull(1, 2, 3, 4)));

/* "a, b": the names there are of a kind, the first ten; "none" when there are none. */
const char *kubeconfig_names(const struct kubeconfig_files *files, const char *kind,
			     struct arena *arena)
	__attribute__((nonnull, returns_nonnull));

/* The paths, joined by ", ". */
const char *kubeconfig_paths(const struct kubeconfig_files *files, struct arena *arena)
	__attribute__((nonnull, returns_nonnull));

/*
 * Fields of an entry.  NULL, false or an empty list when absent; when of another kind, an
 * error that names file and line.  Numbers pass as text (client-go refuses them).
 */
bool entry_text(const struct kubeconfig_entry *entry, const char *key, const char **ret,
		struct error *error) __attribute__((nonnull(1, 2, 3)));
bool entry_bool(const struct kubeconfig_entry *entry, const char *key, bool *ret,
		struct error *error) __attribute__((nonnull(1, 2, 3)));
bool entry_strings(const struct kubeconfig_entry *entry, const char *key,
		   struct arena *arena, struct string_list *ret, struct error *error)
	__attribute__((nonnull(1, 2, 3, 4)));

/* A path; a relative one starts from the kubeconfig's folder. */
bool entry_path(const struct kubeconfig_entry *entry, const char *key,
		struct arena *arena, const char **ret, struct error *error)
	__attribute__((nonnull(1, 2, 3, 4)));

/* Base64; ret->data is NULL when absent. */
bool entry_base64(const struct kubeconfig_entry *entry, const char *key,
		  struct arena *arena, struct bytes *ret, struct error *error)
	__attribute__((nonnull(1, 2, 3, 4)));

/* A mapping within the entry: ret->file is NULL when absent or null. */
bool entry_mapping(const struct kubeconfig_entry *entry, const char *key,
		   struct kubeconfig_entry *ret, struct error *error)
	__attribute__((nonnull(1, 2, 3)));

/* A list of texts from a node of the file, at most those yaml.h allows. */
bool entry_list(const struct kubeconfig_file *file, const struct yaml_node *node,
		struct arena *arena, struct string_list *ret, struct error *error)
	__attribute__((nonnull(1, 3, 4)));
