// SPDX-License-Identifier: Apache-2.0
#include "collect/pod_logs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <wasmdiag/text.h>

#include "cleanup.h"
#include "collect/chase.h"
#include "collect/cri_log.h"

#define PODS_MAX       1000
#define ENTRIES_MAX    20000 /* of one folder */
#define CONTAINERS_MAX 64 /* of one pod */
#define INSTANCES      2
#define SILENT_MAX     1000
#define TAIL           ((size_t)64 << 10)
#define LOG_FOLDER     "/var/log/pods"
#define KUBELET_FOLDER "/var/lib/kubelet/pods"

struct pod_folder {
	const char *name; /* NAMESPACE_POD_UID */
	int64_t changed;
};

struct pod_list {
	struct pod_folder *items;
	size_t count;
};

/* What is being listed, and kubelet's folder of a folder for each pod that it still has;
 * -1: it keeps them elsewhere. */
struct listing {
	DIR *logs;
	int kubelet;
};

/* What is being read: everything in scratch goes with the pod. */
struct reading {
	struct host_context *context;
	struct host *host;
	struct arena *scratch;
	const char *pod; /* the folder's name */
	const char *container;
};

static int compare_newest(const void *a, const void *b)
{
	const struct pod_folder *left = a, *right = b;

	if (left->changed != right->changed)
		return left->changed < right->changed ? 1 : -1;
	return strcmp(left->name, right->name);
}

/*
 * Logs outlive their pod by up to a minute, kubelet's folder of it by two seconds
 * (kubelet's housekeeping): what a pod that is gone wrote is no finding.
 */
static bool is_gone(const struct listing *listing, const char *name)
{
	const char *last = strrchr(name, '_');

	return listing->kubelet >= 0 && last && last[1] &&
	       faccessat(listing->kubelet, last + 1, F_OK, AT_SYMLINK_NOFOLLOW) != 0 &&
	       errno == ENOENT;
}

/* The pods' folders, the one changed last first. */
static struct pod_list list_pods(const struct listing *listing, struct arena *arena)
{
	struct pod_list list = { 0 };
	struct dirent *entry;

	while (list.count < ENTRIES_MAX && (entry = readdir(listing->logs))) {
		struct stat status;

		if (entry->d_name[0] == '.' ||
		    fstatat(dirfd(listing->logs), entry->d_name, &status,
			    AT_SYMLINK_NOFOLLOW) ||
		    !S_ISDIR(status.st_mode) || is_gone(listing, entry->d_name))
			continue;
		list.items =
			arena_grow(arena, list.items, list.count, sizeof(*list.items));
		list.items[list.count].name = arena_string(arena, entry->d_name);
		list.items[list.count++].changed = status.st_mtime;
	}
	if (list.count)
		qsort(list.items, list.count, sizeof(*list.items), compare_newest);
	return list;
}

/* The number N of N.log; UNSET for another name. */
static int64_t log_number(const char *name)
{
	size_t digits = strspn(name, "0123456789");

	if (digits == 0 || digits > 9 || !text_equal(name + digits, ".log"))
		return UNSET;
	return strtoll(name, NULL, 10);
}

/* The two highest numbers among a container's logs; UNSET where there are fewer. */
static void newest_logs(DIR *dir, int64_t newest[INSTANCES])
{
	struct dirent *entry;

	newest[0] = newest[1] = UNSET;
	for (int i = 0; i < ENTRIES_MAX && (entry = readdir(dir)); i++) {
		int64_t number = log_number(entry->d_name);

		if (number > newest[0]) {
			newest[1] = newest[0];
			newest[0] = number;
		} else if (number > newest[1] && number != newest[0]) {
			newest[1] = number;
		}
	}
}

/* The end of a file, from the start of a line on. */
static struct bytes read_tail(int fd, off_t size, struct arena *arena)
{
	off_t from = size > (off_t)TAIL ? size - (off_t)TAIL : 0;
	struct bytes bytes = { 0 };
	ssize_t length;
	char *newline;

