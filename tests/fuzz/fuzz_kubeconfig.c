// SPDX-License-Identifier: Apache-2.0
/* Any bytes as a kubeconfig: every cluster and user in it, exec plugins excepted, as they
 * would run what the input names. */
#include <stdlib.h>

#include "collect/kube_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct arena arena;

static void use(const struct kubeconfig_files *files, const char *cluster,
		const char *user)
{
	static const struct kube_options options;
	struct kube_choice choice = { .options = &options };
	struct kube_connection connection = { 0 };
	struct error error = { 0 };

	if (!kubeconfig_find(files, "cluster", cluster, &choice.cluster, &error) ||
	    !kubeconfig_find(files, "user", user, &choice.user, &error) ||
	    !choice.cluster.file || !choice.user.file ||
	    yaml_get(choice.user.node, "exec"))
		return;
	if (kube_apply_cluster(&choice, &arena, &connection, &error) &&
	    (!connection.server || !connection.host || !connection.path))
		abort();
	if (connection.server && kube_apply_user(&choice, &arena, &connection, &error) &&
	    (!connection.client_key.data != !connection.client_certificate.data))
		abort();
	kube_connection_wipe(&connection);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kubeconfig_file file = { .path = "input", .folder = "/nonexistent" };
	struct kubeconfig_files files = { .items = &file, .count = 1 };
	struct bytes bytes = { arena_copy(&arena, (const char *)data, size), size };
	const struct yaml_node *list;
	struct error error = { 0 };
	const char *context;

	if (kubeconfig_parse(&file, bytes, &arena, &error)) {
		kubeconfig_current_context(&files, &context, &error);
		kubeconfig_names(&files, "context", &arena);
		list = yaml_get(file.root, "clusters");
		for (size_t i = 0; list && i < list->count && i < 8; i++) {
			const char *name = yaml_text(yaml_get(list->items[i], "name"));

			if (name)
				use(&files, name, "u");
		}
	}
	arena_free(&arena);
	return 0;
}
