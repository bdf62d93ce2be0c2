// SPDX-License-Identifier: Apache-2.0
#include "match.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <wasmdiag/text.h>

#include "match_text.h"
#include "render/match.h"
#include "run.h"

#define BLOCK 65536

/* gzread() also reads what is not compressed. */
static bool read_all(gzFile file, struct match_text *text, struct error *error)
{
	char block[BLOCK];
	int got, status = Z_OK;

	while ((got = gzread(file, block, sizeof(block))) > 0)
		match_text_feed(text, block, (size_t)got);
	gzerror(file, &status);
	if (got == 0 && status != Z_BUF_ERROR)
		return true;
	if (status == Z_ERRNO)
		return fail_errno(error, errno, "cannot be read");
	return fail(error, ERROR_FORMAT, "its gzip data are damaged");
}

static gzFile open_text(const char *path, struct error *error)
{
	bool standard_input = text_equal(path, "-");
	int fd = standard_input ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	gzFile file;

	if (fd < 0) {
		fail_errno(error, errno, "%s", path);
		return NULL;
	}
	if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
		fail_errno(error, EISDIR, "%s", path);
		close(fd);
		return NULL;
	}
	file = gzdopen(fd, "rb");
	if (!file) {
		close(fd);
		fail(error, ERROR_SYSTEM, "%s: cannot be read", path);
	}
	return file;
}

/* What was read before an error counts all the same. */
static bool read_matches(const char *path, struct arena *arena, struct matches *ret,
			 struct error *error)
{
	struct match_text *text = match_text_new(arena);
	gzFile file = open_text(path, error);
	bool read;

	*ret = (struct matches){ 0 };
	if (!file)
		return false;
	read = read_all(file, text, error);
	gzclose_r(file);
	*ret = match_text_end(text);
	if (!read)
		fail_in(error, "%s", text_equal(path, "-") ? "standard input" : path);
	return read;
}

int run_match(const struct options *options, struct arena *arena)
{
	const char *path = options->argument_count > 1 ? options->arguments[1] : "-";
	struct matches matches;
	const struct document document = { &matches, render_matches };
	struct error error;

	if (options->argument_count > 2) {
		fail(&error, ERROR_USAGE, "match reads one file or standard input");
		return report_error(&error);
	}
	if (!read_matches(path, arena, &matches, &error)) {
		report_error(&error);
		if (matches.count == 0)
			return 2;
	}
	if (!write_document(&document, options, &error))
		return report_error(&error);
	return matches.count && options->fail_on != FAIL_ON_NEVER ? 3 : 0;
}
