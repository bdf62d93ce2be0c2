// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include <wasmdiag/text.h>

#include "collect/containerd.h"
#include "host_test.h"

#define K3S "/var/lib/rancher/k3s/agent/etc/containerd"
#define V2  "plugins.\"io.containerd.grpc.v1.cri\".containerd"
#define V3  "plugins.'io.containerd.cri.v1.runtime'.containerd"

static const struct containerd *collect(void)
{
	struct host_context context = { .arena = &arena, .root = fixture.root };

	collect_containerd(&context, &host);
	return &host.containerd;
}

static const struct runtime_handler *handler(const char *name)
{
	for (size_t i = 0; i < host.containerd.handler_count; i++)
		if (text_equal(host.containerd.handlers[i].name, name))
			return &host.containerd.handlers[i];
	return NULL;
}

static void a_k3s_node_is_read(void **state)
{
	const struct containerd *containerd;

	(void)state;
	fixture_put(&fixture, K3S "/config.toml",
		    "version = 3\nimports = [\"" K3S "/config-v3.toml.d/*.toml\"]\n"
		    "root = \"/data/containerd\"\nstate = \"/run/k3s/containerd\"\n"
		    "[plugins.'io.containerd.cri.v1.images']\nsnapshotter = \"native\"\n"
		    "[" V3 ".runtimes.runc]\nruntime_type = \"io.containerd.runc.v2\"\n"
		    "[" V3 ".runtimes.runc.options]\nSystemdCgroup = true\n"
		    "[" V3 ".runtimes.'crun']\nruntime_type = \"io.containerd.runc.v2\"\n"
		    "[" V3 ".runtimes.'crun'.options]\n"
		    "BinaryName = \"/usr/bin/crun\"\nSystemdCgroup = false\n");
	fixture_put(&fixture, K3S "/config-v3.toml.d/wasm.toml",
		    "[" V3 ".runtimes.crun]\n"
		    "pod_annotations = [\"module.wasm.image/*\", \"run.oci.handler\"]\n");
	fixture_put(&fixture, K3S "/config-v3.toml.tmpl", "{{ template \"base\" . }}");
	fixture_program(&fixture, "/usr/bin/crun", "x");
	fixture_program(&fixture, "/var/lib/rancher/k3s/data/current/bin/runc", "x");
	containerd = collect();
	assert_int_equal(host.source[HOST_CONTAINERD].state, FACT_KNOWN);
	assert_null(containerd->error);
	assert_string_equal(containerd->flavor, "k3s");
	assert_string_equal(containerd->path, K3S "/config.toml");
	assert_string_equal(containerd->template, K3S "/config-v3.toml.tmpl");
	assert_int_equal(containerd->version, 3);
	assert_int_equal(containerd->imports.count, 1);
	assert_string_equal(containerd->imports.items[0],
			    K3S "/config-v3.toml.d/wasm.toml");
	assert_string_equal(containerd->snapshotter, "native");
	assert_string_equal(containerd->root, "/data/containerd");
	assert_string_equal(containerd->default_runtime, "runc");
	assert_int_equal(containerd->handler_count, 2);
	assert_int_equal(handler("crun")->pod_annotations.count, 2);
	assert_string_equal(handler("crun")->binary, "/usr/bin/crun");
	assert_string_equal(handler("crun")->file, K3S "/config.toml:11");
	assert_int_equal(handler("crun")->systemd_cgroup, ANSWER_NO);
	assert_string_equal(handler("runc")->binary,
			    "/var/lib/rancher/k3s/data/current/bin/runc");
	assert_null(handler("runc")->binary_name);
	assert_int_equal(handler("runc")->systemd_cgroup, ANSWER_YES);
}

