// SPDX-License-Identifier: Apache-2.0
#include "collect/bundles.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include <wasmdiag/text.h>

#include "cleanup.h"
#include "collect/chase.h"
#include "collect/wasm.h"

#define CONTAINERS_MAX 500
#define BUNDLES_MAX    10000
#define CONFIG_MAX     ((size_t)1 << 20)
#define ID_MAX         128

struct bundle {
	struct host_context *context;
	struct arena *scratch; /* what is read of this bundle; gone with it */
	int folder;
	const char *id;
};

/* The text of a small file, without what ends its line; NULL when it cannot be read. */
static const char *read_line(struct bundle *bundle, int folder, const char *path)
{
	struct bytes bytes;

	if (!chase_read(folder, path, 4096, bundle->scratch, &bytes))
		return NULL;
	bytes.data[strcspn(bytes.data, "\n")] = '\0';
	return bytes.data[0] ? bytes.data : NULL;
}

static int64_t read_pid(struct bundle *bundle)
{
	const char *text = read_line(bundle, bundle->folder, "init.pid");
	size_t digits = text ? strspn(text, "0123456789") : 0;

	if (digits == 0 || digits > 9 || text[digits])
		return UNSET;
	return strtoll(text, NULL, 10);
}

/*
 * Is this process, whose number we have from a file, still the container's?  Its cgroup
 * is named after the container; one that names another container says no.
 */
static bool is_ours(struct bundle *bundle, int process)
{
	struct bytes cgroup;
	size_t run = 0;

	if (!chase_read(process, "cgroup", 16384, bundle->scratch, &cgroup))
		return false;
	if (text_has(cgroup.data, bundle->id))
		return true;
	for (const char *at = cgroup.data; *at && run < 64; at++)
		run = strchr("0123456789abcdef", *at) ? run + 1 : 0;
	return run < 64;
}

