// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include "setting.h"

#include <wasmdiag/text.h>

#include "collect/disks.h"
#include "collect/host_system.h"
#include "collect/udp.h"
#include "collect/units.h"

static void the_system_is_named(void **state)
{
	const char *lo[] = { "127.0.0.1/8", "::1/128" };
	const char *eth[] = { "10.0.0.7/24", "fe80::1/64", "fd00::7/64" };
	struct link links[] = { { .name = "lo", .addresses = { lo, 2 } },
				{ .name = "eth0", .addresses = { eth, 3 } } };
	struct setting setting;
	struct host *host = &setting.host;

	(void)state;
	begin(&setting);
	fixture_put(&setting.fixture, "/etc/hostname", " n1\n");
	fixture_put(&setting.fixture, "/usr/lib/os-release",
		    "NAME=x\nPRETTY_NAME=\"Some Linux 1\"\n");
	fixture_link(&setting.fixture, "/etc/os-release", "../usr/lib/os-release");
	fixture_put(&setting.fixture, "/sys/fs/cgroup/cgroup.controllers", "cpu\n");
	host->links = links;
	host->link_count = 2;
	collect_system(&setting.context, host);
	assert_int_equal(host->source[HOST_SYSTEM].state, FACT_KNOWN);
	assert_string_equal(host->name, "n1");
	assert_string_equal(host->os, "Some Linux 1");
	assert_string_equal(host->cgroups, "v2");
	assert_non_null(host->kernel);
	assert_int_equal(host->addresses.count, 2);
	assert_string_equal(host->addresses.items[0], "10.0.0.7");
	assert_string_equal(host->addresses.items[1], "fd00::7");
	end(&setting);
}

static void cgroup_modes(void **state)
{
	struct setting setting;

	(void)state;
	begin(&setting);
	collect_system(&setting.context, &setting.host);
	assert_null(setting.host.cgroups);
	assert_null(setting.host.os);
	fixture_put(&setting.fixture, "/sys/fs/cgroup/memory/tasks", "");
	collect_system(&setting.context, &setting.host);
	assert_string_equal(setting.host.cgroups, "v1");
	fixture_put(&setting.fixture, "/sys/fs/cgroup/unified/cgroup.controllers", "");
	collect_system(&setting.context, &setting.host);
	assert_string_equal(setting.host.cgroups, "hybrid");
	end(&setting);
}

static void sysctls_may_be_missing(void **state)
{
	struct setting setting;
	struct host *host = &setting.host;

	(void)state;
	begin(&setting);
	collect_sysctls(&setting.context, host);
	assert_int_equal(host->source[HOST_SYSCTLS].state, FACT_FAILED);
	fixture_put(&setting.fixture, "/proc/sys/net/ipv4/ip_forward", "0\n");
	collect_sysctls(&setting.context, host);
	assert_int_equal(host->source[HOST_SYSCTLS].state, FACT_KNOWN);
	assert_string_equal(host->sysctls[0].name, "net.ipv4.ip_forward");
	assert_string_equal(host->sysctls[0].value, "0");
	assert_string_equal(host->sysctls[2].name, "net.bridge.bridge-nf-call-iptables");
	assert_null(host->sysctls[2].value);
	end(&setting);
}

static void another_network_is_noticed(void **state)
{
	struct setting setting;
	struct host *host = &setting.host;

	(void)state;
	begin(&setting);
	fixture_put(&setting.fixture, "/proc/1/net/dev", "");
	collect_links(&setting.context, host);
	assert_int_equal(host->source[HOST_LINKS].state, FACT_FAILED);
	assert_true(text_has(host->source[HOST_LINKS].reason, "hostNetwork"));
	collect_routes(&setting.context, host);
	assert_true(text_has(host->source[HOST_ROUTES].reason, "hostNetwork"));
	collect_sysctls(&setting.context, host);
	assert_true(text_has(host->source[HOST_SYSCTLS].reason, "hostNetwork"));
	collect_firewall(&setting.context, host);
	assert_true(text_has(host->source[HOST_FIREWALL].reason, "hostNetwork"));
	end(&setting);
}

