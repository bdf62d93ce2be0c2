// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include "setting.h"

#include <wasmdiag/text.h>

#include "collect/host_system.h"
#include "collect/k3s.h"

static const struct k3s *collect(struct setting *setting)
{
	collect_k3s(&setting->context, &setting->host);
	return &setting->host.k3s;
}

static const char unit[] = "[Service]\nEnvironmentFile=-/etc/x\n"
			   "ExecStartPre=/bin/sh -c 'x --data-dir /wrong'\n"
			   "ExecStart=/usr/local/bin/k3s \\\n    server \\\n"
			   "\t'--disable' \\\n\t'traefik,servicelb' \\\n"
			   "\t'--token' \\\n\t'secret--disable' \\\n"
			   "\t\"--node-name=n 1\" --flannel-backend host-gw \\\n\n";

static void nothing_is_absent(void **state)
{
	struct setting setting;

	(void)state;
	begin(&setting);
	assert_false(collect(&setting)->installed);
	assert_int_equal(setting.host.source[HOST_K3S].state, FACT_ABSENT);
	assert_string_equal(host_data_dir(&setting.host), "/var/lib/rancher/k3s");
	end(&setting);
}

static void flags_of_the_unit(void **state)
{
	const struct k3s *k3s;
	struct setting setting;

	(void)state;
	begin(&setting);
	fixture_put(&setting.fixture, "/etc/systemd/system/k3s.service", unit);
	k3s = collect(&setting);
	assert_int_equal(setting.host.source[HOST_K3S].state, FACT_KNOWN);
	assert_true(k3s->installed);
	assert_string_equal(k3s->role, "server");
	assert_int_equal(k3s->disable.count, 2);
	assert_string_equal(k3s->disable.items[0], "traefik");
	assert_string_equal(k3s->disable.items[1], "servicelb");
	assert_string_equal(k3s->node_name, "n 1");
	assert_string_equal(k3s->flannel_backend, "host-gw");
	assert_string_equal(k3s->data_dir, "/var/lib/rancher/k3s");
	end(&setting);
}

static void files_are_merged_in_order(void **state)
{
	const struct k3s *k3s;
	struct setting setting;

	(void)state;
	begin(&setting);
	fixture_put(&setting.fixture, "/etc/systemd/system/k3s-agent.service",
		    "ExecStart=/usr/local/bin/k3s agent\n");
	fixture_put(&setting.fixture, "/etc/systemd/system/k3s-agent.service.env",
		    "K3S_TOKEN='K10secret'\nK3S_NODE_NAME='from-env'\n");
	fixture_put(&setting.fixture, "/etc/rancher/k3s/config.yaml",
		    "token: secret\ndata-dir: /data/k3s\ndisable: [traefik]\n"
		    "flannel-backend: none\nnode-name: first\n");
	fixture_put(&setting.fixture, "/etc/rancher/k3s/config.yaml.d/20.yaml",
		    "disable+: metrics-server,servicelb\n");
	fixture_put(&setting.fixture, "/etc/rancher/k3s/config.yaml.d/10.yaml",
		    "flannel-backend: vxlan\n");
	fixture_put(&setting.fixture, "/etc/rancher/k3s/config.yaml.d/30.txt",
		    "flannel-backend: ignored\n");
	k3s = collect(&setting);
	assert_string_equal(k3s->role, "agent");
	assert_string_equal(k3s->config, "/etc/rancher/k3s/config.yaml");
	assert_string_equal(k3s->data_dir, "/data/k3s");
	assert_string_equal(k3s->flannel_backend, "vxlan");
	assert_string_equal(k3s->node_name, "from-env");
	assert_int_equal(k3s->disable.count, 3);
	assert_string_equal(k3s->disable.items[2], "servicelb");
	assert_null(k3s->error);
	end(&setting);
}

static void a_later_list_replaces(void **state)
{
	struct setting setting;
	const struct k3s *k3s;

	(void)state;
	begin(&setting);
	fixture_put(&setting.fixture, "/etc/rancher/k3s/config.yaml",
		    "disable: [traefik]\n");
	fixture_put(&setting.fixture, "/etc/systemd/system/k3s.service",
		    "ExecStart=/x/k3s server --disable a --disable=b -d /elsewhere\n");
	k3s = collect(&setting);
	assert_int_equal(k3s->disable.count, 2);
	assert_string_equal(k3s->disable.items[0], "a");
	assert_string_equal(k3s->data_dir, "/elsewhere");
	end(&setting);
}

static void expect_datastore(const char *path, const char *text, const char *expected)
{
	struct setting setting;
	const struct k3s *k3s;

	begin(&setting);
	fixture_put(&setting.fixture, "/etc/systemd/system/k3s.service",
		    "ExecStart=/usr/local/bin/k3s server\n");
	fixture_put(&setting.fixture, path, text);
	k3s = collect(&setting);
	if (!text_equal(k3s->datastore, expected))
		fail_msg("%s: %s, not %s", text, text_or_empty(k3s->datastore),
			 text_or_empty(expected));
	assert_string_equal(k3s->role, "server");
	end(&setting);
}

