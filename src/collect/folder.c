// SPDX-License-Identifier: Apache-2.0
#include "collect/folder.h"

#include <fcntl.h>

#include <wasmdiag/text.h>

#include "cleanup.h"
#include "collect/chase.h"
#include "collect/host_system.h"

#define MAX_FILES 1024

static bool ends_in(const char *name, const char *const *endings)
{
	for (; *endings; endings++)
		if (text_ends(name, *endings))
			return true;
	return false;
}

struct string_list folder_files(struct host_context *context, const char *folder,
				const char *const *endings)
{
	int fd = host_open(context, folder, O_RDONLY | O_DIRECTORY, NULL);
	_cleanup_dir_ DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct string_list list = { 0 };
	struct dirent *entry;

	if (fd >= 0 && !dir)
		close(fd);
	for (int i = 0; dir && i < MAX_FILES && (entry = readdir(dir)); i++)
		if (entry->d_name[0] != '.' && ends_in(entry->d_name, endings))
			host_list_add(context->arena, &list, entry->d_name);
	if (list.count)
		qsort(list.items, list.count, sizeof(*list.items), text_compare);
	return list;
}
