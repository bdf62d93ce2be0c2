// SPDX-License-Identifier: Apache-2.0
#include "collect/search_path.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include <wasmdiag/text.h>

#include "cleanup.h"
#include "collect/chase.h"
#include "collect/processes.h"

#define ENVIRONMENT_MAX ((size_t)128 * 1024)

const char shell_search_path[] =
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

static bool is_program(struct host_context *context, const char *path)
{
	_cleanup_fd_ int fd = host_open(context, path, O_PATH, NULL);
	struct stat status;

	return fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
	       status.st_mode & 0111;
}

const char *find_program(struct host_context *context, const char *name,
			 const char *search_path)
{
	if (strchr(name, '/'))
		return name[0] == '/' && is_program(context, name) ? name : NULL;
	while (*search_path) {
		size_t length = strcspn(search_path, ":");
		const char *path = arena_format(context->arena, "%.*s/%s", (int)length,
						search_path, name);

		if (search_path[0] == '/' && is_program(context, path))
			return path;
		search_path += length + (search_path[length] == ':');
	}
	return NULL;
}

/* PATH of a process, and nothing else of its environment, where secrets may be. */
static const char *process_search_path(struct host_context *context, int64_t pid)
{
	const char *file = arena_format(context->arena, "%s/proc/%lld/environ",
					context->root, (long long)pid);
	_cleanup_fd_ int fd =
		open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
	struct byte_reader reader = { .limit = ENVIRONMENT_MAX };
	const char *found = NULL, *end;

	if (fd < 0)
		return NULL;
	while (byte_reader_take(&reader, fd) > 0 && !reader.full)
		;
	end = reader.data ? reader.data + reader.size : NULL;
	for (const char *at = reader.data; !found && at < end;) {
		size_t length = strnlen(at, (size_t)(end - at));

		if (length > 5 && memcmp(at, "PATH=", 5) == 0)
			found = arena_copy(context->arena, at + 5, length - 5);
		at += length + 1;
	}
	if (reader.data)
		explicit_bzero(reader.data, reader.size);
	free(reader.data);
	return found;
}

const char *containerd_search_path(struct host_context *context, const struct host *host)
{
	const struct process_list *processes = host_processes(context);
	const char *data =
		host->k3s.data_dir ? host->k3s.data_dir : "/var/lib/rancher/k3s";

	for (size_t i = 0; i < processes->count; i++) {
		const struct process *process = &processes->items[i];
		const char *found;

		if (!text_equal(process->name, "containerd") ||
		    process_in_root(context, process->pid) == ANSWER_NO)
			continue;
		found = process_search_path(context, process->pid);
		if (found)
			return found;
	}
	if (!text_equal(host->containerd.flavor, "k3s"))
		return shell_search_path;
	return arena_format(context->arena,
			    "%s/data/current/bin:%s:%s/data/current/bin/aux", data,
			    shell_search_path, data);
}
