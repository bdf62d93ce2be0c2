// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include "setting.h"

#include <wasmdiag/text.h>

#include "collect/misplaced_cgroups.h"

#define UID "1f2e3d4c_0000_4000_8000_00000000000a"

static void a_cgroup_named_for_systemd_is_found(void **state)
{
	struct setting setting;
	struct host *host = &setting.host;

	(void)state;
	begin(&setting);
	fixture_put(&setting.fixture,
		    "/sys/fs/cgroup/kubepods-besteffort-pod" UID
		    ".slice:cri-containerd:5cf1/cgroup.procs",
		    "4711\n");
	collect_misplaced_cgroups(&setting.context, host);
	assert_int_equal(host->source[HOST_MISPLACED_CGROUPS].state, FACT_KNOWN);
	assert_int_equal(host->misplaced_cgroup_count, 1);
	assert_string_equal(host->misplaced_cgroups[0].container_id, "5cf1");
	assert_string_equal(host->misplaced_cgroups[0].pod_uid,
			    "1f2e3d4c-0000-4000-8000-00000000000a");
	assert_string_equal(host->misplaced_cgroups[0].path,
			    "/sys/fs/cgroup/kubepods-besteffort-pod" UID
			    ".slice:cri-containerd:5cf1");
	end(&setting);
}

static void what_lies_where_it_should_is_not(void **state)
{
	struct setting setting;

	(void)state;
	begin(&setting);
	fixture_put(&setting.fixture,
		    "/sys/fs/cgroup/kubepods.slice/kubepods-pod" UID
		    ".slice/cri-containerd-5cf1.scope/cpu.stat",
		    "");
	fixture_put(&setting.fixture, "/sys/fs/cgroup/kubepods/besteffort/pod1/x", "");
	fixture_put(&setting.fixture,
		    "/sys/fs/cgroup/system.slice/containerd.service/cgroup.procs", "");
	collect_misplaced_cgroups(&setting.context, &setting.host);
	assert_int_equal(setting.host.source[HOST_MISPLACED_CGROUPS].state, FACT_KNOWN);
	assert_int_equal(setting.host.misplaced_cgroup_count, 0);
	end(&setting);
}

static void what_is_left_over_is_not(void **state)
{
	static const char *const files[][2] = {
		{ "a/cgroup.procs", "" },
		{ "b/cgroup.events", "populated 0\nfrozen 0\n" },
		{ "c/cpu.stat", "usage_usec 12\n" },
		{ "d/cgroup.events", "populated 1\nfrozen 0\n" },
	};
	struct setting setting;
	char path[256];

	(void)state;
	begin(&setting);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		snprintf(path, sizeof(path),
			 "/sys/fs/cgroup/kubepods-pod" UID ".slice:cri-containerd:%s",
			 files[i][0]);
		fixture_put(&setting.fixture, path, files[i][1]);
	}
	collect_misplaced_cgroups(&setting.context, &setting.host);
	assert_int_equal(setting.host.misplaced_cgroup_count, 1);
	assert_string_equal(setting.host.misplaced_cgroups[0].container_id, "d");
	end(&setting);
}

static void one_container_counts_once(void **state)
{
	static const char *const folders[] = { "/sys/fs/cgroup/cpu/",
					       "/sys/fs/cgroup/memory/system.slice/" };
	struct setting setting;
	char path[256];

	(void)state;
	begin(&setting);
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		snprintf(path, sizeof(path),
			 "%skubepods-pod" UID ".slice:cri-containerd:5cf1/cgroup.procs",
			 folders[i]);
		fixture_put(&setting.fixture, path, "4711\n");
	}
	collect_misplaced_cgroups(&setting.context, &setting.host);
	assert_int_equal(setting.host.misplaced_cgroup_count, 1);
	end(&setting);
}

static void a_node_full_of_them_is_bounded(void **state)
{
	struct setting setting;
	char path[256];

	(void)state;
	begin(&setting);
	for (int i = 0; i < 100; i++) {
		snprintf(path, sizeof(path),
			 "/sys/fs/cgroup/kubepods-pod" UID
			 ".slice:cri-containerd:%d/cgroup.procs",
			 i);
		fixture_put(&setting.fixture, path, "4711\n");
	}
	collect_misplaced_cgroups(&setting.context, &setting.host);
	assert_int_equal(setting.host.misplaced_cgroup_count, 64);
	end(&setting);
}

static void without_cgroups_nothing_is_known(void **state)
{
	struct setting setting;

	(void)state;
	begin(&setting);
	collect_misplaced_cgroups(&setting.context, &setting.host);
	assert_int_equal(setting.host.source[HOST_MISPLACED_CGROUPS].state, FACT_FAILED);
	end(&setting);
}

static void names_of_other_forms_are_left(void **state)
{
	static const char *const names[] = {
		"",
		"kubepods.slice",
		"kubepods-pod" UID ".slice",
		"kubepods-pod" UID ".slice:cri-containerd:",
		"user-pod" UID ".slice:cri-containerd:5cf1",
		"kubepods-pod" UID ".slice:crio:5cf1",
	};
	struct misplaced_cgroup cgroup;
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_false(misplaced_cgroup_parse(names[i], &arena, &cgroup));
	assert_true(misplaced_cgroup_parse("kubepods.slice:cri-containerd:x", &arena,
					   &cgroup));
	assert_null(cgroup.pod_uid);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cgroup_named_for_systemd_is_found),
		cmocka_unit_test(what_lies_where_it_should_is_not),
		cmocka_unit_test(what_is_left_over_is_not),
		cmocka_unit_test(one_container_counts_once),
		cmocka_unit_test(a_node_full_of_them_is_bounded),
		cmocka_unit_test(without_cgroups_nothing_is_known),
		cmocka_unit_test(names_of_other_forms_are_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
