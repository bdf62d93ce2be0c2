// SPDX-License-Identifier: Apache-2.0
#include "collect/misplaced_cgroups.h"

#include <fcntl.h>

#include <wasmdiag/text.h>

#include "cleanup.h"
#include "collect/chase.h"
#include "collect/host_system.h"

#define CGROUPS     "/sys/fs/cgroup"
#define MAX_ENTRIES 4096 /* of each folder */
#define MAX_KEPT    64
#define UID_LENGTH  36

/* Kubelet writes a pod's uid with '_' there, as '-' nests slices. */
static const char *pod_uid(const char *name, size_t length, struct arena *arena)
{
	static const char mark[] = "-pod";
	const char *end = name + length, *start = NULL;
	char *uid;

	for (const char *at = name; (at = strstr(at, mark)) && at < end; at++)
		start = at + strlen(mark);
	if (!start || end - start > UID_LENGTH || start >= end)
		return NULL;
	uid = arena_copy(arena, start, (size_t)(end - start));
	for (char *c = uid; *c; c++)
		*c = (char)(*c == '_' ? '-' : *c);
	return uid;
}

bool misplaced_cgroup_parse(const char *name, struct arena *arena,
			    struct misplaced_cgroup *ret)
{
	static const char mark[] = ".slice:cri-containerd:";
	const char *slice = strstr(name, mark);

	if (!text_starts(name, "kubepods") || !slice || !slice[strlen(mark)])
		return false;
	*ret = (struct misplaced_cgroup){
		.pod_uid = pod_uid(name, (size_t)(slice - name), arena),
		.container_id = arena_string(arena, slice + strlen(mark)),
	};
	return true;
}

/* With cgroup v1 a container has one for each controller. */
static bool is_kept(const struct host *host, const char *container_id)
{
	for (size_t i = 0; i < host->misplaced_cgroup_count; i++)
		if (text_equal(host->misplaced_cgroups[i].container_id, container_id))
			return true;
	return false;
}

/* Processes run in it: an empty one is but left over.  cgroup.events also counts what is
 * below, and is v2's alone. */
static bool is_populated(struct host_context *context, const char *path)
{
	const char *events = host_text(
		context, arena_format(context->arena, "%s/cgroup.events", path), NULL);
	const char *processes;

	if (events)
		return text_has(events, "populated 1");
	processes = host_text(
		context, arena_format(context->arena, "%s/cgroup.procs", path), NULL);
	return processes && *processes;
}

static void look_into(struct host_context *context, struct host *host, const char *folder)
{
	int fd = host_open(context, folder, O_RDONLY | O_DIRECTORY, NULL);
	_cleanup_dir_ DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct misplaced_cgroup found;
	struct dirent *entry;

	if (fd >= 0 && !dir)
		close(fd);
	for (int i = 0; dir && i < MAX_ENTRIES && (entry = readdir(dir)); i++) {
		if (host->misplaced_cgroup_count == MAX_KEPT ||
		    !misplaced_cgroup_parse(entry->d_name, context->arena, &found) ||
		    is_kept(host, found.container_id))
			continue;
		found.path = arena_format(context->arena, "%s/%s", folder, entry->d_name);
		if (is_populated(context, found.path))
			host->misplaced_cgroups[host->misplaced_cgroup_count++] = found;
	}
}

void collect_misplaced_cgroups(struct host_context *context, struct host *host)
{
	static const char *const folders[] = {
		CGROUPS, /* v2 */
		CGROUPS "/system.slice",
		CGROUPS "/system.slice/containerd.service",
		CGROUPS "/system.slice/k3s.service",
		CGROUPS "/system.slice/k3s-agent.service",
		CGROUPS "/unified", /* both */
		CGROUPS "/cpu", /* v1 */
		CGROUPS "/cpu/system.slice",
		CGROUPS "/memory",
		CGROUPS "/memory/system.slice",
	};
	struct source *source = &host->source[HOST_MISPLACED_CGROUPS];

	if (!host_exists(context, CGROUPS)) {
		host_fact_set(context, source, FACT_FAILED,
			      "there is no %s" CGROUPS ": is it mounted there",
			      context->root);
		return;
	}
	host->misplaced_cgroups =
		arena_array(context->arena, MAX_KEPT, sizeof(*host->misplaced_cgroups));
	host->misplaced_cgroup_count = 0;
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		look_into(context, host, folders[i]);
	host_fact_set(context, source, FACT_KNOWN, NULL);
}
