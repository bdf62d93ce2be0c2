// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include <wasmdiag/text.h>

#include "collect/bundles.h"
#include "host_test.h"

#define TASKS "/run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/"

static const char module[] = "\0asm\1\0\0\0";

static void collect(void)
{
	struct host_context context = { .arena = &arena, .root = fixture.root };

	collect_wasm_containers(&context, &host);
}

static void put_config(const char *id, const char *type, const char *annotations,
		       const char *program)
{
	char path[300], text[2000];

	snprintf(path, sizeof(path), TASKS "%s/config.json", id);
	snprintf(
		text, sizeof(text),
		"{\"process\":{\"args\":[\"%s\",\"--password=hunter2\"],\"cwd\":\"/app\","
		"\"env\":[\"TOKEN=hunter2\"]},\"annotations\":{%s%s"
		"\"io.kubernetes.cri.container-type\":\"%s\","
		"\"io.kubernetes.cri.container-name\":\"main\","
		"\"io.kubernetes.cri.sandbox-name\":\"hello\","
		"\"io.kubernetes.cri.sandbox-namespace\":\"default\","
		"\"io.kubernetes.cri.sandbox-uid\":\"u-1\"}}",
		program, annotations, *annotations ? "," : "", type);
	fixture_put(&fixture, path, text);
}

static void put_module(const char *path)
{
	fixture_put_bytes(&fixture, path, module, 8);
}

static void a_running_container_is_read(void **state)
{
	const struct wasm_container *container;
	char path[PATH_MAX];

	(void)state;
	put_config("c1", "container",
		   "\"module.wasm.image/variant\":\"compat-smart\",\"other\":\"x\"",
		   "/hello.wasm");
	fixture_put(&fixture, TASKS "c1/init.pid", "77");
	fixture_put(&fixture, TASKS "c1/runtime", "/opt/crun");
	fixture_put(&fixture, "/proc/77/comm", "wasmedge\n");
	fixture_put(&fixture, "/proc/77/cgroup",
		    "0::/kubepods/cri-containerd-c1.scope\n");
	put_module("/merged/real.wasm");
	fixture_link(&fixture, "/merged/hello.wasm", "/../../real.wasm");
	snprintf(path, sizeof(path), "%s/merged", fixture.root);
	fixture_link(&fixture, "/proc/77/root", path);
	collect();
	assert_int_equal(host.source[HOST_WASM_CONTAINERS].state, FACT_KNOWN);
	assert_int_equal(host.wasm_container_count, 1);
	container = host.wasm_containers;
	assert_string_equal(container->namespace, "default");
	assert_string_equal(container->pod, "hello");
	assert_string_equal(container->pod_uid, "u-1");
	assert_string_equal(container->container, "main");
	assert_string_equal(container->container_id, "c1");
	assert_string_equal(container->runtime, "/opt/crun");
	assert_int_equal(container->pid, 77);
	assert_true(container->in_engine);
	assert_string_equal(container->program, "/hello.wasm");
	assert_int_equal(container->annotation_count, 1);
	assert_string_equal(container->annotations[0].value, "compat-smart");
	assert_string_equal(container->module_path, "/hello.wasm");
	assert_null(container->module_error);
	assert_int_equal(container->module.kind, WASM_CORE);
}

/* Of the environment names that a row allows, once, and no value; of the image a file. */
static void what_a_lookup_needs_is_noted(void **state)
{
	const struct wasm_container *container;

	(void)state;
	fixture_put(&fixture, TASKS "c1/config.json",
		    "{\"process\":{\"args\":[\"/a.wasm\"],\"env\":[7,\"DNS_SERVER\","
		    "\"DNS_SERVERS=no\",\"WASMEDGE_WASI_SOCKET=hunter2\","
		    "\"WASMEDGE_WASI_SOCKET=again\",\"TOKEN=hunter2\"]},\"annotations\":{"
		    "\"io.kubernetes.cri.container-type\":\"container\"}}");
	put_module(TASKS "c1/rootfs/a.wasm");
	put_config("c2", "container", "", "/b.wasm");
	put_module(TASKS "c2/rootfs/b.wasm");
	fixture_link(&fixture, TASKS "c2/rootfs/etc/services", "../real");
	fixture_put(&fixture, TASKS "c2/rootfs/real", "http 80/tcp\n");
	put_config("c3", "container", "", "/c.wasm");
	collect();
	assert_int_equal(host.wasm_container_count, 3);
	container = &host.wasm_containers[0];
	assert_int_equal(container->variables.count, 1);
	assert_string_equal(container->variables.items[0], "WASMEDGE_WASI_SOCKET");
	assert_int_equal(container->services_file, ANSWER_NO);
	assert_int_equal(host.wasm_containers[1].variables.count, 0);
	assert_int_equal(host.wasm_containers[1].services_file, ANSWER_YES);
	/* without its root there is no telling */
	assert_int_equal(host.wasm_containers[2].services_file, ANSWER_UNKNOWN);
}