	bytes.data = arena_alloc(arena, TAIL + 1);
	length = pread(fd, bytes.data, TAIL, from);
	bytes.size = length > 0 ? (size_t)length : 0;
	newline = from > 0 ? memchr(bytes.data, '\n', bytes.size) : NULL;
	if (newline) {
		bytes.size -= (size_t)(newline + 1 - bytes.data);
		bytes.data = newline + 1;
	}
	return bytes;
}

/* Whose log it is, without what it says. */
static struct log_excerpt begin_excerpt(struct reading *reading, int64_t number)
{
	struct arena *arena = reading->context->arena;
	const char *first = strchr(reading->pod, '_'), *last = strrchr(reading->pod, '_');

	return (struct log_excerpt){
		.namespace =
			arena_copy(arena, reading->pod, (size_t)(first - reading->pod)),
		.pod = arena_copy(arena, first + 1, (size_t)(last - first - 1)),
		.pod_uid = arena_string(arena, last + 1),
		.container = arena_string(arena, reading->container),
		.restart = number,
	};
}

static void add_excerpt(struct reading *reading, int64_t number,
			const struct string_list *lines)
{
	struct arena *arena = reading->context->arena;
	struct host *host = reading->host;
	struct log_excerpt *excerpt;

	host->logs = arena_grow(arena, host->logs, host->log_count, sizeof(*host->logs));
	excerpt = &host->logs[host->log_count++];
	*excerpt = begin_excerpt(reading, number);
	excerpt->lines.count = lines->count;
	excerpt->lines.items = arena_array(arena, lines->count, sizeof(char *));
	for (size_t i = 0; i < lines->count; i++)
		excerpt->lines.items[i] = arena_string(arena, lines->items[i]);
}

/* Has kubelet moved away what this log said before (N.log.20240503-150415)? */
static bool was_rotated(DIR *dir, int64_t number)
{
	char prefix[32];
	struct dirent *entry;

	snprintf(prefix, sizeof(prefix), "%lld.log.", (long long)number);
	rewinddir(dir);
	for (int i = 0; i < ENTRIES_MAX && (entry = readdir(dir)); i++)
		if (text_starts(entry->d_name, prefix))
			return true;
	return false;
}

/* Nothing ever wrote to it, so that it was last touched when it was made. */
static void note_silence(struct reading *reading, DIR *dir, int64_t number,
			 const struct stat *status)
{
	struct arena *arena = reading->context->arena;
	struct log_excerpt of;
	struct host *host = reading->host;

	if (status->st_size > 0 || host->silent_log_count >= SILENT_MAX ||
	    was_rotated(dir, number))
		return;
	of = begin_excerpt(reading, number);
	host->silent_logs = arena_grow(arena, host->silent_logs, host->silent_log_count,
				       sizeof(*host->silent_logs));
	host->silent_logs[host->silent_log_count++] = (struct silent_log){
		.namespace = of.namespace,
		.pod = of.pod,
		.pod_uid = of.pod_uid,
		.container = of.container,
		.restart = number,
		.since = status->st_mtime,
	};
}

/* How the file stands; false when there is no regular file. */
static bool stat_log(int fd, struct stat *status)
{
	return fd >= 0 && fstat(fd, status) == 0 && S_ISREG(status->st_mode);
}

static void read_log(struct reading *reading, DIR *dir, int64_t number, bool newest)
{
	/* on Docker's nodes it is a symbolic link to another place of the host */
	const char *path =
		arena_format(reading->scratch, "%s/%s/%s/%lld.log", LOG_FOLDER,
			     reading->pod, reading->container, (long long)number);
	_cleanup_fd_ int fd = host_open(reading->context, path, O_RDONLY, NULL);
	struct string_list lines;
	struct stat status;
	struct bytes bytes;

	if (!stat_log(fd, &status))
		return;
	if (newest)
		note_silence(reading, dir, number, &status);
	bytes = read_tail(fd, status.st_size, reading->scratch);
	if (bytes.size == 0)
		return;
	lines = cri_log_find(reading->scratch, bytes.data, bytes.size,
			     reading->context->wanted_line);
	if (lines.count)
		add_excerpt(reading, number, &lines);
}

