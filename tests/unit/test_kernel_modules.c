// SPDX-License-Identifier: Apache-2.0
/* data/modules is depmod's: vxlan, kvm_intel, br_netfilter, udp_tunnel as files, overlay
 * and nf_conntrack built in. */
#include "test.h"

#include "setting.h"

#include <wasmdiag/text.h>
#include <zlib.h>

#include "collect/host_system.h"
#include "collect/kernel_modules.h"

#define RELEASE "6.1.0-test"
#define FOLDER  "/lib/modules/" RELEASE

static struct kernel_module find(struct setting *setting, const char *name)
{
	return find_module(&setting->context, &setting->host, RELEASE, name);
}

static void put_index(struct setting *setting, const char *name)
{
	char from[128], to[128], bytes[4096];
	size_t size;
	FILE *file;

	snprintf(from, sizeof(from), "data/modules/%s", name);
	snprintf(to, sizeof(to), FOLDER "/%s", name);
	file = fopen(from, "rb");
	assert_non_null(file);
	size = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	fixture_put_bytes(&setting->fixture, to, bytes, size);
}

static void put_indexes(struct setting *setting)
{
	put_index(setting, "modules.dep.bin");
	put_index(setting, "modules.alias.bin");
	put_index(setting, "modules.symbols.bin");
	put_index(setting, "modules.builtin.bin");
	put_index(setting, "modules.builtin.alias.bin");
	fixture_put(&setting->fixture, FOLDER "/kernel/net/vxlan.ko", "");
	fixture_put(&setting->fixture, FOLDER "/kernel/net/br_netfilter.ko", "");
}

static void an_empty_root_tells_nothing(void **state)
{
	struct setting setting;

	(void)state;
	begin(&setting);
	assert_int_equal(find(&setting, "vxlan").state, MODULE_UNKNOWN);
	fixture_put(&setting.fixture, FOLDER "/modules.builtin", "");
	assert_int_equal(find(&setting, "vxlan").state, MODULE_UNKNOWN);
	end(&setting);
}

/* virt-host-validate took kvm_intel for kvm */
static void loaded_modules_have_their_whole_name(void **state)
{
	struct setting setting;

	(void)state;
	begin(&setting);
	fixture_put(&setting.fixture, "/proc/modules",
		    "kvm_intel 380928 0 - Live 0x0\nvxlan 1 0 - Live 0x0\n"
		    "nf-conntrack 1 0 - Live 0x0\n");
	assert_int_equal(find(&setting, "kvm").state, MODULE_UNKNOWN);
	assert_int_equal(find(&setting, "intel").state, MODULE_UNKNOWN);
	assert_int_equal(find(&setting, "kvm_intel").state, MODULE_LOADED);
	assert_int_equal(find(&setting, "nf_conntrack").state, MODULE_LOADED);
	assert_string_equal(find(&setting, "vxlan").evidence, "/proc/modules");
	end(&setting);
}

static void sysfs_tells_loaded_from_builtin(void **state)
{
	struct setting setting;

	(void)state;
	begin(&setting);
	fixture_put(&setting.fixture, "/sys/module/vxlan/initstate", "live\n");
	fixture_put(&setting.fixture, "/sys/module/overlay/parameters/x", "");
	assert_int_equal(find(&setting, "vxlan").state, MODULE_LOADED);
	assert_int_equal(find(&setting, "overlay").state, MODULE_BUILTIN);
	end(&setting);
}

static void what_works_is_built_in(void **state)
{
	struct link links[] = { { .name = "flannel.1", .kind = "vxlan" } };
	struct setting setting;

	(void)state;
	begin(&setting);
	fixture_put(&setting.fixture, "/proc/filesystems",
		    "nodev\tsysfs\n\text4\nnodev\toverlay\n");
	fixture_put(&setting.fixture, "/proc/sys/net/bridge/bridge-nf-call-iptables",
		    "1\n");
	fixture_put(&setting.fixture, "/proc/sys/net/netfilter/nf_conntrack_max", "9\n");
	assert_int_equal(find(&setting, "overlay").state, MODULE_BUILTIN);
	assert_int_equal(find(&setting, "br_netfilter").state, MODULE_BUILTIN);
	assert_int_equal(find(&setting, "nf_conntrack").state, MODULE_BUILTIN);
	assert_int_equal(find(&setting, "vxlan").state, MODULE_UNKNOWN);
	setting.host.links = links;
	setting.host.link_count = 1;
	assert_int_equal(find(&setting, "vxlan").state, MODULE_BUILTIN);
	end(&setting);
}

