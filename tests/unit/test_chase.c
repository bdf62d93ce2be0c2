// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include <errno.h>

#include "collect/chase.h"
#include "fixture.h"

static struct fixture fixture;
static int root = -1;

static int begin(void **state)
{
	char outside[PATH_MAX];

	(void)state;
	fixture_begin(&fixture);
	fixture_put(&fixture, "/secret", "outside");
	fixture_put(&fixture, "/in/etc/file", "inside");
	fixture_put(&fixture, "/in/secret", "the container's own");
	fixture_link(&fixture, "/in/relative", "etc/../etc/file");
	fixture_link(&fixture, "/in/absolute", "/etc/file");
	fixture_link(&fixture, "/in/up", "../../../../secret");
	fixture_link(&fixture, "/in/etc/up", "../../../secret");
	fixture_link(&fixture, "/in/loop", "loop");
	fixture_link(&fixture, "/in/folder", "/etc");
	fixture_link(&fixture, "/in/dangling", "nowhere/else");
	snprintf(outside, sizeof(outside), "%s/secret", fixture.root);
	fixture_link(&fixture, "/in/full", outside);
	assert_int_equal(mkfifo(fixture_path(&fixture, "/in/fifo"), 0600), 0);
	root = open(fixture_path(&fixture, "/in"), O_PATH | O_DIRECTORY);
	assert_true(root >= 0);
	return 0;
}

static int end(void **state)
{
	(void)state;
	close(root);
	fixture_end(&fixture);
	return 0;
}

static void expect(const char *path, const char *resolved, const char *text)
{
	struct arena arena = { 0 };
	char where[PATH_MAX];
	struct bytes bytes;
	int fd = chase(root, path, O_PATH, where);

	if (fd < 0)
		fail_msg("%s: %s", path, strerror(errno));
	close(fd);
	assert_string_equal(where, resolved);
	assert_true(chase_read(root, path, 100, &arena, &bytes));
	assert_string_equal(bytes.data, text);
	arena_free(&arena);
}

static void follows_links_inside(void **state)
{
	(void)state;
	expect("/etc/file", "/etc/file", "inside");
	expect("etc//./file", "/etc/file", "inside");
	expect("relative", "/etc/file", "inside");
	expect("/absolute", "/etc/file", "inside");
	expect("/folder/file", "/etc/file", "inside");
	expect("/folder/../secret", "/secret", "the container's own");
}

static void never_leaves_the_root(void **state)
{
	(void)state;
	expect("/up", "/secret", "the container's own");
	expect("/etc/up", "/secret", "the container's own");
	expect("../../secret", "/secret", "the container's own");
	assert_int_equal(chase(root, "/full", O_PATH, NULL), -1);
	assert_int_equal(errno, ENOENT);
}

static void refuses(const char *path, int number)
{
	assert_int_equal(chase(root, path, O_RDONLY, NULL), -1);
	assert_int_equal(errno, number);
}

static void says_what_is_wrong(void **state)
{
	char longest[PATH_MAX + 10];

	(void)state;
	refuses("/loop", ELOOP);
	refuses("/dangling", ENOENT);
	refuses("/etc/file/x", ENOTDIR);
	refuses("/fifo", EINVAL);
	memset(longest, 'a', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	refuses(longest, ENAMETOOLONG);
	longest[NAME_MAX + 1] = '\0';
	refuses(longest, ENAMETOOLONG);
}

static void bounds_what_is_read(void **state)
{
	struct arena arena = { 0 };
	struct bytes bytes;

	(void)state;
	assert_true(chase_read(root, "/etc/file", 6, &arena, &bytes));
	assert_false(chase_read(root, "/etc/file", 5, &arena, &bytes));
	assert_int_equal(errno, EFBIG);
	assert_false(chase_read(root, "/etc", 5, &arena, &bytes));
	assert_int_equal(errno, EINVAL);
	arena_free(&arena);
}

static void leaks_no_descriptor(void **state)
{
	int before = dup(0), after;

	(void)state;
	close(before);
	for (int i = 0; i < 10; i++) {
		int fd = chase(root, "/folder/../absolute", O_RDONLY, NULL);

		assert_true(fd >= 0);
		close(fd);
		assert_int_equal(chase(root, "/loop", O_RDONLY, NULL), -1);
	}
	after = dup(0);
	close(after);
	assert_int_equal(before, after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(follows_links_inside),
		cmocka_unit_test(never_leaves_the_root),
		cmocka_unit_test(says_what_is_wrong),
		cmocka_unit_test(bounds_what_is_read),
		cmocka_unit_test(leaks_no_descriptor),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
