// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include <wasmdiag/text.h>

#include "collect/ld_cache.h"
#include "collect/library.h"
#include "collect/runtimes.h"
#include "root_test.h"

static struct runtime_binary parse(const char *text)
{
	struct runtime_binary binary = { .major = UNSET };

	if (!parse_runtime_version(&arena, text, strlen(text), &binary))
		fail_msg("not read: %s", text);
	return binary;
}

static void crun_is_read(void **state)
{
	struct runtime_binary binary =
		parse("crun version 1.21\n"
		      "commit: 10269840aa07fb7e6b7e1acff6198692d8ff5c88\n"
		      "rundir: /run/crun\nspec: 1.0.0\n"
		      "+SYSTEMD +SELINUX +APPARMOR +CAP +SECCOMP +EBPF +CRIU "
		      "+WASM:wasmedge +YAJL\n");

	(void)state;
	assert_string_equal(binary.program, "crun");
	assert_string_equal(binary.version, "1.21");
	assert_int_equal(binary.major, 1);
	assert_int_equal(binary.minor, 21);
	assert_int_equal(binary.patch, 0);
	assert_int_equal(binary.features.count, 9);
	assert_string_equal(binary.features.items[7], "+WASM:wasmedge");
	assert_int_equal(binary.wasm, ANSWER_YES);
	assert_string_equal(binary.engine, "wasmedge");
	assert_string_equal(binary.engine_source, "crun --version");
	assert_string_equal(engine_library(&binary), "libwasmedge.so.0");
}

