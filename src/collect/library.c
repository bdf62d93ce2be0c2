// SPDX-License-Identifier: Apache-2.0
#include "collect/library.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include <wasmdiag/text.h>

#include "cleanup.h"
#include "collect/chase.h"
#include "collect/ld_cache.h"

#define CACHE_MAX ((size_t)8 << 20)

static const char cache_path[] = "/etc/ld.so.cache";

/* What must agree between a program and its libraries. */
struct machine {
	unsigned char class, data;
	uint16_t machine;
	const char *triplet; /* Debian's folder for it; NULL: unknown */
};

static const struct {
	uint16_t machine;
	const char *triplet;
} triplets[] = {
	{ EM_X86_64, "x86_64-linux-gnu" },     { EM_AARCH64, "aarch64-linux-gnu" },
	{ EM_RISCV, "riscv64-linux-gnu" },     { EM_S390, "s390x-linux-gnu" },
	{ EM_PPC64, "powerpc64le-linux-gnu" }, { EM_ARM, "arm-linux-gnueabihf" },
};

/* Folders that ld.so does not search unless ldconfig was told of them. */
static const char *const unlisted[] = {
	"/usr/local/lib",
	"/usr/local/lib64",
	"/usr/local/lib/x86_64-linux-gnu",
	"/usr/local/lib/aarch64-linux-gnu",
	"/root/.wasmedge/lib", /* WasmEdge's install.sh without -p */
	"/root/.wasmedge/lib64",
};

static bool read_machine(struct host_context *context, const char *path,
			 struct machine *ret)
{
	_cleanup_fd_ int fd = host_open(context, path, O_RDONLY, NULL);
	unsigned char bytes[20];

	if (fd < 0 || pread(fd, bytes, sizeof(bytes), 0) != sizeof(bytes) ||
	    memcmp(bytes, ELFMAG, SELFMAG) != 0)
		return false;
	*ret = (struct machine){ .class = bytes[EI_CLASS], .data = bytes[EI_DATA] };
	memcpy(&ret->machine, bytes + 18, sizeof(ret->machine));
	for (size_t i = 0; i < ARRAY_SIZE(triplets); i++)
		if (triplets[i].machine == ret->machine)
			ret->triplet = triplets[i].triplet;
	return true;
}

static bool is_library(struct host_context *context, const char *path,
		       const struct machine *machine)
{
	struct machine found;

	return path[0] == '/' && read_machine(context, path, &found) &&
	       found.class == machine->class && found.data == machine->data &&
	       found.machine == machine->machine;
}

static const char *in_cache(struct host_context *context, const char *library,
			    const struct machine *machine, const char **ret_error)
{
	struct error error = { 0 };
	struct string_list paths;
	struct bytes bytes;

	if (!host_read(context, cache_path, CACHE_MAX, &bytes, &error)) {
		if (error.kind != ERROR_ABSENT)
			*ret_error = arena_string(context->arena, error.text);
		return NULL;
	}
	if (!ld_cache_find(context->arena, bytes.data, bytes.size, library, &paths)) {
		*ret_error =
			arena_format(context->arena,
				     "%s is damaged or of an unknown format", cache_path);
		return NULL;
	}
	for (size_t i = 0; i < paths.count; i++)
		if (is_library(context, paths.items[i], machine))
			return paths.items[i];
	if (paths.count)
		*ret_error = arena_format(
			context->arena,
			"%s lists %s, which is not there or is not for this machine",
			cache_path, paths.items[0]);
	return NULL;
}

static const char *in_folder(struct host_context *context, const char *folder,
			     const char *library, const struct machine *machine)
{
	const char *path = arena_format(context->arena, "%s/%s", folder, library);

	return is_library(context, path, machine) ? path : NULL;
}

/* The folders that are searched in any case, the multi-architecture ones first. */
static const char *in_default_folders(struct host_context *context, const char *library,
				      const struct machine *machine)
{
	static const char *const folders[] = { "/lib64", "/usr/lib64", "/lib", "/usr/lib",
					       "/usr/local/lib" };
	bool musl = host_exists(context, "/lib/ld-musl-x86_64.so.1") ||
		    host_exists(context, "/lib/ld-musl-aarch64.so.1");
	const char *found = NULL;

	if (machine->triplet) {
		const char *folder =
			arena_format(context->arena, "/lib/%s", machine->triplet);

		found = in_folder(context, folder, library, machine);
		folder = arena_format(context->arena, "/usr/lib/%s", machine->triplet);
		if (!found)
			found = in_folder(context, folder, library, machine);
	}
	for (size_t i = 0; i < ARRAY_SIZE(folders) - !musl && !found; i++)
		found = in_folder(context, folders[i], library, machine);
	return found;
}

const char *find_library(struct host_context *context, const char *program,
			 const char *library, const char **ret_error)
{
	struct machine machine;
	const char *found;

	*ret_error = NULL;
	if (!read_machine(context, program, &machine)) {
		*ret_error =
			arena_format(context->arena, "%s is not an ELF program", program);
		return NULL;
	}
	found = in_cache(context, library, &machine, ret_error);
	if (!found)
		found = in_default_folders(context, library, &machine);
	if (found) {
		*ret_error = NULL;
		return found;
	}
	for (size_t i = 0; i < ARRAY_SIZE(unlisted); i++) {
		const char *path = in_folder(context, unlisted[i], library, &machine);

		if (path)
			*ret_error = arena_format(
				context->arena,
				"%s is there, but %s does not list it: %s", path,
				cache_path,
				text_starts(path, "/root/")
					? "install it below /usr/local and run ldconfig"
					: "run ldconfig");
	}
	return NULL;
}
