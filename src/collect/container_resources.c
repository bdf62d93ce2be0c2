// SPDX-License-Identifier: Apache-2.0
#include "collect/container_resources.h"

#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <time.h>

#include <wasmdiag/text.h>

#include "cleanup.h"
#include "collect/cgroup.h"
#include "collect/chase.h"
#include "facts_rows.h"

#define FILE_LIMIT   ((size_t)16 << 10)
#define STATUS_LIMIT ((size_t)64 << 10)

static int64_t milliseconds(const json_t *nanoseconds)
{
	json_int_t value = json_integer_value(nanoseconds);

	return value > 0 ? (int64_t)(value / 1000000) : UNSET;
}

bool cri_status_parse(const char *json, size_t length,
		      struct container_resources *resources)
{
	json_auto_t *status = json_loadb(json, length, JSON_ALLOW_NUL, NULL);

	if (!json_is_object(status))
		return false;
	resources->created_ms = milliseconds(json_object_get(status, "CreatedAt"));
	resources->started_ms = milliseconds(json_object_get(status, "StartedAt"));
	return true;
}

static void read_times(struct host_context *context, const struct host *host,
		       struct arena *scratch, struct container_resources *resources)
{
	const char *path = arena_format(
		scratch, "%s/io.containerd.grpc.v1.cri/containers/%s/status",
		text_or_empty(host->containerd.root), resources->container_id);
	_cleanup_fd_ int fd = host_open(context, "/", O_PATH | O_DIRECTORY, NULL);
	struct bytes bytes;

	if (fd >= 0 && chase_read(fd, path, STATUS_LIMIT, scratch, &bytes))
		cri_status_parse(bytes.data, bytes.size, resources);
}

/* "VmRSS:	   12896 kB" of proc_pid_status(5). */
static int64_t resident_bytes(const char *status)
{
	static const char key[] = "\nVmRSS:";
	const char *at = strstr(status, key);
	int64_t kibibytes;

	if (!at)
		return UNSET;
	at += strlen(key);
	kibibytes = cgroup_number(at + strspn(at, " \t"));
	return kibibytes == UNSET || kibibytes > INT64_MAX / 1024 ? UNSET
								  : kibibytes * 1024;
}

static void read_process(struct host_context *context, int64_t pid, struct arena *scratch,
			 struct container_resources *resources)
{
	const char *path = arena_format(scratch, "/proc/%lld", (long long)pid);
	_cleanup_fd_ int process = host_open(context, path, O_PATH | O_DIRECTORY, NULL);
	struct cgroup_places *places = arena_alloc(scratch, sizeof(*places));
	struct bytes bytes;

	if (process < 0 || !chase_read(process, "cgroup", FILE_LIMIT, scratch, &bytes))
		return; /* it has ended meanwhile */
	cgroup_parse(bytes.data, resources->container_id, places);
	cgroup_read(context, places, resources);
	if (chase_read(process, "status", FILE_LIMIT, scratch, &bytes))
		resources->resident = resident_bytes(bytes.data);
}

static void add_container(struct host_context *context, struct host *host,
			  const struct wasm_container *container)
{
	_cleanup_(arena_free) struct arena scratch = { 0 };
	struct container_resources *resources;

	host->container_resources = arena_grow(context->arena, host->container_resources,
					       host->container_resources_count,
					       sizeof(*host->container_resources));
	resources = &host->container_resources[host->container_resources_count++];
	record_clear(&container_resources_record, resources);
	resources->container_id = container->container_id;
	resources->sampled = time(NULL);
	read_times(context, host, &scratch, resources);
	if (container->pid > 0)
		read_process(context, container->pid, &scratch, resources);
}

void collect_container_resources(struct host_context *context, struct host *host)
{
	const struct source *containers = &host->source[HOST_WASM_CONTAINERS];
	struct source *source = &host->source[HOST_CONTAINER_RESOURCES];

	for (size_t i = 0; i < host->wasm_container_count; i++)
		if (host->wasm_containers[i].container_id)
			add_container(context, host, &host->wasm_containers[i]);
	*source = *containers;
}