static void a_stock_node_is_read(void **state)
{
	const struct containerd *containerd;

	(void)state;
	fixture_put(&fixture, "/etc/containerd/config.toml",
		    "version = 2\nimports = [\"conf.d/a.toml\"]\n"
		    "[" V2 "]\nsnapshotter = \"zfs\"\ndefault_runtime_name = \"crun\"\n"
		    "[" V2 ".runtimes.crun]\nruntime_type = \"io.containerd.runc.v2\"\n"
		    "pod_annotations = [\"a\"]\n"
		    "[" V2 ".runtimes.crun.options]\nBinaryName = \"crun\"\n");
	fixture_put(&fixture, "/etc/containerd/conf.d/a.toml",
		    "version = 2\n[" V2 ".runtimes.crun]\n"
		    "pod_annotations = [\"a\", \"b\"]\n"
		    "[" V2 ".runtimes.wasmedge]\n"
		    "runtime_type = \"io.containerd.wasmedge.v1\"\n");
	fixture_program(&fixture, "/usr/local/bin/crun", "x");
	fixture_program(&fixture, "/usr/bin/containerd-shim-wasmedge-v1", "x");
	containerd = collect();
	assert_string_equal(containerd->flavor, "containerd");
	assert_null(containerd->template);
	assert_int_equal(containerd->version, 2);
	assert_string_equal(containerd->snapshotter, "zfs");
	assert_string_equal(containerd->default_runtime, "crun");
	assert_string_equal(containerd->state, "/run/containerd");
	assert_int_equal(handler("crun")->pod_annotations.count, 2);
	assert_string_equal(handler("crun")->binary, "/usr/local/bin/crun");
	assert_int_equal(handler("crun")->systemd_cgroup, ANSWER_UNKNOWN);
	assert_string_equal(handler("wasmedge")->binary,
			    "/usr/bin/containerd-shim-wasmedge-v1");
	assert_non_null(handler("runc"));
	assert_null(handler("runc")->binary);
	assert_null(handler("runc")->file);
}

static void defaults_stand_without_a_file(void **state)
{
	const struct containerd *containerd;

	(void)state;
	fixture_put(&fixture, "/proc/7/comm", "containerd\n");
	fixture_put(&fixture, "/proc/7/cmdline", "/usr/bin/containerd");
	containerd = collect();
	assert_int_equal(host.source[HOST_CONTAINERD].state, FACT_KNOWN);
	assert_null(containerd->path);
	assert_int_equal(containerd->version, UNSET);
	assert_int_equal(containerd->handler_count, 1);
	assert_string_equal(handler("runc")->runtime_type, "io.containerd.runc.v2");
}

static void the_file_containerd_was_given_counts(void **state)
{
	static const char command[] = "containerd\0--config\0/opt/c.toml";
	static const char environment[] = "TOKEN=x\0PATH=/opt/bin:/usr/bin\0A=b";

	(void)state;
	fixture_put(&fixture, "/etc/containerd/config.toml", "version = 2\n");
	fixture_put(&fixture, "/opt/c.toml", "version = 3\n");
	fixture_put(&fixture, "/proc/7/comm", "containerd\n");
	fixture_put_bytes(&fixture, "/proc/7/cmdline", command, sizeof(command));
	fixture_put_bytes(&fixture, "/proc/7/environ", environment, sizeof(environment));
	fixture_program(&fixture, "/opt/bin/runc", "x");
	assert_string_equal(collect()->path, "/opt/c.toml");
	assert_int_equal(host.containerd.version, 3);
	assert_string_equal(handler("runc")->binary, "/opt/bin/runc");
}

static void without_containerd_there_is_no_fact(void **state)
{
	(void)state;
	collect();
	assert_int_equal(host.source[HOST_CONTAINERD].state, FACT_ABSENT);
	assert_non_null(host.source[HOST_CONTAINERD].reason);
	assert_int_equal(host.containerd.handler_count, 0);
}

static void a_broken_file_is_the_finding(void **state)
{
	(void)state;
	fixture_put(&fixture, K3S "/config.toml",
		    "version = 2\n[" V2 ".runtimes.crun]\n[" V2 ".runtimes.crun]\n");
	collect();
	assert_int_equal(host.source[HOST_CONTAINERD].state, FACT_KNOWN);
	assert_true(host.containerd.duplicate_table);
	assert_non_null(strstr(host.containerd.error, K3S "/config.toml: line 3: "));
	assert_int_equal(host.containerd.handler_count, 0);
}

static void an_import_that_is_not_there_is_an_error(void **state)
{
	(void)state;
	fixture_put(&fixture, "/etc/containerd/config.toml",
		    "version = 2\nimports = [\"no.toml\", \"none/*.toml\"]\n");
	collect();
	assert_non_null(strstr(host.containerd.error, "/etc/containerd/no.toml"));
	assert_false(host.containerd.duplicate_table);
}

static void an_import_may_not_be_newer(void **state)
{
	(void)state;
	fixture_put(&fixture, "/etc/containerd/config.toml",
		    "version = 2\nimports = [\"a.toml\"]\n");
	fixture_put(&fixture, "/etc/containerd/a.toml", "version = 3\n");
	collect();
	assert_non_null(strstr(host.containerd.error, "a.toml has version 3"));
}