/* Find the container's process: its number, whether it is the engine's, its root. */
static int open_process(struct bundle *bundle, struct wasm_container *container)
{
	int64_t pid = read_pid(bundle);
	const char *path = arena_format(bundle->scratch, "%s/proc/%lld",
					bundle->context->root, (long long)pid);
	_cleanup_fd_ int process =
		pid > 0 ? open(path, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;

	if (process < 0 || !is_ours(bundle, process))
		return -1;
	container->pid = pid;
	container->in_engine = text_equal(read_line(bundle, process, "comm"), "wasmedge");
	/* the kernel's link, not one to be walked: it leads to the container's own root
	 */
	return openat(process, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static const char *annotation(const struct wasm_container *container, const char *key)
{
	return label_value(container->annotations, container->annotation_count, key);
}

/* Does crun run it in the engine whatever it is (facts A5)? */
static bool is_forced(const struct wasm_container *container)
{
	static const char *const handlers[] = { "wasm", "wasmedge", "wasmer", "wasmtime",
						"wamr" };
	const char *handler = annotation(container, "run.oci.handler");

	for (size_t i = 0; i < ARRAY_SIZE(handlers); i++)
		if (text_equal(handler, handlers[i]))
			return true;
	return !handler &&
	       text_equal(annotation(container, "module.wasm.image/variant"), "compat");
}

static bool has_magic(int fd)
{
	char magic[4];

	return pread(fd, magic, 4, 0) == 4 && memcmp(magic, "\0asm", 4) == 0;
}

/* Read the module, or say why not.  false: it turns out that this is no Wasm container.
 */
static bool read_module(struct bundle *bundle, struct wasm_container *container, int root)
{
	struct arena *arena = bundle->context->arena;
	_cleanup_fd_ int fd = chase(root, container->module_path, O_RDONLY, NULL);
	bool sure = container->in_engine || is_forced(container) ||
		    text_ends(container->program, ".wasm") ||
		    text_ends(container->program, ".wat");
	struct error error = { 0 };
	int number = errno;

	if (!sure && (!annotation(container, "run.oci.handler") &&
		      !annotation(container, "module.wasm.image/variant")))
		return false;
	if (!sure && (fd < 0 || !has_magic(fd)))
		return false;
	if (fd < 0)
		fail_errno(&error, number, "cannot read %s", container->module_path);
	else if (!wasm_read_fd(fd, arena, &container->module, &error))
		fail_in(&error, "%s", container->module_path);
	if (error.kind != ERROR_NONE)
		container->module_error = arena_string(arena, error.text);
	return true;
}

static bool read_config(struct bundle *bundle, struct wasm_container *container)
{
	struct arena *arena = bundle->context->arena;
	const char *cwd, *runtime;
	struct bytes bytes;

	if (!chase_read(bundle->folder, "config.json", CONFIG_MAX, bundle->scratch,
			&bytes) ||
	    !bundle_parse(arena, bytes.data, bytes.size, container, &cwd))
		return false;
	container->container_id = arena_string(arena, bundle->id);
	container->module_path = container->program;
	if (container->program[0] != '/')
		container->module_path = arena_format(
			arena, "%s/%s", text_equal(cwd, "/") ? "" : text_or_empty(cwd),
			container->program);
	runtime = read_line(bundle, bundle->folder, "runtime");
	if (!runtime)
		runtime = read_line(bundle, bundle->folder, "shim-binary-path");
	container->runtime = arena_string(arena, runtime);
	return true;
}

static enum answer has_file(int root, const char *path)
{
	_cleanup_fd_ int fd = root < 0 ? -1 : chase(root, path, O_RDONLY, NULL);

	if (fd >= 0)
		return ANSWER_YES;
	return root >= 0 && errno == ENOENT ? ANSWER_NO : ANSWER_UNKNOWN;
}

static void add_bundle(struct bundle *bundle, struct host *host)
{
	struct wasm_container container = { .pid = UNSET };
	_cleanup_fd_ int root = -1;

	if (!read_config(bundle, &container))
		return;
	root = open_process(bundle, &container);
	if (root < 0)
		root = chase(bundle->folder, "rootfs", O_PATH | O_DIRECTORY, NULL);
	if (!read_module(bundle, &container, root))
		return;
	container.services_file = has_file(root, "/etc/services");
	host->wasm_containers =
		arena_grow(bundle->context->arena, host->wasm_containers,
			   host->wasm_container_count, sizeof(*host->wasm_containers));
	host->wasm_containers[host->wasm_container_count++] = container;
}

static void add_entry(struct host_context *context, struct host *host, int folder,
		      const char *id)
{
	_cleanup_(arena_free) struct arena scratch = { 0 };
	_cleanup_fd_ int fd =
		openat(folder, id, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct bundle bundle = {
		.context = context, .scratch = &scratch, .folder = fd, .id = id
	};

	if (fd >= 0)
		add_bundle(&bundle, host);
}

/* The names in a folder that may be a container's, in order. */
static struct string_list list_ids(DIR *dir, struct arena *arena)
{
	struct string_list ids = { 0 };
	struct dirent *entry;

	while (ids.count < BUNDLES_MAX && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || strlen(entry->d_name) > ID_MAX)
			continue;
		ids.items = arena_grow(arena, ids.items, ids.count, sizeof(*ids.items));
		ids.items[ids.count++] = arena_string(arena, entry->d_name);
	}
	if (ids.count)
		qsort(ids.items, ids.count, sizeof(*ids.items), text_compare);
	return ids;
}

/* Look at all bundles below a state folder: 0, or an errno. */
static int add_state(struct host_context *context, struct host *host, const char *state)
{
	_cleanup_(arena_free) struct arena scratch = { 0 };
	const char *path =
		arena_format(&scratch, "%s/io.containerd.runtime.v2.task/k8s.io", state);
	int fd = host_open(context, path, O_RDONLY | O_DIRECTORY, NULL);
	_cleanup_dir_ DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	struct string_list ids;

	if (!dir)
		return errno;
	ids = list_ids(dir, &scratch);
	for (size_t i = 0; i < ids.count && host->wasm_container_count < CONTAINERS_MAX;
	     i++)
		add_entry(context, host, fd, ids.items[i]);
	return 0;
}

void collect_wasm_containers(struct host_context *context, struct host *host)
{
	const char *states[] = { host->containerd.state, "/run/containerd",
				 "/run/k3s/containerd" };
	struct source *source = &host->source[HOST_WASM_CONTAINERS];
	bool found = false;
	int denied = 0;

	for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
		int number;

		if (!states[i] || (i > 0 && text_equal(states[i], states[0])))
			continue;
		number = add_state(context, host, states[i]);
		found |= number == 0;
		if (number == EACCES || number == EPERM)
			denied = number;
	}
	if (found)
		host_fact_set(context, source, FACT_KNOWN, NULL);
	else if (denied)
		host_fact_set(context, source, FACT_DENIED,
			      "cannot read containerd's tasks: %s; run as root",
			      strerror(denied));
	else
		host_fact_set(context, source, FACT_ABSENT,
			      "containerd has no tasks of Kubernetes here");
}