static void versions_have_many_forms(void **state)
{
	static const struct {
		const char *text, *program, *version;
		int64_t major, minor, patch;
		enum answer wasm;
		const char *library;
	} cases[] = {
		{ "crun version 1.6.0.0.0.77-2c6e\n+WASM:wasmedge", "crun",
		  "1.6.0.0.0.77-2c6e", 1, 6, 0, ANSWER_YES, "libwasmedge.so.0" },
		{ "crun version 1.5.12\n+CAP +WASM:wasmedge", "crun", "1.5.12", 1, 5, 12,
		  ANSWER_YES, "libwasmedge_c.so" },
		{ "crun version 1.8.1\ncommit: x\n+SYSTEMD +YAJL\n", "crun", "1.8.1", 1,
		  8, 1, ANSWER_NO, NULL },
		{ "crun version 0.17\nspec: 1.0.0\n", "crun", "0.17", 0, 17, 0,
		  ANSWER_UNKNOWN, NULL },
		{ "crun version 1.9\n+WASM:wamr +WASM:wasmtime +WASM:wasmer", "crun",
		  "1.9", 1, 9, 0, ANSWER_YES, "libwasmer.so" },
		{ "crun version 1.9\n+WASM:spin", "crun", "1.9", 1, 9, 0, ANSWER_YES,
		  NULL },
		{ "runc version 1.1.15+ds1\ncommit: 1.1.15\n", "runc", "1.1.15+ds1", 1, 1,
		  15, ANSWER_NO, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct runtime_binary binary = parse(cases[i].text);

		assert_string_equal(binary.program, cases[i].program);
		assert_string_equal(binary.version, cases[i].version);
		assert_int_equal(binary.major, cases[i].major);
		assert_int_equal(binary.minor, cases[i].minor);
		assert_int_equal(binary.patch, cases[i].patch);
		assert_int_equal(binary.wasm, cases[i].wasm);
		assert_true(text_equal(engine_library(&binary), cases[i].library));
	}
}

static void other_output_is_refused(void **state)
{
	static const char *const cases[] = {
		"",
		"\n",
		"crun",
		"crun version",
		"crun version x.y",
		"crun version 1",
		"crun version 1.",
		"crun version 99999999.1",
		" version 1.2",
		"Failed to re-execute libcrun via memory file descriptor",
		"a very long name that is no program version 1.2",
	};
	struct runtime_binary binary = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_false(parse_runtime_version(&arena, cases[i], strlen(cases[i]),
						   &binary));
}

static void features_stand_above_the_tag(void **state)
{
	static const char no[] = "{\"annotations\":{\"run.oci.crun.wasm\":\"false\"}}";
	static const char yes[] = "{\"annotations\":{\"run.oci.crun.wasm\":\"true\"}}";
	struct runtime_binary binary = parse("crun version 1.21\n+WASM:wasmedge");

	(void)state;
	assert_true(parse_runtime_features(yes, strlen(yes), &binary));
	assert_int_equal(binary.wasm, ANSWER_YES);
	assert_string_equal(binary.engine, "wasmedge");
	assert_string_equal(binary.engine_source, "crun features");
	assert_false(parse_runtime_features("{}", 2, &binary));
	assert_false(parse_runtime_features("[", 1, &binary));
	assert_int_equal(binary.wasm, ANSWER_YES);
	assert_true(parse_runtime_features(no, strlen(no), &binary));
	assert_int_equal(binary.wasm, ANSWER_NO);
	assert_null(binary.engine);
}

/* A cache of format 1.1 with one entry a library; behind the old format's if asked. */
static size_t make_cache(char *out, bool old, const char *const *pairs, size_t count)
{
	static const char magic[] = "glibc-ld.so.cache1.1";
	uint32_t entries = (uint32_t)count, at;
	char *start = out;

	if (old) {
		memset(out, 0, 32);
		memcpy(out, "ld.so-1.7.0", 12);
		out[12] = 1;
		out += 32; /* 16 + 12, aligned to 8 */
	}
	memset(out, 0, 48 + 24 * count);
	memcpy(out, magic, sizeof(magic) - 1);
	memcpy(out + 20, &entries, 4);
	at = (uint32_t)(48 + 24 * count);
	for (size_t i = 0; i < 2 * count; i++) {
		char *entry = out + 48 + 24 * (i / 2);

		entry[0] = 3;
		entry[1] = 3;
		memcpy(entry + 4 + 4 * (i % 2), &at, 4);
		memcpy(out + at, pairs[i], strlen(pairs[i]) + 1);
		at += (uint32_t)strlen(pairs[i]) + 1;
	}
	return (size_t)(out + at - start);
}

static const char *const pairs[] = {
	"libc.so.6",        "/lib/libc.so.6",
	"libwasmedge.so.0", "/opt/lib32/libwasmedge.so.0",
	"libwasmedge.so.0", "/opt/lib/libwasmedge.so.0",
};

static void the_cache_is_read(void **state)
{
	struct string_list list;
	char cache[1000];

	(void)state;
	for (int old = 0; old < 2; old++) {
		size_t size = make_cache(cache, old, pairs, 3);

		assert_true(
			ld_cache_find(&arena, cache, size, "libwasmedge.so.0", &list));
		assert_int_equal(list.count, 2);
		assert_string_equal(list.items[1], "/opt/lib/libwasmedge.so.0");
		assert_true(ld_cache_find(&arena, cache, size, "libwasmedge.so", &list));
		assert_int_equal(list.count, 0);
	}
}

static void a_damaged_cache_is_harmless(void **state)
{
	struct string_list list;
	char cache[1000], copy[1000];
	size_t size = make_cache(cache, true, pairs, 3);

	(void)state;
	for (size_t cut = 0; cut < size; cut++) {
		char *exact = malloc(cut + 1);

		memcpy(exact, cache, cut);
		ld_cache_find(&arena, exact, cut, "libwasmedge.so.0", &list);
		free(exact);
	}
	for (size_t at = 0; at < size; at++) {
		memcpy(copy, cache, size);
		copy[at] = (char)0xff;
		ld_cache_find(&arena, copy, size, "libwasmedge.so.0", &list);
	}
	assert_false(ld_cache_find(&arena, "glibc-ld.so.cache1.1", 20, "x", &list));
	assert_false(ld_cache_find(&arena, "", 0, "x", &list));
}

static void put_elf(const char *path, char class, char machine)
{
	char elf[64] = "\177ELF";

	elf[4] = class;
	elf[5] = 1;
	elf[18] = machine;
	fixture_put_bytes(&fixture, path, elf, sizeof(elf));
}

static const char *find(const char **error)
{
	struct host_context context = { .arena = &arena, .root = fixture.root };

	return find_library(&context, "/usr/bin/crun", "libwasmedge.so.0", error);
}

static void a_library_is_found_as_ld_so_does(void **state)
{
	const char *error;
	char cache[1000];

	(void)state;
	put_elf("/usr/bin/crun", 2, 62);
	assert_null(find(&error));
	assert_null(error);
	fixture_put_bytes(&fixture, "/etc/ld.so.cache", cache,
			  make_cache(cache, false, pairs, 3));
	assert_null(find(&error));
	assert_non_null(strstr(error, "lists /opt/lib32/libwasmedge.so.0"));
	put_elf("/opt/lib32/libwasmedge.so.0", 1, 3);
	assert_null(find(&error));
	put_elf("/opt/lib/libwasmedge.so.0.1", 2, 62);
	fixture_link(&fixture, "/opt/lib/libwasmedge.so.0", "libwasmedge.so.0.1");
	assert_string_equal(find(&error), "/opt/lib/libwasmedge.so.0");
	assert_null(error);
}

static void default_folders_follow_the_cache(void **state)
{
	const char *error;

	(void)state;
	put_elf("/usr/bin/crun", 2, 62);
	put_elf("/usr/lib/aarch64-linux-gnu/libwasmedge.so.0", 2, (char)183);
	assert_null(find(&error));
	put_elf("/usr/lib64/libwasmedge.so.0", 2, 62);
	assert_string_equal(find(&error), "/usr/lib64/libwasmedge.so.0");
	put_elf("/usr/lib/x86_64-linux-gnu/libwasmedge.so.0", 2, 62);
	assert_string_equal(find(&error), "/usr/lib/x86_64-linux-gnu/libwasmedge.so.0");
}

static void a_library_ldconfig_was_not_told_of_is_named(void **state)
{
	const char *error;

	(void)state;
	put_elf("/usr/bin/crun", 2, 62);
	put_elf("/usr/local/lib/libwasmedge.so.0", 2, 62);
	assert_null(find(&error));
	assert_string_equal(error, "/usr/local/lib/libwasmedge.so.0 is there, but "
				   "/etc/ld.so.cache does not list it: run ldconfig");
	fixture_put(&fixture, "/lib/ld-musl-x86_64.so.1", "x");
	assert_string_equal(find(&error), "/usr/local/lib/libwasmedge.so.0");
	fixture_put(&fixture, "/usr/bin/crun", "#!/bin/sh\n");
	assert_null(find(&error));
	assert_string_equal(error, "/usr/bin/crun is not an ELF program");
}

static const struct runtime_binary *collect_one(struct host *host, const char *path)
{
	struct runtime_handler handlers[] = {
		{ .name = "crun", .runtime_type = "io.containerd.runc.v2" },
		{ .name = "spin", .runtime_type = "io.containerd.spin.v2" },
	};
	struct host_context context = { .arena = &arena, .root = "" };

	*host = (struct host){ 0 };
	handlers[0].binary_name = handlers[0].binary = path;
	host->containerd.handlers = handlers;
	host->containerd.handler_count = 2;
	collect_runtimes(&context, host);
	host->containerd.handlers = NULL;
	assert_int_equal(host->source[HOST_RUNTIMES].state, FACT_KNOWN);
	assert_string_equal(host->runtimes[0].path, path);
	return &host->runtimes[0];
}

static void a_runtime_is_asked(void **state)
{
	const struct runtime_binary *binary;
	struct host host;
	char path[100];

	(void)state;
	snprintf(path, sizeof(path), "%s/crun", fixture.root);
	fixture_program(&fixture, "/crun",
			"#!/bin/sh\n[ $1 = --version ] || exit 3\n"
			"echo crun version 1.21\necho +SYSTEMD +WASM:wasmedge\n"
			"echo no state >&2\nexit 1\n");
	binary = collect_one(&host, path);
	assert_true(binary->exists);
	assert_true(binary->executable);
	if (geteuid() != 0)
		return;
	assert_null(binary->error);
	assert_string_equal(binary->version, "1.21");
	assert_int_equal(binary->wasm, ANSWER_YES);
	assert_string_equal(binary->library, "libwasmedge.so.0");
	fixture_program(&fixture, "/crun", "#!/bin/sh\necho no proc >&2\nexit 1\n");
	binary = collect_one(&host, path);
	assert_non_null(strstr(binary->error, "no proc"));
	assert_int_equal(binary->major, UNSET);
}

static void two_paths_of_one_file_are_asked_once(void **state)
{
	struct runtime_handler handlers[] = {
		{ .name = "a", .runtime_type = "io.containerd.runc.v2" },
		{ .name = "b", .runtime_type = "io.containerd.runc.v2" },
		{ .name = "c", .runtime_type = "io.containerd.runc.v2" },
	};
	struct host_context context = { .arena = &arena, .root = "" };
	struct host host = { .containerd = { .handlers = handlers, .handler_count = 3 } };
	char paths[2][100], script[300];
	struct stat status;

	(void)state;
	snprintf(paths[0], sizeof(paths[0]), "%s/crun", fixture.root);
	snprintf(paths[1], sizeof(paths[1]), "%s/crun-wasm", fixture.root);
	snprintf(script, sizeof(script),
		 "#!/bin/sh\necho $1 >> %s/asked\necho crun version 1.21\n",
		 fixture.root);
	fixture_program(&fixture, "/crun", script);
	fixture_link(&fixture, "/crun-wasm", "crun");
	handlers[0].binary = handlers[2].binary = paths[0];
	handlers[1].binary = paths[1];
	collect_runtimes(&context, &host);
	host.containerd.handlers = NULL;
	assert_true(host.runtime_count >= 2);
	assert_string_equal(host.runtimes[1].path, paths[1]);
	assert_string_equal(host.runtimes[1].target, paths[0]);
	if (geteuid() != 0)
		return;
	assert_string_equal(host.runtimes[1].version, "1.21");
	assert_int_equal(stat(fixture_path(&fixture, "/asked"), &status), 0);
	assert_int_equal(status.st_size, strlen("--version\nfeatures\n"));
}

static void what_may_not_be_run_is_not(void **state)
{
	static const struct {
		const char *name;
		mode_t mode;
		const char *why;
	} cases[] = {
		{ "crun-old", 0777, "others than root" },
		{ "evil", 0755, "its name" },
		{ "crun-file", 0644, "not executable" },
	};
	const struct runtime_binary *binary;
	struct host host;
	char path[200], mark[100];

	(void)state;
	snprintf(mark, sizeof(mark), "%s/mark", fixture.root);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char script[200];

		snprintf(script, sizeof(script), "#!/bin/sh\n: > %s\n", mark);
		snprintf(path, sizeof(path), "%s/%s", fixture.root, cases[i].name);
		fixture_put(&fixture, path + strlen(fixture.root), script);
		assert_int_equal(chmod(path, cases[i].mode), 0);
		binary = collect_one(&host, path);
		assert_true(binary->exists);
		assert_non_null(strstr(binary->error, cases[i].why));
		assert_null(binary->version);
		assert_int_equal(access(mark, F_OK), -1);
	}
	binary = collect_one(&host, "/nowhere/crun");
	assert_false(binary->exists);
	assert_non_null(strstr(binary->error, "No such file"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(crun_is_read, begin_root, end),
		cmocka_unit_test_setup_teardown(versions_have_many_forms, begin_root,
						end),
		cmocka_unit_test_setup_teardown(other_output_is_refused, begin_root, end),
		cmocka_unit_test_setup_teardown(features_stand_above_the_tag, begin_root,
						end),
		cmocka_unit_test_setup_teardown(the_cache_is_read, begin_root, end),
		cmocka_unit_test_setup_teardown(a_damaged_cache_is_harmless, begin_root,
						end),
		cmocka_unit_test_setup_teardown(a_library_is_found_as_ld_so_does,
						begin_root, end),
		cmocka_unit_test_setup_teardown(default_folders_follow_the_cache,
						begin_root, end),
		cmocka_unit_test_setup_teardown(
			a_library_ldconfig_was_not_told_of_is_named, begin_root, end),
		cmocka_unit_test_setup_teardown(a_runtime_is_asked, begin_root, end),
		cmocka_unit_test_setup_teardown(two_paths_of_one_file_are_asked_once,
						begin_root, end),
		cmocka_unit_test_setup_teardown(what_may_not_be_run_is_not, begin_root,
						end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