static void put_config(struct setting *setting, const char *text)
{
	gzFile file = gzopen(fixture_path(&setting->fixture, "/proc/config.gz"), "wb");

	assert_non_null(file);
	/* more than one piece of what is inflated at a time */
	for (int i = 0; i < 2000; i++)
		gzputs(file, "CONFIG_SOMETHING_ELSE=m\n");
	gzputs(file, text);
	assert_int_equal(gzclose(file), Z_OK);
}

static void the_kernel_configuration_counts(void **state)
{
	struct setting setting;

	(void)state;
	begin(&setting);
	put_config(&setting, "# CONFIG_WIREGUARD is not set\nCONFIG_VXLAN=y\n"
			     "CONFIG_OVERLAY_FS=m\nCONFIG_NF_CONNTRACK=yes\n");
	assert_int_equal(find(&setting, "vxlan").state, MODULE_BUILTIN);
	assert_string_equal(find(&setting, "vxlan").evidence, "/proc/config.gz");
	assert_int_equal(find(&setting, "overlay").state, MODULE_UNKNOWN);
	assert_int_equal(find(&setting, "nf_conntrack").state, MODULE_UNKNOWN);
	assert_int_equal(find(&setting, "wireguard").state, MODULE_UNKNOWN);
	fixture_put(&setting.fixture, "/proc/config.gz", "this is not gzip");
	assert_int_equal(find(&setting, "vxlan").state, MODULE_UNKNOWN);
	end(&setting);
}

static void the_index_is_searched(void **state)
{
	struct kernel_module module;
	struct setting setting;

	(void)state;
	begin(&setting);
	put_indexes(&setting);
	module = find(&setting, "vxlan");
	assert_int_equal(module.state, MODULE_AVAILABLE);
	assert_string_equal(module.evidence, FOLDER "/kernel/net/vxlan.ko");
	assert_null(module.blocked);
	assert_int_equal(find(&setting, "overlay").state, MODULE_BUILTIN);
	assert_int_equal(find(&setting, "wireguard").state, MODULE_MISSING);
	assert_int_equal(find(&setting, "kvm").state, MODULE_MISSING);
	/* in the index, and the file is gone */
	assert_int_equal(find(&setting, "udp_tunnel").state, MODULE_MISSING);
	end(&setting);
}

static void a_list_of_built_in_ones_needs_no_index(void **state)
{
	struct setting setting;

	(void)state;
	begin(&setting);
	put_index(&setting, "modules.builtin");
	assert_int_equal(find(&setting, "overlay").state, MODULE_BUILTIN);
	assert_int_equal(find(&setting, "nf_conntrack").state, MODULE_BUILTIN);
	assert_int_equal(find(&setting, "vxlan").state, MODULE_UNKNOWN);
	end(&setting);
}

static void modprobe_rules_block(void **state)
{
	struct setting setting;

	(void)state;
	begin(&setting);
	put_indexes(&setting);
	fixture_put(&setting.fixture, "/etc/modprobe.d/cis.conf",
		    "install br_netfilter /bin/false\nblacklist vxlan\n");
	assert_string_equal(find(&setting, "br_netfilter").blocked,
			    "install br_netfilter /bin/false");
	assert_string_equal(find(&setting, "vxlan").blocked, "blacklist vxlan");
	assert_int_equal(find(&setting, "vxlan").state, MODULE_AVAILABLE);
	end(&setting);
}

static void our_kernel_misses_nothing_it_has(void **state)
{
	struct arena arena = { 0 };
	struct host_context context = { .arena = &arena, .root = "" };
	struct host host = { 0 };

	(void)state;
	collect_kernel_modules(&context, &host);
	assert_int_equal(host.source[HOST_KERNEL_MODULES].state, FACT_KNOWN);
	assert_int_equal(host.kernel_module_count, 5);
	for (size_t i = 0; i < host.kernel_module_count; i++)
		assert_non_null(host.kernel_modules[i].evidence);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_root_tells_nothing),
		cmocka_unit_test(loaded_modules_have_their_whole_name),
		cmocka_unit_test(sysfs_tells_loaded_from_builtin),
		cmocka_unit_test(what_works_is_built_in),
		cmocka_unit_test(the_kernel_configuration_counts),
		cmocka_unit_test(the_index_is_searched),
		cmocka_unit_test(a_list_of_built_in_ones_needs_no_index),
		cmocka_unit_test(modprobe_rules_block),
		cmocka_unit_test(our_kernel_misses_nothing_it_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
