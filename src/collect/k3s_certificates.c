// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <fcntl.h>

#include <wasmdiag/text.h>

#include "certificates.h"
#include "cleanup.h"
#include "collect/chase.h"
#include "collect/folder.h"
#include "collect/host_system.h"
#include "collect/join.h"

#define FILE_LIMIT       ((size_t)256 << 10)
#define MAX_CERTIFICATES 128

static void add_certificate(struct host_context *context, struct host *host,
			    const char *path)
{
	struct arena scratch = { 0 };
	struct host_context reader = *context;
	struct certificates read = { .not_before = UNSET, .not_after = UNSET };
	struct error error = { 0 };
	struct bytes bytes = { 0 };

	reader.arena = &scratch;
	if (host_read(&reader, path, FILE_LIMIT, &bytes, &error) && bytes.data)
		certificates_read(bytes.data, bytes.size, &scratch, &read);
	host->k3s_certificates =
		arena_grow(context->arena, host->k3s_certificates,
			   host->k3s_certificate_count, sizeof(*host->k3s_certificates));
	host->k3s_certificates[host->k3s_certificate_count++] = (struct k3s_certificate){
		.path = path,
		.authority = text_has(path, "-ca."),
		.not_before = read.not_before,
		.not_after = read.not_after,
		.error = arena_string(context->arena,
				      error.kind ? error.text : read.error),
	};
	arena_free(&scratch);
}

/* False when the folder may not be read. */
static bool add_folder(struct host_context *context, struct host *host,
		       const char *folder)
{
	static const char *const endings[] = { ".crt", NULL };
	_cleanup_fd_ int fd = host_open(context, folder, O_RDONLY | O_DIRECTORY, NULL);
	struct string_list names;

	if (fd < 0)
		return errno != EACCES;
	names = folder_files(context, folder, endings);
	for (size_t i = 0; i < names.count; i++)
		if (host->k3s_certificate_count < MAX_CERTIFICATES)
			add_certificate(context, host,
					arena_format(context->arena, "%s/%s", folder,
						     names.items[i]));
	return true;
}

void collect_k3s_certificates(struct host_context *context, struct host *host)
{
	static const char *const folders[] = {
		"agent",
		"server/tls",
		"server/tls/etcd",
		"server/tls/kube-controller-manager",
		"server/tls/kube-scheduler",
	};
	struct source *source = &host->source[HOST_K3S_CERTIFICATES];
	bool readable = true;

	host->k3s_certificates = NULL;
	host->k3s_certificate_count = 0;
	if (!host->k3s.installed) {
		host_fact_set(context, source, FACT_ABSENT, "K3s is not installed here");
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		readable &= add_folder(context, host,
				       arena_format(context->arena, "%s/%s",
						    host_data_dir(host), folders[i]));
	if (readable)
		host_fact_set(context, source, FACT_KNOWN, NULL);
	else
		host_fact_set(context, source, FACT_DENIED,
			      "only root may read K3s's certificates");
}
