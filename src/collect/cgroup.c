// SPDX-License-Identifier: Apache-2.0
#include "collect/cgroup.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include <wasmdiag/text.h>

#include "cleanup.h"
#include "collect/chase.h"

#define FILE_LIMIT ((size_t)16 << 10)
#define MOUNT      "/sys/fs/cgroup"
#define V1_NONE    (INT64_MAX / 4096 * 4096) /* what v1 has for "no limit", or more */

/* ---- /proc/PID/cgroup ---- */

static bool has_controller(const char *list, size_t length, const char *name)
{
	const char *end = list + length;

	while (list < end) {
		const char *comma = memchr(list, ',', (size_t)(end - list));
		size_t part = (size_t)((comma ? comma : end) - list);

		if (part == strlen(name) && memcmp(list, name, part) == 0)
			return true;
		list += part + 1;
	}
	return false;
}

static void keep_path(const char *path, size_t length, const char *container_id,
		      char out[PATH_MAX])
{
	const char *id, *end;

	out[0] = '\0';
	if (length == 0 || length >= PATH_MAX || path[0] != '/')
		return;
	memcpy(out, path, length);
	out[length] = '\0';
	id = *container_id ? strstr(out, container_id) : NULL;
	end = id ? strchr(id, '/') : NULL;
	if (end)
		out[end - out] = '\0';
	if (text_has(out, "/../") || text_ends(out, "/.."))
		out[0] = '\0';
}

static void parse_line(const char *line, size_t length, const char *container_id,
		       struct cgroup_places *places)
{
	const char *end = line + length;
	const char *list = memchr(line, ':', length), *path;
	size_t names, size;

	path = list ? memchr(list + 1, ':', (size_t)(end - list - 1)) : NULL;
	if (!path)
		return;
	names = (size_t)(path - ++list);
	size = (size_t)(end - ++path);
	if (names == 0)
		keep_path(path, size, container_id, places->unified);
	if (has_controller(list, names, "memory"))
		keep_path(path, size, container_id, places->memory);
	if (names < sizeof(places->cpu_mount) && has_controller(list, names, "cpu")) {
		memcpy(places->cpu_mount, list, names);
		places->cpu_mount[names] = '\0';
		keep_path(path, size, container_id, places->cpu);
	}
}

void cgroup_parse(const char *text, const char *container_id, struct cgroup_places *ret)
{
	*ret = (struct cgroup_places){ 0 };
	while (*text) {
		size_t length = strcspn(text, "\n");

		parse_line(text, length, container_id, ret);
		text += length + (text[length] == '\n');
	}
}

/* ---- the files of a cgroup ---- */

int64_t cgroup_number(const char *text)
{
	char *end;
	long long value;

	if (!isdigit((unsigned char)*text))
		return UNSET;
	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno || (*end && !isspace((unsigned char)*end)))
		return UNSET;
	return value;
}

int64_t cgroup_value(const char *text, const char *key)
{
	size_t length = strlen(key);

	while (*text) {
		size_t line = strcspn(text, "\n");

		if (line > length && text[length] == ' ' &&
		    memcmp(text, key, length) == 0)
			return cgroup_number(text + length + 1);
		text += line + (text[line] == '\n');
	}
	return UNSET;
}

/* The text of a file of the cgroup; "" when it cannot be read. */
static const char *read_text(int folder, const char *name, struct arena *scratch)
{
	struct bytes bytes;

	return chase_read(folder, name, FILE_LIMIT, scratch, &bytes) ? bytes.data : "";
}

static int64_t read_number(int folder, const char *name, struct arena *scratch)
{
	return cgroup_number(read_text(folder, name, scratch));
}

static int64_t share_of_core(int64_t quota, int64_t period)
{
	if (quota <= 0 || period <= 0 || quota > INT64_MAX / 1000)
		return UNSET;
	return quota * 1000 / period;
}

static void read_memory_v1(int folder, struct arena *scratch,
			   struct container_resources *resources)
{
	int64_t limit = read_number(folder, "memory.limit_in_bytes", scratch);

