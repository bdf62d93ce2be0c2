// SPDX-License-Identifier: Apache-2.0
/* A root directory laid out by a test and gone with it. */
#pragma once

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
	char root[64];
};

static inline void fixture_begin(struct fixture *fixture)
{
	snprintf(fixture->root, sizeof(fixture->root), "/tmp/wasmdiag-test-XXXXXX");
	assert_non_null(mkdtemp(fixture->root));
}

static inline int fixture_remove(const char *path, const struct stat *status, int type,
				 struct FTW *place)
{
	(void)status;
	(void)type;
	(void)place;
	return remove(path);
}

static inline void fixture_end(struct fixture *fixture)
{
	nftw(fixture->root, fixture_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* "<root><path>", with the folders above it made; in a buffer used again. */
static inline const char *fixture_path(const struct fixture *fixture, const char *path)
{
	static char full[PATH_MAX];

	snprintf(full, sizeof(full), "%s%s", fixture->root, path);
	for (char *slash = strchr(full + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(full, 0755);
		*slash = '/';
	}
	return full;
}

static inline void fixture_put_bytes(const struct fixture *fixture, const char *path,
				     const void *bytes, size_t size)
{
	FILE *file = fopen(fixture_path(fixture, path), "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static inline void fixture_put(const struct fixture *fixture, const char *path,
			       const char *text)
{
	fixture_put_bytes(fixture, path, text, strlen(text));
}

static inline void fixture_program(const struct fixture *fixture, const char *path,
				   const char *text)
{
	fixture_put(fixture, path, text);
	assert_int_equal(chmod(fixture_path(fixture, path), 0755), 0);
}

static inline void fixture_link(const struct fixture *fixture, const char *path,
				const char *target)
{
	assert_int_equal(symlink(target, fixture_path(fixture, path)), 0);
}
