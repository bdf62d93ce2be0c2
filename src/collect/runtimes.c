// SPDX-License-Identifier: Apache-2.0
#include "collect/runtimes.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include <wasmdiag/text.h>

#include "cleanup.h"
#include "collect/chase.h"
#include "collect/command.h"
#include "collect/containerd.h"
#include "collect/library.h"
#include "collect/search_path.h"

#define RUNTIMES_MAX   32
#define DEADLINE_MS    5000
#define VERSION_OUTPUT ((size_t)16 << 10)
#define FEATURE_OUTPUT ((size_t)512 << 10)

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool is_known_name(const char *path)
{
	const char *name = base_name(path);

	return text_starts(name, "crun") || text_starts(name, "runc") ||
	       text_equal(name, "youki");
}

/* Look at the file: what it is, and whether it may be run.  We may be root. */
static bool inspect(struct host_context *context, struct runtime_binary *binary)
{
	char resolved[PATH_MAX];
	_cleanup_fd_ int fd = host_open(context, binary->path, O_PATH, resolved);
	struct arena *arena = context->arena;
	struct stat status;
	const char *why = NULL;

	if (fd < 0 || fstat(fd, &status) != 0) {
		binary->error =
			arena_format(arena, "%s: %s", binary->path, strerror(errno));
		return false;
	}
	binary->exists = true;
	if (!text_equal(resolved, binary->path))
		binary->target = arena_string(arena, resolved);
	if (!S_ISREG(status.st_mode))
		why = "is not a file";
	else if (status.st_size == 0)
		why = "is empty";
	else if (!(status.st_mode & 0111))
		why = "is not executable";
	binary->executable = !why;
	if (!why && !is_known_name(binary->path))
		why = "was not run: its name is not that of a known runtime";
	else if (!why && (status.st_uid != 0 || status.st_mode & 0022))
		why = "was not run: others than root may write it";
	if (why)
		binary->error = arena_format(arena, "%s %s", binary->path, why);
	return !why;
}

static bool run(struct host_context *context, const struct runtime_binary *binary,
		const char *argument, struct command_result *ret, struct error *error)
{
	const char *const argv[] = { binary->path, argument, NULL };
	bool version = text_equal(argument, "--version");
	struct command command = {
		.path = binary->path,
		.argv = argv,
		.root = *context->root ? context->root : NULL,
		.timeout_ms = context->timeout_ms > 0 ? context->timeout_ms : DEADLINE_MS,
		.output_limit = version ? VERSION_OUTPUT : FEATURE_OUTPUT,
	};

	*ret = (struct command_result){ 0 };
	if (!command_run(&command, context->arena, ret, error))
		return false;
	return command_succeeded(&command, ret, error);
}

/* crun needs /proc, which a root directory of ours may lack (facts A1). */
static const char *explain(struct host_context *context, const struct error *error)
{
	if (!text_has(error->text, "Failed to re-execute libcrun"))
		return arena_string(context->arena, error->text);
	return arena_format(context->arena,
			    "crun could not be asked: it needs /proc, which is not "
			    "mounted below %s",
			    *context->root ? context->root : "/");
}

static void ask(struct host_context *context, struct runtime_binary *binary)
{
	struct command_result result;
	struct error error = { 0 };
	bool done = run(context, binary, "--version", &result, &error);

	/* crun 1.20 to 1.23 may end with 1 after it printed all that matters (facts A1)
	 */
	if (!result.out.data || !parse_runtime_version(context->arena, result.out.data,
						       result.out.size, binary)) {
		if (done)
			fail(&error, ERROR_FORMAT, "%s --version printed no version",
			     binary->path);
		binary->error = explain(context, &error);
		return;
	}
	if (!text_equal(binary->program, "crun"))
		return;
	/* since 1.8.6; what it says stands above the tag */
	if (run(context, binary, "features", &result, NULL) && result.out.data)
		parse_runtime_features(result.out.data, result.out.size, binary);
	binary->library = engine_library(binary);
	if (binary->library)
		binary->library_path = find_library(
			context, binary->path, binary->library, &binary->library_error);
}

/* The same file under another path has answered already. */
static bool answered(const struct host *host, struct runtime_binary *binary)
{
	const char *file = binary->target ? binary->target : binary->path;

	for (const struct runtime_binary *other = host->runtimes; other < binary;
	     other++) {
		struct runtime_binary copy = *other;

		if (!other->version ||
		    !text_equal(other->target ? other->target : other->path, file))
			continue;
		copy.path = binary->path;
		copy.target = binary->target;
		copy.on_path = binary->on_path;
		*binary = copy;
		return true;
	}
	return false;
}

static struct runtime_binary *add(struct host_context *context, struct host *host,
				  const char *path)
{
	struct runtime_binary *binary;

	for (size_t i = 0; i < host->runtime_count; i++)
		if (text_equal(host->runtimes[i].path, path))
			return &host->runtimes[i];
	if (host->runtime_count >= RUNTIMES_MAX)
		return NULL;
	host->runtimes = arena_grow(context->arena, host->runtimes, host->runtime_count,
				    sizeof(*host->runtimes));
	binary = &host->runtimes[host->runtime_count++];
	*binary = (struct runtime_binary){
		.path = path, .major = UNSET, .minor = UNSET, .patch = UNSET
	};
	return binary;
}

static void add_handlers(struct host_context *context, struct host *host)
{
	for (size_t i = 0; i < host->containerd.handler_count; i++) {
		const struct runtime_handler *handler = &host->containerd.handlers[i];
		const char *path =
			handler->binary ? handler->binary : handler->binary_name;

		if (handler_runs_oci(handler))
			add(context, host, path ? path : "runc");
	}
}

void collect_runtimes(struct host_context *context, struct host *host)
{
	const char *crun = find_program(context, "crun", shell_search_path);
	struct runtime_binary *binary;

	add_handlers(context, host);
	binary = crun ? add(context, host, crun) : NULL;
	if (binary)
		binary->on_path = true;
	for (size_t i = 0; i < host->runtime_count; i++) {
		binary = &host->runtimes[i];
		if (binary->path[0] != '/')
			binary->error = arena_format(context->arena,
						     "containerd finds no %s in its PATH",
						     binary->path);
		else if (inspect(context, binary) && !answered(host, binary))
			ask(context, binary);
	}
	if (host->runtime_count == 0)
		host_fact_set(context, &host->source[HOST_RUNTIMES], FACT_ABSENT,
			      "no crun in root's PATH, and no handler of containerd "
			      "that names a runtime");
	else
		host_fact_set(context, &host->source[HOST_RUNTIMES], FACT_KNOWN, NULL);
}