static void a_process_of_another_container_is_not_ours(void **state)
{
	(void)state;
	put_config("c1", "container", "", "hello.wasm");
	fixture_put(&fixture, TASKS "c1/init.pid", "77");
	fixture_put(&fixture, "/proc/77/comm", "wasmedge\n");
	fixture_put(&fixture, "/proc/77/cgroup",
		    "0::/kubepods/cri-containerd-0123456789012345678901234567890123456789"
		    "012345678901234567890123.scope\n");
	put_module(TASKS "c1/rootfs/app/hello.wasm");
	collect();
	assert_int_equal(host.wasm_container_count, 1);
	assert_int_equal(host.wasm_containers[0].pid, UNSET);
	assert_false(host.wasm_containers[0].in_engine);
	assert_string_equal(host.wasm_containers[0].module_path, "/app/hello.wasm");
	assert_int_equal(host.wasm_containers[0].module.kind, WASM_CORE);
}

static void which_containers_count(void **state)
{
	static const char compat[] = "\"module.wasm.image/variant\":\"compat\"";
	static const char smart[] = "\"module.wasm.image/variant\":\"compat-smart\"";
	static const struct {
		const char *type, *annotations, *program;
		bool is_module, counts;
	} cases[] = {
		{ "container", "", "/a.wasm", true, true },
		{ "container", "", "/a.wat", false, true },
		{ "container", "", "/bin/sh", false, false },
		{ "container", "", "/app", true, false },
		{ "container", compat, "/bin/sh", false, true },
		{ "container", smart, "/bin/sh", false, false },
		{ "container", smart, "/app", true, true },
		{ "container", "\"run.oci.handler\":\"wasm\"", "/bin/sh", false, true },
		{ "container", "\"run.oci.handler\":\"krun\"", "/bin/sh", false, false },
		{ "container", "\"run.oci.hooks\":\"x\"", "/app", true, false },
		{ "sandbox", compat, "/pause", false, false },
		{ "", compat, "/a.wasm", true, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char path[200];

		host = (struct host){ 0 };
		put_config("c1", cases[i].type, cases[i].annotations, cases[i].program);
		snprintf(path, sizeof(path), TASKS "c1/rootfs%s", cases[i].program);
		if (cases[i].is_module)
			put_module(path);
		else
			fixture_put(&fixture, path, "\177ELF and so on");
		collect();
		if ((host.wasm_container_count == 1) != cases[i].counts)
			fail_msg("case %zu: %zu", i, host.wasm_container_count);
	}
}

static void one_bad_bundle_costs_itself_only(void **state)
{
	static char large[(1 << 20) + 2];

	(void)state;
	memset(large, ' ', sizeof(large));
	fixture_put(&fixture, TASKS "a/config.json", "{\"process\":");
	fixture_put_bytes(&fixture, TASKS "b/config.json", large, sizeof(large));
	fixture_put(&fixture, TASKS "c/init.pid", "1");
	fixture_put(&fixture, TASKS "d/config.json", "[]");
	fixture_put(&fixture, TASKS "file", "x");
	fixture_link(&fixture, TASKS "link", "/");
	put_config("e", "container", "", "/gone.wasm");
	fixture_put(&fixture, TASKS "e/init.pid", "99999999999999");
	fixture_put(&fixture, TASKS "e/rootfs/x", "");
	collect();
	assert_int_equal(host.wasm_container_count, 1);
	assert_string_equal(host.wasm_containers[0].module_error,
			    "cannot read /gone.wasm: No such file or directory");
	assert_int_equal(host.wasm_containers[0].module.kind, WASM_UNREAD);
}

static void the_environment_is_not_kept(void **state)
{
	struct wasm_container container = { 0 };
	struct arena own = { 0 };
	const char *cwd;
	static const char json[] =
		"{\"process\":{\"args\":[\"/a.wasm\",\"x\"],\"env\":[\"TOKEN=hunter2\"]},"
		"\"annotations\":{\"io.kubernetes.cri.container-type\":\"container\","
		"\"run.oci.handler\":\"a\\u0000b\",\"my.wasm\":1,\"secret\":\"x\"}}";

	(void)state;
	assert_true(bundle_parse(&own, json, strlen(json), &container, &cwd));
	assert_null(cwd);
	assert_null(container.pod);
	assert_int_equal(container.annotation_count, 1);
	assert_string_equal(container.annotations[0].value, "a");
	arena_free(&own);
}

static void without_tasks_there_is_no_fact(void **state)
{
	(void)state;
	collect();
	assert_int_equal(host.source[HOST_WASM_CONTAINERS].state, FACT_ABSENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_running_container_is_read, begin, end),
		cmocka_unit_test_setup_teardown(
			a_process_of_another_container_is_not_ours, begin, end),
		cmocka_unit_test_setup_teardown(which_containers_count, begin, end),
		cmocka_unit_test_setup_teardown(what_a_lookup_needs_is_noted, begin, end),
		cmocka_unit_test_setup_teardown(one_bad_bundle_costs_itself_only, begin,
						end),
		cmocka_unit_test_setup_teardown(the_environment_is_not_kept, begin, end),
		cmocka_unit_test_setup_teardown(without_tasks_there_is_no_fact, begin,
						end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
