// SPDX-License-Identifier: Apache-2.0
#include "collect/chase.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include <wasmdiag/text.h>

#include "cleanup.h"

#define LINKS_MAX 40 /* as the kernel has it */

struct walk {
	int root;
	int here; /* O_PATH; the place that resolved names */
	int links; /* followed so far */
	char resolved[PATH_MAX]; /* "" or "/a/b", without links */
	char left[PATH_MAX]; /* what is still to be walked */
};

static bool set_errno(int number)
{
	errno = number;
	return false;
}

static bool move_to(struct walk *walk, int fd)
{
	if (fd < 0)
		return false;
	if (walk->here >= 0)
		close(walk->here);
	walk->here = fd;
	return true;
}

static bool go_to_root(struct walk *walk)
{
	walk->resolved[0] = '\0';
	return move_to(walk, openat(walk->root, ".", O_PATH | O_DIRECTORY | O_CLOEXEC));
}

/* What was resolved holds no links: so this ends, and none is followed. */
static bool go_up(struct walk *walk)
{
	char path[PATH_MAX], *slash = strrchr(walk->resolved, '/');

	if (!slash)
		return true;
	*slash = '\0';
	memcpy(path, walk->resolved, sizeof(path));
	return move_to(walk, chase(walk->root, path, O_PATH, NULL));
}

/* The target of a link comes before what is still left. */
static bool follow(struct walk *walk, int link)
{
	char target[PATH_MAX];
	ssize_t length = readlinkat(link, "", target, sizeof(target) - 1);
	size_t left = strlen(walk->left);

	if (length < 0)
		return false;
	if (++walk->links > LINKS_MAX)
		return set_errno(ELOOP);
	if ((size_t)length + 1 + left >= sizeof(walk->left))
		return set_errno(ENAMETOOLONG);
	memmove(walk->left + length + 1, walk->left, left + 1);
	memcpy(walk->left, target, (size_t)length);
	walk->left[length] = '/';
	return target[0] != '/' || go_to_root(walk);
}

static bool enter(struct walk *walk, const char *name)
{
	_cleanup_fd_ int fd = openat(walk->here, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	size_t used = strlen(walk->resolved), length = strlen(name);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) != 0)
		return false;
	if (S_ISLNK(status.st_mode))
		return follow(walk, fd);
	if (used + 1 + length >= sizeof(walk->resolved))
		return set_errno(ENAMETOOLONG);
	walk->resolved[used] = '/';
	memcpy(walk->resolved + used + 1, name, length + 1);
	return move_to(walk, fcntl(fd, F_DUPFD_CLOEXEC, 0));
}

/* Take the next name off what is left; "" at the end. */
static bool next_name(struct walk *walk, char name[NAME_MAX + 1])
{
	size_t slashes = strspn(walk->left, "/");
	size_t length = strcspn(walk->left + slashes, "/");

	if (length > NAME_MAX)
		return set_errno(ENAMETOOLONG);
	memcpy(name, walk->left + slashes, length);
	name[length] = '\0';
	memmove(walk->left, walk->left + slashes + length,
		strlen(walk->left + slashes + length) + 1);
	return true;
}

static bool walk_all(struct walk *walk)
{
	char name[NAME_MAX + 1];

	if (!go_to_root(walk))
		return false;
	while (next_name(walk, name)) {
		bool done = true;

		if (!name[0])
			return true;
		if (text_equal(name, ".."))
			done = go_up(walk);
		else if (!text_equal(name, "."))
			done = enter(walk, name);
		if (!done)
			return false;
	}
	return false;
}

/* Open for good what a descriptor of O_PATH stands for. */
static int reopen(int fd, int flags)
{
	struct stat status;
	char path[40];

	if (fstat(fd, &status) != 0)
		return -1;
	if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) {
		errno = EINVAL;
		return -1;
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

int chase(int root, const char *path, int flags, char resolved[PATH_MAX])
{
	struct walk walk = { .root = root, .here = -1 };
	int fd = -1, number;

	if (strlen(path) >= sizeof(walk.left)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(walk.left, path, strlen(path) + 1);
	if (walk_all(&walk))
		fd = flags & O_PATH ? fcntl(walk.here, F_DUPFD_CLOEXEC, 0)
				    : reopen(walk.here, flags);
	number = errno;
	if (resolved)
		snprintf(resolved, PATH_MAX, "%s",
			 walk.resolved[0] ? walk.resolved : "/");
	if (walk.here >= 0)
		close(walk.here);
	errno = number;
	return fd;
}

int host_open(struct host_context *context, const char *path, int flags,
	      char resolved[PATH_MAX])
{
	_cleanup_fd_ int root = open(*context->root ? context->root : "/",
				     O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (root < 0)
		return -1;
	return chase(root, path, flags, resolved);
}

bool host_exists(struct host_context *context, const char *path)
{
	_cleanup_fd_ int fd = host_open(context, path, O_PATH, NULL);

	return fd >= 0;
}

static bool read_whole(int fd, size_t limit, struct arena *arena, struct bytes *ret)
{
	struct byte_reader reader = { .limit = limit };
	struct stat status;
	int number;
	long length;

	if (fd < 0 || fstat(fd, &status) != 0)
		return false;
	if (!S_ISREG(status.st_mode))
		return set_errno(EINVAL);
	do {
		length = byte_reader_take(&reader, fd);
	} while (length > 0 && !reader.full);
	number = errno;
	*ret = byte_reader_finish(&reader, arena);
	if (length < 0)
		return set_errno(number);
	return !reader.full || set_errno(EFBIG);
}

bool chase_read(int root, const char *path, size_t limit, struct arena *arena,
		struct bytes *ret)
{
	_cleanup_fd_ int fd = chase(root, path, O_RDONLY, NULL);

	return read_whole(fd, limit, arena, ret);
}

bool host_read(struct host_context *context, const char *path, size_t limit,
	       struct bytes *ret, struct error *error)
{
	_cleanup_fd_ int fd = host_open(context, path, O_RDONLY, NULL);

	if (read_whole(fd, limit, context->arena, ret))
		return true;
	if (errno == EFBIG)
		return fail(error, ERROR_LIMIT, "%s is larger than %zu KiB", path,
			    limit / 1024);
	if (errno == EINVAL)
		return fail(error, ERROR_FORMAT, "%s is not a file", path);
	return fail_errno(error, errno, "cannot read %s", path);
}
