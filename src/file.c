// SPDX-License-Identifier: Apache-2.0
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>

#include "cleanup.h"

#define KIB ((size_t)1024)
#define MIB (KIB * KIB)

static const char *kind_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return "a directory";
	case S_IFIFO:
		return "a FIFO";
	case S_IFSOCK:
		return "a socket";
	default:
		return "a device";
	}
}

static bool too_large(const char *path, size_t limit, struct error *error)
{
	if (limit >= MIB && limit % MIB == 0)
		return fail(error, ERROR_LIMIT, "%s is larger than %zu MiB", path,
			    limit / MIB);
	if (limit >= KIB && limit % KIB == 0)
		return fail(error, ERROR_LIMIT, "%s is larger than %zu KiB", path,
			    limit / KIB);
	return fail(error, ERROR_LIMIT, "%s is larger than %zu bytes", path, limit);
}

/* *ret_fd is the caller's to close, even when this failed. */
static bool open_regular(const char *path, size_t limit, int *ret_fd, uid_t *ret_owner,
			 struct error *error)
{
	struct stat status;

	/* O_NONBLOCK: opening a FIFO without a writer must not hang */
	*ret_fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (*ret_fd < 0 && errno == ENXIO)
		return fail(error, ERROR_FORMAT, "%s is a socket, not a file", path);
	if (*ret_fd < 0 || fstat(*ret_fd, &status) != 0)
		return fail_errno(error, errno, "cannot read %s", path);
	if (!S_ISREG(status.st_mode))
		return fail(error, ERROR_FORMAT, "%s is %s, not a file", path,
			    kind_of(status.st_mode));
	if (status.st_size > 0 && (uintmax_t)status.st_size > limit)
		return too_large(path, limit, error);
	*ret_owner = status.st_uid;
	return true;
}

bool file_read_owned(const char *path, size_t limit, struct arena *arena,
		     struct owned_bytes *ret, struct error *error)
{
	struct byte_reader reader = { .limit = limit };
	_cleanup_fd_ int fd = -1;
	struct bytes bytes;
	uid_t owner = 0;
	long length;

	if (!open_regular(path, limit, &fd, &owner, error))
		return false;
	do {
		length = byte_reader_take(&reader, fd);
	} while (length > 0 && !reader.full);
	if (length < 0)
		fail_errno(error, errno, "cannot read %s", path);
	bytes = byte_reader_finish(&reader, arena);
	if (length < 0)
		return false;
	if (reader.full)
		return too_large(path, limit, error);
	*ret = (struct owned_bytes){ bytes, owner };
	return true;
}

bool file_read(const char *path, size_t limit, struct arena *arena, struct bytes *ret,
	       struct error *error)
{
	struct owned_bytes owned;

	if (!file_read_owned(path, limit, arena, &owned, error))
		return false;
	*ret = owned.bytes;
	return true;
}
