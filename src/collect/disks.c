// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <wasmdiag/text.h>

#include "cleanup.h"
#include "collect/chase.h"
#include "collect/disks.h"
#include "collect/eviction.h"
#include "collect/host_system.h"

#define MAX_DISKS  12
#define MAX_LINE   8192
#define MAX_MOUNTS 100000

/* Is path the folder or below it? */
static bool is_below(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	if (text_equal(folder, "/"))
		return true;
	return strncmp(path, folder, length) == 0 &&
	       (path[length] == '/' || path[length] == '\0');
}

/* mountinfo writes blank, tab, newline and backslash as \ and three octal digits. */
static void unescape(char *text)
{
	char *to = text;

	for (const char *from = text; *from; to++) {
		if (*from == '\\' && strspn(from + 1, "01234567") >= 3) {
			*to = (char)(((from[1] & 3) << 6) | ((from[2] & 7) << 3) |
				     (from[3] & 7));
			from += 4;
		} else {
			*to = *from++;
		}
	}
	*to = '\0';
}

bool mountinfo_parse(char *line, const char **ret_point, const char **ret_type)
{
	char *dash = strstr(line, " - ");
	char *point = line;

	if (!dash)
		return false;
	*dash = '\0';
	/* 36 35 98:0 /root /mount/point options ... - type source options */
	for (int i = 0; i < 4 && point; i++) {
		point = strchr(point, ' ');
		point = point ? point + 1 : NULL;
	}
	if (!point)
		return false;
	point[strcspn(point, " ")] = '\0';
	unescape(point);
	*ret_point = point;
	*ret_type = dash + 3;
	dash[3 + strcspn(dash + 3, " \n")] = '\0';
	return true;
}

/* The type of the file system at path, our own view of it: the mount that is nearest,
 * the latest of those that lie on each other. */
static const char *filesystem_of(struct host_context *context, const char *path)
{
	_cleanup_file_ FILE *file = fopen("/proc/self/mountinfo", "re");
	const char *point, *type;
	char line[MAX_LINE], found[64] = "";
	size_t best = 0;

	for (int i = 0; file && i < MAX_MOUNTS && fgets(line, sizeof(line), file); i++) {
		if (!mountinfo_parse(line, &point, &type) || !is_below(path, point) ||
		    strlen(point) < best)
			continue;
		best = strlen(point);
		snprintf(found, sizeof(found), "%s", type);
	}
	return *found ? arena_string(context->arena, found) : NULL;
}

/* Sizes beyond int64_t do not exist; what does not fit is not known. */
static int64_t product(fsblkcnt_t count, unsigned long size)
{
	int64_t bytes;

	return __builtin_mul_overflow(count, size, &bytes) ? UNSET : bytes;
}

static void add_disk(struct host_context *context, struct host *host, const char *path,
		     const char *signal)
{
	_cleanup_fd_ int fd = -1;
	char resolved[PATH_MAX];
	struct statvfs status;
	struct stat file;

	for (size_t i = 0; i < host->disk_count; i++)
		if (text_equal(host->disks[i].path, path))
			return;
	fd = host_open(context, path, O_PATH, resolved);
	if (fd < 0 || fstatvfs(fd, &status) != 0 || fstat(fd, &file) != 0 ||
	    host->disk_count == MAX_DISKS)
		return;
	host->disks[host->disk_count++] = (struct disk){
		.path = arena_string(context->arena, path),
		.signal = signal,
		.device = (int64_t)file.st_dev,
		.filesystem = filesystem_of(context, host_path(context, resolved)),
		.total = product(status.f_blocks, status.f_frsize),
		.available = product(status.f_bavail, status.f_frsize),
		.reserve = UNSET,
		/* btrfs counts no inodes: 0 of 0 */
		.inodes = status.f_files ? (int64_t)status.f_files : UNSET,
		.inodes_free = status.f_files ? (int64_t)status.f_favail : UNSET,
		/* the mount of a container that looks from outside may be its own */
		.read_only = !*context->root && (status.f_flag & ST_RDONLY),
	};
}

/* Where containerd keeps images: as configured, else as it is built, else as K3s says. */
static const char *image_folder(struct host_context *context, struct host *host)
{
	const char *of_k3s =
		arena_format(context->arena, "%s/agent/containerd", host_data_dir(host));

	if (host->containerd.root)
		return host->containerd.root;
	return host_exists(context, of_k3s) ? of_k3s : "/var/lib/containerd";
}

static void set_reserves(struct host_context *context, struct host *host)
{
	struct eviction eviction;

	if (!eviction_read(context, host_data_dir(host), &eviction))
		return;
	for (size_t i = 0; i < host->disk_count; i++) {
		struct disk *disk = &host->disks[i];

		if (disk->signal)
			disk->reserve = eviction_reserve(
				text_equal(disk->signal, "imagefs") ? eviction.imagefs
								    : eviction.nodefs,
				disk->total);
	}
}

void collect_disks(struct host_context *context, struct host *host)
{
	const char *data = host_data_dir(host);

	host->disks = arena_array(context->arena, MAX_DISKS, sizeof(*host->disks));
	host->disk_count = 0;
	add_disk(context, host, data, NULL);
	add_disk(context, host, "/var/lib/kubelet", "nodefs");
	add_disk(context, host, image_folder(context, host), "imagefs");
	add_disk(context, host, arena_format(context->arena, "%s/server/db", data), NULL);
	add_disk(context, host, arena_format(context->arena, "%s/storage", data), NULL);
	add_disk(context, host, "/run", NULL);
	add_disk(context, host, "/run/k3s", NULL);
	add_disk(context, host, "/var/log", NULL);
	set_reserves(context, host);
	host_fact_set(context, &host->source[HOST_DISKS], FACT_KNOWN, NULL);
}