	resources->memory = read_number(folder, "memory.usage_in_bytes", scratch);
	resources->memory_peak =
		read_number(folder, "memory.max_usage_in_bytes", scratch);
	resources->memory_limit = limit >= V1_NONE ? UNSET : limit;
	resources->memory_reclaimable = cgroup_value(
		read_text(folder, "memory.stat", scratch), "total_inactive_file");
	resources->oom_kills = cgroup_value(
		read_text(folder, "memory.oom_control", scratch), "oom_kill");
}

static void read_memory_v2(int folder, struct arena *scratch,
			   struct container_resources *resources)
{
	resources->memory = read_number(folder, "memory.current", scratch);
	resources->memory_peak = read_number(folder, "memory.peak", scratch);
	resources->memory_limit = read_number(folder, "memory.max", scratch);
	resources->memory_reclaimable =
		cgroup_value(read_text(folder, "memory.stat", scratch), "inactive_file");
	resources->oom_kills =
		cgroup_value(read_text(folder, "memory.events", scratch), "oom_kill");
}

static void read_cpu(int folder, struct arena *scratch, bool is_v1,
		     struct container_resources *resources)
{
	const char *stat = read_text(folder, "cpu.stat", scratch);
	const char *max = read_text(folder, "cpu.max", scratch);
	int64_t stood = cgroup_value(stat, is_v1 ? "throttled_time" : "throttled_usec");

	resources->cpu_periods = cgroup_value(stat, "nr_periods");
	resources->cpu_throttled_periods = cgroup_value(stat, "nr_throttled");
	if (stood != UNSET)
		resources->cpu_throttled_ms = stood / (is_v1 ? 1000000 : 1000);
	if (is_v1)
		resources->cpu_limit =
			share_of_core(read_number(folder, "cpu.cfs_quota_us", scratch),
				      read_number(folder, "cpu.cfs_period_us", scratch));
	else if (strchr(max, ' '))
		resources->cpu_limit = share_of_core(cgroup_number(max),
						     cgroup_number(strchr(max, ' ') + 1));
}

/* ---- where it is mounted ---- */

static int open_cgroup(struct host_context *context, struct arena *scratch,
		       const char *mount, const char *path)
{
	return host_open(
		context,
		arena_format(scratch, "%s%s%s%s", MOUNT, *mount ? "/" : "", mount, path),
		O_PATH | O_DIRECTORY, NULL);
}

static int open_unified(struct host_context *context, struct arena *scratch,
			const struct cgroup_places *places)
{
	const char *mount =
		host_exists(context, MOUNT "/cgroup.controllers") ? "" : "unified";

	return *places->unified ? open_cgroup(context, scratch, mount, places->unified)
				: -1;
}

static void read_memory(struct host_context *context, struct arena *scratch,
			const struct cgroup_places *places,
			struct container_resources *resources)
{
	bool is_v1 = *places->memory;
	_cleanup_fd_ int folder =
		is_v1 ? open_cgroup(context, scratch, "memory", places->memory)
		      : open_unified(context, scratch, places);

	if (folder < 0)
		return;
	if (is_v1)
		read_memory_v1(folder, scratch, resources);
	else
		read_memory_v2(folder, scratch, resources);
}

static void read_throttling(struct host_context *context, struct arena *scratch,
			    const struct cgroup_places *places,
			    struct container_resources *resources)
{
	bool is_v1 = *places->cpu;
	_cleanup_fd_ int folder =
		is_v1 ? open_cgroup(context, scratch, places->cpu_mount, places->cpu)
		      : open_unified(context, scratch, places);

	if (folder >= 0)
		read_cpu(folder, scratch, is_v1, resources);
}

void cgroup_read(struct host_context *context, const struct cgroup_places *places,
		 struct container_resources *resources)
{
	_cleanup_(arena_free) struct arena scratch = { 0 };
	const char *path = *places->memory ? places->memory : places->unified;

	if (!*path) {
		resources->error =
			"its cgroup lies outside of what can be seen from here";
		return;
	}
	resources->cgroup = arena_string(context->arena, path);
	read_memory(context, &scratch, places, resources);
	read_throttling(context, &scratch, places, resources);
	if (resources->memory == UNSET)
		resources->error =
			arena_format(context->arena,
				     "the memory controller tells nothing of %s", path);
}