static void no_firewall_tool_is_absent(void **state)
{
	struct setting setting;

	(void)state;
	begin(&setting);
	collect_firewall(&setting.context, &setting.host);
	assert_int_equal(setting.host.source[HOST_FIREWALL].state, FACT_ABSENT);
	end(&setting);
}

#define UDP_NAMES                                                                        \
	"Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors "      \
	"InCsumErrors IgnoredMulti MemErrors\n"

static void udp_counters_are_found(void **state)
{
	struct udp_counters counters;
	char good[] = "Tcp: a b\nTcp: 1 2\n" UDP_NAMES "Udp: 100 1 2 3 4 5 7 0 0\n"
		      "UdpLite: InDatagrams\nUdpLite: 9\n";
	char old[] = "Udp: InDatagrams NoPorts\nUdp: 5 6\n";
	char cut[] = UDP_NAMES;
	char odd[] = UDP_NAMES "Udp: 1 2 3 4 5 6 x\n";

	(void)state;
	assert_true(udp_parse(good, &counters));
	assert_int_equal(counters.datagrams, 100);
	assert_int_equal(counters.checksum_errors, 7);
	assert_true(udp_parse(old, &counters));
	assert_int_equal(counters.checksum_errors, UNSET);
	assert_false(udp_parse(cut, &counters));
	assert_true(udp_parse(odd, &counters));
	assert_int_equal(counters.checksum_errors, UNSET);
}

static void udp_is_read_twice(void **state)
{
	struct setting setting;
	struct host *host = &setting.host;

	(void)state;
	begin(&setting);
	host_udp_again(&setting.context, host);
	collect_udp(&setting.context, host);
	assert_int_equal(host->source[HOST_UDP].state, FACT_ABSENT);
	fixture_put(&setting.fixture, "/proc/1/net/snmp",
		    UDP_NAMES "Udp: 100 1 2 3 4 5 7 0 0\n");
	collect_udp(&setting.context, host);
	assert_int_equal(host->udp.checksum_errors_before, 7);
	fixture_put(&setting.fixture, "/proc/1/net/snmp",
		    UDP_NAMES "Udp: 150 1 2 3 4 5 9 0 0\n");
	host_udp_again(&setting.context, host);
	assert_int_equal(host->udp.datagrams, 150);
	assert_int_equal(host->udp.checksum_errors, 9);
	assert_int_equal(host->udp.checksum_errors_before, 7);
	end(&setting);
}

static void units_are_told_apart(void **state)
{
	char output[] = "Id=k3s.service\nLoadState=loaded\nActiveState=failed\n"
			"SubState=failed\nResult=exit-code\nNRestarts=12\n"
			"ExecMainStartTimestampMonotonic=90500000\n\n"
			"NRestarts=0\nId=k3s-agent.service\nLoadState=not-found\n\n"
			"Id=containerd.service\nLoadState=masked\n";
	struct arena arena = { 0 };
	struct host host = { 0 };

	(void)state;
	units_parse(&arena, output, 1795000000, &host);
	assert_int_equal(host.unit_count, 2);
	assert_string_equal(host.units[0].name, "k3s");
	assert_string_equal(host.units[0].result, "exit-code");
	assert_int_equal(host.units[0].restarts, 12);
	assert_string_equal(host.units[1].name, "containerd");
	assert_int_equal(host.units[0].started, 1795000090);
	assert_int_equal(host.units[1].restarts, UNSET);
	assert_int_equal(host.units[1].started, UNSET);
	arena_free(&arena);
}

static void without_systemd_units_are_absent(void **state)
{
	struct setting setting;

	(void)state;
	begin(&setting);
	collect_units(&setting.context, &setting.host);
	assert_int_equal(setting.host.source[HOST_UNITS].state, FACT_ABSENT);
	end(&setting);
}

static void mounts_are_read(void **state)
{
	char line[] =
		"36 35 98:0 /mnt1 /mnt\\0402 rw,noatime shared:1 - ext3 /dev/root rw\n";
	char bare[] = "36 35 98:0 / / rw - tmpfs none rw\n";
	char bad[] = "36 35\n";
	char short_one[] = "a b - c\n";
	const char *point, *type;

	(void)state;
	assert_true(mountinfo_parse(line, &point, &type));
	assert_string_equal(point, "/mnt 2");
	assert_string_equal(type, "ext3");
	assert_true(mountinfo_parse(bare, &point, &type));
	assert_string_equal(point, "/");
	assert_string_equal(type, "tmpfs");
	assert_false(mountinfo_parse(bad, &point, &type));
	assert_false(mountinfo_parse(short_one, &point, &type));
}