/* Of an endpoint only the scheme: the rest holds a password. */
static void options_tell_the_datastore(void **state)
{
	static const char config[] = "/etc/rancher/k3s/config.yaml";
	static const char service[] = "/etc/systemd/system/k3s.service";
	static const char environment[] = "/etc/systemd/system/k3s.service.env";

	(void)state;
	expect_datastore(config, "disable: traefik\n", NULL);
	expect_datastore(config, "datastore-endpoint: mysql://k3s:hush@tcp(db:3306)/k\n",
			 "mysql");
	expect_datastore(config, "datastore-endpoint: ''\n", NULL);
	expect_datastore(config, "datastore-endpoint: ./db/state.db\n", "sqlite");
	expect_datastore(config, "cluster-init: true\n", "etcd");
	expect_datastore(config, "cluster-init: false\n", NULL);
	expect_datastore(config, "server: https://10.0.0.1:6443\n", "etcd");
	expect_datastore(environment, "K3S_DATASTORE_ENDPOINT='postgres://u:hush@db/k'\n",
			 "postgres");
	expect_datastore(environment, "K3S_URL=https://10.0.0.1:6443\n", "etcd");
	expect_datastore(service, "ExecStart=/x/k3s server --cluster-init --disable a\n",
			 "etcd");
	expect_datastore(service, "ExecStart=/x/k3s server --cluster-init=false\n", NULL);
	expect_datastore(
		service,
		"ExecStart=/x/k3s server --datastore-endpoint http://etcd:2379\n",
		"http");
}

/* The one flag without a value does not take the next word for one. */
static void cluster_init_stands_alone(void **state)
{
	struct setting setting;
	const struct k3s *k3s;

	(void)state;
	begin(&setting);
	fixture_put(&setting.fixture, "/etc/systemd/system/k3s.service",
		    "ExecStart=/x/k3s server --cluster-init --disable traefik\n");
	k3s = collect(&setting);
	assert_int_equal(k3s->disable.count, 1);
	assert_string_equal(k3s->disable.items[0], "traefik");
	end(&setting);
}

static void a_broken_file_is_named(void **state)
{
	const struct k3s *k3s;
	struct setting setting;

	(void)state;
	begin(&setting);
	fixture_put(&setting.fixture, "/etc/systemd/system/k3s.service", unit);
	fixture_put(&setting.fixture, "/etc/rancher/k3s/config.yaml",
		    "token: hush\n  a: [\n");
	k3s = collect(&setting);
	assert_true(text_starts(k3s->error, "/etc/rancher/k3s/config.yaml:2:"));
	assert_false(text_has(k3s->error, "hush"));
	fixture_put(&setting.fixture, "/etc/rancher/k3s/config.yaml", "- a\n");
	k3s = collect(&setting);
	assert_true(text_has(k3s->error, "no mapping"));
	end(&setting);
}

static void a_running_process_has_the_role(void **state)
{
	struct setting setting;

	(void)state;
	begin(&setting);
	fixture_put(&setting.fixture, "/proc/9/comm", "k3s-agent\n");
	fixture_link(&setting.fixture, "/proc/9/root", "../..");
	assert_string_equal(collect(&setting)->role, "agent");
	assert_true(host_is_node(&setting.context));
	end(&setting);
}

static void nodes_are_recognised(void **state)
{
	static const char *const marks[] = { "/var/lib/rancher/k3s/agent/x",
					     "/etc/kubernetes/kubelet.conf",
					     "/var/lib/kubelet/config.yaml",
					     "/var/lib/kubelet/pods/x" };
	struct setting setting;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
		begin(&setting);
		assert_false(host_is_node(&setting.context));
		fixture_put(&setting.fixture, marks[i], "");
		assert_true(host_is_node(&setting.context));
		end(&setting);
	}
	/* a kubelet in a chroot of its own makes no node of what is around */
	begin(&setting);
	fixture_put(&setting.fixture, "/proc/9/comm", "kubelet\n");
	fixture_link(&setting.fixture, "/proc/9/root", "..");
	assert_false(host_is_node(&setting.context));
	end(&setting);
}

static void the_node_has_a_name(void **state)
{
	struct arena arena = { 0 };
	struct host_context kubelet = { .arena = &arena, .root = "data/root-kubelet" };
	struct setting setting;

	(void)state;
	assert_true(host_is_node(&kubelet));
	assert_string_equal(host_node_name(&kubelet), "worker-1");
	arena_free(&arena);
	begin(&setting);
	fixture_put(&setting.fixture, "/etc/hostname", "Box\n");
	assert_string_equal(host_node_name(&setting.context), "box");
	fixture_put(&setting.fixture, "/etc/systemd/system/k3s.service",
		    "ExecStart=/x/k3s server --node-name n7\n");
	assert_string_equal(host_node_name(&setting.context), "n7");
	end(&setting);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_absent),
		cmocka_unit_test(flags_of_the_unit),
		cmocka_unit_test(files_are_merged_in_order),
		cmocka_unit_test(a_later_list_replaces),
		cmocka_unit_test(options_tell_the_datastore),
		cmocka_unit_test(cluster_init_stands_alone),
		cmocka_unit_test(a_broken_file_is_named),
		cmocka_unit_test(a_running_process_has_the_role),
		cmocka_unit_test(nodes_are_recognised),
		cmocka_unit_test(the_node_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