static DIR *open_folder(int parent, const char *name)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;

	if (fd >= 0 && !dir)
		close(fd);
	return dir;
}

static void read_container(struct reading *reading, int pod, const char *name)
{
	_cleanup_dir_ DIR *dir = open_folder(pod, name);
	int64_t newest[INSTANCES];

	if (!dir)
		return;
	reading->container = name;
	newest_logs(dir, newest);
	for (size_t i = 0; i < INSTANCES; i++)
		if (newest[i] != UNSET)
			read_log(reading, dir, newest[i], i == 0);
}

static void read_pod(struct host_context *context, struct host *host, int folder,
		     const char *name)
{
	_cleanup_(arena_free) struct arena scratch = { 0 };
	_cleanup_dir_ DIR *dir = open_folder(folder, name);
	struct reading reading = {
		.context = context, .host = host, .scratch = &scratch, .pod = name
	};
	const char *names[CONTAINERS_MAX];
	struct dirent *entry;
	size_t count = 0;

	if (!dir || strchr(name, '_') == strrchr(name, '_'))
		return;
	while (count < CONTAINERS_MAX && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			names[count++] = arena_string(&scratch, entry->d_name);
	qsort(names, count, sizeof(*names), text_compare);
	for (size_t i = 0; i < count; i++)
		read_container(&reading, dirfd(dir), names[i]);
}

static int compare_silent(const void *a, const void *b)
{
	const struct silent_log *left = a, *right = b;
	int order = strcmp(left->namespace, right->namespace);

	if (order == 0)
		order = strcmp(left->pod, right->pod);
	return order ? order : strcmp(left->container, right->container);
}

static int compare_excerpts(const void *a, const void *b)
{
	const struct log_excerpt *left = a, *right = b;
	int order = strcmp(left->namespace, right->namespace);

	if (order == 0)
		order = strcmp(left->pod, right->pod);
	if (order == 0)
		order = strcmp(left->container, right->container);
	if (order == 0)
		order = (left->restart < right->restart) -
			(left->restart > right->restart);
	return order;
}

static void read_pods(struct host_context *context, struct host *host, DIR *dir)
{
	_cleanup_(arena_free) struct arena scratch = { 0 };
	_cleanup_fd_ int kubelet =
		host_open(context, KUBELET_FOLDER, O_RDONLY | O_DIRECTORY, NULL);
	const struct listing listing = { dir, kubelet };
	struct pod_list pods = list_pods(&listing, &scratch);

	for (size_t i = 0; i < pods.count && i < PODS_MAX; i++)
		read_pod(context, host, dirfd(dir), pods.items[i].name);
	if (host->log_count)
		qsort(host->logs, host->log_count, sizeof(*host->logs), compare_excerpts);
	if (host->silent_log_count)
		qsort(host->silent_logs, host->silent_log_count,
		      sizeof(*host->silent_logs), compare_silent);
	host_fact_set(context, &host->source[HOST_LOGS], FACT_KNOWN, NULL);
	if (pods.count > PODS_MAX)
		host_fact_set(context, &host->source[HOST_LOGS], FACT_KNOWN,
			      "only the %d pods changed last of %zu were looked at",
			      PODS_MAX, pods.count);
}

void collect_logs(struct host_context *context, struct host *host)
{
	struct source *source = &host->source[HOST_LOGS];
	_cleanup_dir_ DIR *dir = NULL;
	int fd, number;

	if (!context->wanted_line)
		return;
	fd = host_open(context, LOG_FOLDER, O_RDONLY | O_DIRECTORY, NULL);
	number = errno;
	dir = fd >= 0 ? fdopendir(fd) : NULL;
	if (dir)
		read_pods(context, host, dir);
	else if (number == ENOENT)
		host_fact_set(context, source, FACT_ABSENT, "there is no %s", LOG_FOLDER);
	else
		host_fact_set(context, source,
			      number == EACCES ? FACT_DENIED : FACT_FAILED,
			      "cannot read %s: %s", LOG_FOLDER, strerror(number));
}