static void disks_have_room(void **state)
{
	struct setting setting;
	struct host *host = &setting.host;

	(void)state;
	begin(&setting);
	fixture_put(&setting.fixture, "/var/log/x", "");
	fixture_link(&setting.fixture, "/run", "var/log");
	collect_disks(&setting.context, host);
	assert_int_equal(host->source[HOST_DISKS].state, FACT_KNOWN);
	assert_int_equal(host->disk_count, 2);
	assert_string_equal(host->disks[0].path, "/run");
	assert_non_null(host->disks[0].filesystem);
	assert_true(host->disks[0].total > 0);
	assert_true(host->disks[0].available <= host->disks[0].total);
	end(&setting);
}

static int64_t reserve_of(struct setting *setting, const char *signal)
{
	struct host *host = &setting->host;

	collect_disks(&setting->context, host);
	for (size_t i = 0; i < host->disk_count; i++)
		if (text_equal(host->disks[i].signal, signal))
			return host->disks[i].reserve == UNSET
				       ? UNSET
				       : host->disks[i].reserve * 100 /
						 host->disks[i].total;
	fail_msg("no %s", signal);
	return 0;
}

/* Percent, as far as whole ones are told. */
static void kubelet_says_when_it_evicts(void **state)
{
	static const char arguments[] = "kubelet\0--config\0/etc/kubelet.yaml\0"
					"--eviction-hard=imagefs.available<40%,x";
	struct setting setting;

	(void)state;
	begin(&setting);
	fixture_put(&setting.fixture, "/var/lib/kubelet/x", "");
	fixture_put(&setting.fixture, "/var/lib/containerd/x", "");
	assert_int_equal(reserve_of(&setting, "nodefs"), UNSET);
	fixture_put(&setting.fixture, "/var/lib/kubelet/config.yaml",
		    "evictionHard:\n  nodefs.available: 21%\n");
	assert_in_range(reserve_of(&setting, "nodefs"), 20, 21);
	assert_int_equal(reserve_of(&setting, "imagefs"), 0);
	fixture_put(&setting.fixture,
		    "/var/lib/rancher/k3s/agent/etc/kubelet.conf.d/00-k3s-defaults.conf",
		    "evictionHard: {imagefs.available: 6%, nodefs.available: 7%}\n");
	assert_in_range(reserve_of(&setting, "nodefs"), 6, 7);
	fixture_put(&setting.fixture,
		    "/var/lib/rancher/k3s/agent/etc/kubelet.conf.d/00-k3s-defaults.conf",
		    "evictionHard: [7\n");
	fixture_put(&setting.fixture, "/etc/kubelet.yaml",
		    "evictionHard: {nodefs.available: many}\n");
	fixture_put(&setting.fixture, "/proc/9/comm", "kubelet\n");
	fixture_link(&setting.fixture, "/proc/9/root", "../..");
	fixture_put_bytes(&setting.fixture, "/proc/9/cmdline", arguments,
			  sizeof(arguments));
	setting.context.processes = NULL;
	assert_int_equal(reserve_of(&setting, "nodefs"), 0);
	assert_in_range(reserve_of(&setting, "imagefs"), 39, 40);
	end(&setting);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_system_is_named),
		cmocka_unit_test(cgroup_modes),
		cmocka_unit_test(sysctls_may_be_missing),
		cmocka_unit_test(another_network_is_noticed),
		cmocka_unit_test(no_firewall_tool_is_absent),
		cmocka_unit_test(udp_counters_are_found),
		cmocka_unit_test(udp_is_read_twice),
		cmocka_unit_test(units_are_told_apart),
		cmocka_unit_test(without_systemd_units_are_absent),
		cmocka_unit_test(mounts_are_read),
		cmocka_unit_test(disks_have_room),
		cmocka_unit_test(kubelet_says_when_it_evicts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
