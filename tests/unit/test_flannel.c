// SPDX-License-Identifier: Apache-2.0
/* flannel's files and CNI's. */
#include "test.h"

#include "setting.h"

#include <wasmdiag/text.h>

#include "collect/cni.h"
#include "collect/flannel.h"
#include "collect/host_system.h"

#define AGENT "/var/lib/rancher/k3s/agent/etc"

static void files_may_be_absent(void **state)
{
	struct setting setting;

	(void)state;
	begin(&setting);
	collect_flannel(&setting.context, &setting.host);
	assert_int_equal(setting.host.source[HOST_FLANNEL].state, FACT_KNOWN);
	assert_null(setting.host.flannel.net_conf);
	assert_null(setting.host.flannel.subnet_env);
	assert_int_equal(setting.host.flannel.mtu, UNSET);
	end(&setting);
}

static void both_files_are_read(void **state)
{
	struct setting setting;
	const struct flannel *flannel = &setting.host.flannel;

	(void)state;
	begin(&setting);
	fixture_put(&setting.fixture, AGENT "/flannel/net-conf.json",
		    "{\"Network\":\"10.42.0.0/16\",\"EnableIPv4\":true,"
		    "\"Backend\":{\"Type\":\"vxlan\"}}");
	fixture_put(&setting.fixture, "/run/flannel/subnet.env",
		    "FLANNEL_NETWORK=10.42.0.0/16\nFLANNEL_SUBNET=10.42.0.1/24\n"
		    "FLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n");
	collect_flannel(&setting.context, &setting.host);
	assert_string_equal(flannel->net_conf, AGENT "/flannel/net-conf.json");
	assert_string_equal(flannel->network, "10.42.0.0/16");
	assert_string_equal(flannel->backend, "vxlan");
	assert_string_equal(flannel->subnet_env_network, "10.42.0.0/16");
	assert_string_equal(flannel->subnet, "10.42.0.1/24");
	assert_int_equal(flannel->mtu, 1450);
	assert_null(flannel->net_conf_error);
	assert_null(flannel->subnet_env_error);
	end(&setting);
}

static void broken_files_say_why(void **state)
{
	struct setting setting;
	const struct flannel *flannel = &setting.host.flannel;

	(void)state;
	begin(&setting);
	fixture_put(&setting.fixture, "/etc/kube-flannel/net-conf.json",
		    "{\n  \"Network\": 10.42\n \"x\"");
	fixture_put(&setting.fixture, "/run/flannel/subnet.env", "FLANNEL_MTU=-1\n");
	collect_flannel(&setting.context, &setting.host);
	assert_int_equal(setting.host.source[HOST_FLANNEL].state, FACT_KNOWN);
	assert_string_equal(flannel->net_conf, "/etc/kube-flannel/net-conf.json");
	assert_true(text_starts(flannel->net_conf_error, "line 3, column "));
	assert_true(text_has(flannel->subnet_env_error, "no FLANNEL_SUBNET"));
	assert_int_equal(flannel->mtu, UNSET);
	fixture_put(&setting.fixture, "/run/flannel/subnet.env", "");
	collect_flannel(&setting.context, &setting.host);
	assert_true(text_has(flannel->subnet_env_error, "no FLANNEL_SUBNET"));
	end(&setting);
}

static void no_configuration_is_known(void **state)
{
	struct setting setting;

	(void)state;
	begin(&setting);
	fixture_put(&setting.fixture, "/etc/cni/net.d/README", "");
	collect_cni(&setting.context, &setting.host);
	assert_int_equal(setting.host.source[HOST_CNI].state, FACT_KNOWN);
	assert_null(setting.host.cni.config);
	assert_string_equal(setting.host.cni.directory, "/etc/cni/net.d");
	end(&setting);
}

static void the_first_file_counts(void **state)
{
	struct setting setting;
	const struct cni *cni = &setting.host.cni;

	(void)state;
	begin(&setting);
	fixture_put(&setting.fixture, "/etc/cni/net.d/20-b.conf", "{\"type\":\"no\"}");
	fixture_put(&setting.fixture, "/etc/cni/net.d/10-flannel.conflist",
		    "{\"name\":\"cbr0\",\"plugins\":[{\"type\":\"flannel\",\"delegate\":"
		    "{\"hairpinMode\":true}},{\"type\":\"portmap\"}]}");
	fixture_put(&setting.fixture, "/etc/cni/net.d/00.conf.bak", "");
	fixture_program(&setting.fixture, "/opt/cni/bin/portmap", "");
	fixture_program(&setting.fixture, "/opt/cni/bin/host-local", "");
	collect_cni(&setting.context, &setting.host);
	assert_string_equal(cni->config, "/etc/cni/net.d/10-flannel.conflist");
	assert_string_equal(cni->name, "cbr0");
	assert_int_equal(cni->plugins.count, 2);
	assert_string_equal(cni->binaries, "/opt/cni/bin");
	assert_int_equal(cni->missing.count, 2);
	assert_string_equal(cni->missing.items[0], "flannel");
	assert_string_equal(cni->missing.items[1], "bridge");
	end(&setting);
}

static void k3s_has_its_own_folder(void **state)
{
	struct setting setting;
	const struct cni *cni = &setting.host.cni;

	(void)state;
	begin(&setting);
	fixture_put(&setting.fixture, "/etc/cni/net.d/00-old.conf", "{}");
	fixture_put(&setting.fixture, AGENT "/cni/net.d/10-x.conf",
		    "{\"type\":\"bridge\",\"ipam\":{\"type\":\"../host-local\"}}");
	fixture_program(&setting.fixture, "/var/lib/rancher/k3s/data/current/bin/bridge",
			"");
	collect_cni(&setting.context, &setting.host);
	assert_string_equal(cni->config, AGENT "/cni/net.d/10-x.conf");
	assert_string_equal(cni->binaries, "/var/lib/rancher/k3s/data/current/bin");
	assert_int_equal(cni->missing.count, 1);
	assert_string_equal(cni->missing.items[0], "../host-local");
	end(&setting);
}

static void broken_json_is_placed(void **state)
{
	struct setting setting;
	const struct cni *cni = &setting.host.cni;

	(void)state;
	begin(&setting);
	fixture_put(&setting.fixture, "/etc/cni/net.d/10.conflist",
		    "{\n\"plugins\": [,]}");
	collect_cni(&setting.context, &setting.host);
	assert_int_equal(setting.host.source[HOST_CNI].state, FACT_KNOWN);
	assert_true(text_starts(cni->error, "line 2, column "));
	fixture_put(&setting.fixture, "/etc/cni/net.d/10.conflist", "{\"plugins\":7}");
	collect_cni(&setting.context, &setting.host);
	assert_true(text_has(cni->error, "no plugin type"));
	end(&setting);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_may_be_absent),
		cmocka_unit_test(both_files_are_read),
		cmocka_unit_test(broken_files_say_why),
		cmocka_unit_test(no_configuration_is_known),
		cmocka_unit_test(the_first_file_counts),
		cmocka_unit_test(k3s_has_its_own_folder),
		cmocka_unit_test(broken_json_is_placed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
