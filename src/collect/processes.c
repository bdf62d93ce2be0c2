// SPDX-License-Identifier: Apache-2.0
#include "collect/processes.h"

#include <ctype.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"

#define MAX_PROCESSES 65536
#define MAX_ARGUMENTS 16384

/*
 * Read up to size - 1 bytes and end them with NUL: the length, or -1.  Below a root that
 * is no running system, /proc may hold anything: FIFOs do not hang, links are not
 * followed.
 */
static ssize_t read_at(int folder, const char *path, char *bytes, size_t size)
{
	_cleanup_fd_ int fd = openat(
		folder, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
	size_t length = 0;
	ssize_t got = 1;

	if (fd < 0)
		return -1;
	while (got > 0 && length < size - 1) {
		got = read(fd, bytes + length, size - 1 - length);
		if (got < 0)
			return -1;
		length += (size_t)got;
	}
	bytes[length] = '\0';
	return (ssize_t)length;
}

static void add_process(struct host_context *context, int proc, const char *number)
{
	struct process_list *list = context->processes;
	char path[32], name[64];
	struct process *process;
	ssize_t length;

	if (strlen(number) > 10 || strspn(number, "0123456789") != strlen(number))
		return;
	snprintf(path, sizeof(path), "%s/comm", number);
	length = read_at(proc, path, name, sizeof(name));
	if (length <= 0)
		return;
	if (name[length - 1] == '\n')
		name[length - 1] = '\0';
	list->items = arena_grow(context->arena, list->items, list->count,
				 sizeof(*list->items));
	process = &list->items[list->count++];
	process->pid = strtoll(number, NULL, 10);
	process->name = arena_string(context->arena, name);
}

static int compare_pids(const void *a, const void *b)
{
	const struct process *left = a, *right = b;

	return (left->pid > right->pid) - (left->pid < right->pid);
}

const struct process_list *host_processes(struct host_context *context)
{
	_cleanup_dir_ DIR *proc = NULL;
	struct process_list *list = context->processes;
	struct dirent *entry;

	if (list)
		return list;
	list = context->processes = arena_alloc(context->arena, sizeof(*list));
	proc = opendir(host_path(context, "/proc"));
	if (!proc)
		return list;
	while (list->count < MAX_PROCESSES && (entry = readdir(proc)))
		if (isdigit((unsigned char)entry->d_name[0]))
			add_process(context, dirfd(proc), entry->d_name);
	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items), compare_pids);
	return list;
}

static const char *process_path(struct host_context *context, int64_t pid,
				const char *file)
{
	return arena_format(context->arena, "%s/proc/%lld/%s", context->root,
			    (long long)pid, file);
}

struct string_list process_arguments(struct host_context *context, int64_t pid)
{
	char bytes[MAX_ARGUMENTS];
	struct string_list list = { 0 };
	ssize_t length;

	length = read_at(AT_FDCWD, process_path(context, pid, "cmdline"), bytes,
			 sizeof(bytes));
	for (ssize_t at = 0; at < length; at += (ssize_t)strlen(bytes + at) + 1) {
		list.items = arena_grow(context->arena, list.items, list.count,
					sizeof(*list.items));
		list.items[list.count++] = arena_string(context->arena, bytes + at);
	}
	return list;
}

enum answer process_in_root(struct host_context *context, int64_t pid)
{
	struct stat ours, theirs;

	if (stat(*context->root ? context->root : "/", &ours) ||
	    stat(process_path(context, pid, "root"), &theirs))
		return ANSWER_UNKNOWN;
	return ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino ? ANSWER_YES
									    : ANSWER_NO;
}