static void imports_that_import_each_other_end(void **state)
{
	(void)state;
	fixture_put(&fixture, "/etc/containerd/config.toml",
		    "version = 2\nimports = [\"a.toml\"]\n");
	fixture_put(&fixture, "/etc/containerd/a.toml",
		    "imports = [\"a.toml\", \"config.toml\", \"*.toml\"]\n");
	collect();
	assert_null(host.containerd.error);
	assert_int_equal(host.containerd.imports.count, 1);
}

static void the_other_schemas_plugin_is_told(void **state)
{
	static const struct {
		const char *text, *foreign;
		bool crun;
	} cases[] = {
		{ "version = 3\n[" V2 ".runtimes.crun]", "io.containerd.grpc.v1.cri",
		  false },
		{ "version = 2\n[" V3 ".runtimes.crun]", "io.containerd.cri.v1.runtime",
		  false },
		{ "[" V3 ".runtimes.crun]", "io.containerd.cri.v1.runtime", false },
		{ "version = 2\n[" V2 ".runtimes.crun]", NULL, true },
		{ "version = 3\n[" V3 ".runtimes.crun]", NULL, true },
		{ "[plugins.cri.containerd.runtimes.crun]", NULL, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		host = (struct host){ 0 };
		fixture_put(&fixture, "/etc/containerd/config.toml", cases[i].text);
		collect();
		assert_true(text_equal(host.containerd.foreign_plugin, cases[i].foreign));
		assert_int_equal(handler("crun") != NULL, cases[i].crun);
	}
}

/* An older schema's section in a drop-in is migrated, not foreign. */
static void an_older_import_is_migrated(void **state)
{
	(void)state;
	fixture_put(&fixture, "/etc/containerd/config.toml",
		    "version = 3\nimports = [\"old.toml\", \"bare.toml\"]\n");
	fixture_put(&fixture, "/etc/containerd/old.toml",
		    "version = 2\n[" V2 ".runtimes.crun]\n");
	fixture_put(&fixture, "/etc/containerd/bare.toml", "[" V3 ".runtimes.wasm]\n");
	collect();
	assert_null(host.containerd.foreign_plugin);
	assert_non_null(handler("crun"));
	assert_non_null(handler("wasm"));
}

static void hostile_types_are_passed_over(void **state)
{
	(void)state;
	fixture_put(&fixture, "/etc/containerd/config.toml",
		    "version = 2\nimports = 7\nroot = [1]\n[" V2 "]\nruntimes = 3\n"
		    "default_runtime_name = true\n");
	collect();
	assert_null(host.containerd.error);
	assert_int_equal(host.containerd.handler_count, 1);
	host = (struct host){ 0 };
	fixture_put(&fixture, "/etc/containerd/config.toml",
		    "version = 2\nimports = [1]\n[" V2 ".runtimes]\na = 1\n[" V2
		    ".runtimes.b]\noptions = []\npod_annotations = { a = 1 }\n"
		    "runtime_type = \"x\"\n");
	collect();
	assert_non_null(handler("b"));
	assert_null(handler("b")->binary);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_k3s_node_is_read, begin, end),
		cmocka_unit_test_setup_teardown(a_stock_node_is_read, begin, end),
		cmocka_unit_test_setup_teardown(defaults_stand_without_a_file, begin,
						end),
		cmocka_unit_test_setup_teardown(the_file_containerd_was_given_counts,
						begin, end),
		cmocka_unit_test_setup_teardown(without_containerd_there_is_no_fact,
						begin, end),
		cmocka_unit_test_setup_teardown(a_broken_file_is_the_finding, begin, end),
		cmocka_unit_test_setup_teardown(an_import_that_is_not_there_is_an_error,
						begin, end),
		cmocka_unit_test_setup_teardown(an_import_may_not_be_newer, begin, end),
		cmocka_unit_test_setup_teardown(imports_that_import_each_other_end, begin,
						end),
		cmocka_unit_test_setup_teardown(the_other_schemas_plugin_is_told, begin,
						end),
		cmocka_unit_test_setup_teardown(an_older_import_is_migrated, begin, end),
		cmocka_unit_test_setup_teardown(hostile_types_are_passed_over, begin,
						end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
