// SPDX-License-Identifier: Apache-2.0
/* Cgroups, containerd's times, pulls and libraries, as the collectors read them. */
#include "test.h"

#include <wasmdiag/text.h>

#include "collect/cgroup.h"
#include "collect/container_resources.h"
#include "collect/engine_library.h"
#include "collect/pulls.h"
#include "facts_merge.h"
#include "facts_rows.h"
#include "host_test.h"

#define ID     "e72efbafced7b40022eb943d3cab0d61275c0df1687c83a7320848e588e3c26e"
#define STATUS "/io.containerd.grpc.v1.cri/containers/" ID "/status"

/* ---- pulls ---- */

static void durations_as_go_prints_them(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {
		{ "49.18401355s", 49184 },
		{ "1m21.28s", 81280 },
		{ "850ms", 850 },
		{ "850.6ms", 851 },
		{ "1h2m3.5s", 3723500 },
		{ "900\xc2\xb5s", 1 },
		{ "0s", 0 },
		{ "", UNSET },
		{ "s", UNSET },
		{ "12", UNSET },
		{ "1.2.3s", UNSET },
		{ "-1s", UNSET },
		{ "1s ", UNSET },
		{ "9999999h", UNSET },
		{ "1e9s", UNSET },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(go_duration_ms(cases[i].text, strlen(cases[i].text)),
				 cases[i].ms);
}

static void pulls_of_every_kubelet(void **state)
{
	static const struct {
		const char *message;
		int64_t took, waited, size;
	} cases[] = {
		{ "Successfully pulled image \"ghcr.io/a/b:1\" in 1.234567s", 1235, UNSET,
		  UNSET },
		{ "Successfully pulled image \"ghcr.io/a/b:1\" in 1.2s (1.5s including "
		  "waiting)",
		  1200, 300, UNSET },
		{ "Successfully pulled image \"ghcr.io/a/b:1\" in 41.012s (1m41.012s "
		  "including waiting). Image size: 380000000 bytes.",
		  41012, 60000, 380000000 },
		{ "Successfully pulled image \"ghcr.io/a/b:1\" in 2s (1s including "
		  "waiting). Image size: 99999999999999999999 bytes.",
		  2000, 0, UNSET },
	};
	static const char *const others[] = {
		"",
		"Successfully pulled image \"ghcr.io/a/b:1\"",
		"Container image \"docker.io/lab/sleeper:1\" already present on machine",
		"Successfully pulled image \"\" in 1s",
		"Successfully pulled image \"x in 1s",
		"Successfully pulled image \"x\" in soon",
	};
	struct pull pull;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_true(pull_parse(cases[i].message, &pull, &arena));
		assert_string_equal(pull.image, "ghcr.io/a/b:1");
		assert_int_equal(pull.took_ms, cases[i].took);
		assert_int_equal(pull.waited_ms, cases[i].waited);
		assert_int_equal(pull.size, cases[i].size);
	}
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		assert_false(pull_parse(others[i], &pull, &arena));
}

/* ---- cgroups ---- */

static void a_place_is_cut_at_the_container(void **state)
{
	struct cgroup_places places;

	(void)state;
	cgroup_parse("0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-" ID
		     ".scope/container\n",
		     ID, &places);
	assert_string_equal(places.unified, "/kubepods.slice/kubepods-pod1.slice/"
					    "cri-containerd-" ID ".scope");
	assert_string_equal(places.memory, "");
	cgroup_parse("8:memory:/kubepods/pod1/" ID "\n2:cpuset:/no\n"
		     "1:cpu,cpuacct:/kubepods/pod1/" ID "\n0::/\n",
		     ID, &places);
	assert_string_equal(places.memory, "/kubepods/pod1/" ID);
	assert_string_equal(places.cpu, "/kubepods/pod1/" ID);
	assert_string_equal(places.cpu_mount, "cpu,cpuacct");
	assert_string_equal(places.unified, "/");
}

static void a_place_out_of_view_is_none(void **state)
{
	struct cgroup_places places;

	(void)state;
	cgroup_parse("0::/../../kubepods/" ID, ID, &places);
	assert_string_equal(places.unified, "");
	cgroup_parse("0::/..", ID, &places);
	assert_string_equal(places.unified, "");
	cgroup_parse("nonsense\n:\n::\n:::\n8:memory:relative\n", "", &places);
	assert_string_equal(places.unified, "");
	assert_string_equal(places.memory, "");
}

static void numbers_of_cgroup_files(void **state)
{
	(void)state;
	assert_int_equal(cgroup_number("1024\n"), 1024);
	assert_int_equal(cgroup_number("max\n"), UNSET);
	assert_int_equal(cgroup_number("-1"), UNSET);
	assert_int_equal(cgroup_number(""), UNSET);
	assert_int_equal(cgroup_number("99999999999999999999"), UNSET);
	assert_int_equal(cgroup_value("low 0\noom_kill 3\noom 1\n", "oom"), 1);
	assert_int_equal(cgroup_value("low 0\noom_kill 3", "oom_kill"), 3);
	assert_int_equal(cgroup_value("low 0", "max"), UNSET);
}

/* ---- a container ---- */

static void put(const char *folder, const char *name, const char *text)
{
	char path[600];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fixture_put(&fixture, path, text);
}

static const struct container_resources *collect(int64_t pid)
{
	static struct wasm_container container;
	struct host_context context = { .arena = &arena, .root = fixture.root };

	container = (struct wasm_container){ .container_id = ID, .pid = pid };
	host.wasm_containers = &container;
	host.wasm_container_count = 1;
	host.source[HOST_WASM_CONTAINERS].state = FACT_KNOWN;
	host.containerd.root = "/var/lib/containerd";
	collect_container_resources(&context, &host);
	assert_int_equal(host.container_resources_count, 1);
	assert_int_equal(host.source[HOST_CONTAINER_RESOURCES].state, FACT_KNOWN);
	return host.container_resources;
}

static void a_container_on_cgroup_v2(void **state)
{
	static const char scope[] = "/sys/fs/cgroup/kubepods.slice/" ID ".scope";
	const struct container_resources *resources;

	(void)state;
	fixture_put(&fixture, "/sys/fs/cgroup/cgroup.controllers", "cpu memory\n");
	put(scope, "memory.current", "60000000\n");
	put(scope, "memory.peak", "61000000\n");
	put(scope, "memory.max", "67108864\n");
	put(scope, "memory.stat", "anon 5\ninactive_file 1000000\nactive_file 7\n");
	put(scope, "memory.events", "low 0\nhigh 0\nmax 9\noom 2\noom_kill 2\n");
	put(scope, "cpu.max", "1000 100000\n");
	put(scope, "cpu.stat",
	    "usage_usec 5\nnr_periods 600\nnr_throttled 590\nthrottled_usec 52920000\n");
	put(scope, "container/memory.max", "max\n");
	fixture_put(&fixture, "/proc/77/cgroup",
		    "0::/kubepods.slice/" ID ".scope/container\n");
	fixture_put(&fixture, "/proc/77/status",
		    "Name:\twasmedge\nVmHWM:\t   99999 kB\nVmRSS:\t   12896 kB\n");
	fixture_put(&fixture, "/var/lib/containerd" STATUS,
		    "{\"Version\":\"v1\",\"Pid\":77,\"CreatedAt\":1795562516251995718,"
		    "\"StartedAt\":1795562516307907619,\"FinishedAt\":0}");
	resources = collect(77);
	assert_null(resources->error);
	assert_string_equal(resources->cgroup, "/kubepods.slice/" ID ".scope");
	assert_int_equal(resources->memory, 60000000);
	assert_int_equal(resources->memory_peak, 61000000);
	assert_int_equal(resources->memory_limit, 67108864);
	assert_int_equal(resources->oom_kills, 2);
	assert_int_equal(container_charged(resources), 59000000);
	assert_int_equal(resources->resident, 12896 * 1024);
	assert_int_equal(resources->cpu_limit, 10);
	assert_int_equal(resources->cpu_periods, 600);
	assert_int_equal(resources->cpu_throttled_periods, 590);
	assert_int_equal(resources->cpu_throttled_ms, 52920);
	assert_int_equal(container_start_ms(resources), 56);
}

static void a_container_on_cgroup_v1(void **state)
{
	static const char memory[] = "/sys/fs/cgroup/memory/kubepods/" ID;
	static const char cpu[] = "/sys/fs/cgroup/cpu,cpuacct/kubepods/" ID;
	const struct container_resources *resources;

	(void)state;
	fixture_put(&fixture, "/sys/fs/cgroup/unified/cgroup.controllers", "");
	put(memory, "memory.usage_in_bytes", "827392\n");
	put(memory, "memory.max_usage_in_bytes", "1044480\n");
	put(memory, "memory.limit_in_bytes", "9223372036854771712\n");
	put(memory, "memory.stat", "inactive_file 1\ntotal_inactive_file 4096\n");
	put(memory, "memory.oom_control",
	    "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n");
	put(cpu, "cpu.stat", "nr_periods 20\nnr_throttled 9\nthrottled_time 5000000\n");
	put(cpu, "cpu.cfs_quota_us", "-1\n");
	put(cpu, "cpu.cfs_period_us", "100000\n");
	fixture_put(&fixture, "/proc/77/cgroup",
		    "4:memory:/kubepods/" ID "\n1:cpu,cpuacct:/kubepods/" ID "\n0::/\n");
	resources = collect(77);
	assert_null(resources->error);
	assert_int_equal(resources->memory, 827392);
	assert_int_equal(resources->memory_peak, 1044480);
	assert_int_equal(resources->memory_limit, UNSET);
	assert_int_equal(resources->memory_reclaimable, 4096);
	assert_int_equal(resources->oom_kills, 1);
	assert_int_equal(resources->cpu_limit, UNSET);
	assert_int_equal(resources->cpu_periods, 20);
	assert_int_equal(resources->cpu_throttled_ms, 5);
	assert_int_equal(resources->resident, UNSET);
	assert_int_equal(container_start_ms(resources), UNSET);
}

static void what_has_ended_costs_nothing(void **state)
{
	const struct container_resources *resources;

	(void)state;
	resources = collect(77);
	assert_null(resources->error);
	assert_int_equal(container_memory(resources), UNSET);
}

static void a_controller_that_is_off_is_said(void **state)
{
	const struct container_resources *resources;

	(void)state;
	fixture_put(&fixture, "/sys/fs/cgroup/cgroup.controllers", "cpu\n");
	fixture_put(&fixture, "/proc/77/cgroup", "0::/kubepods/" ID "\n");
	resources = collect(77);
	assert_string_equal(resources->error,
			    "the memory controller tells nothing of /kubepods/" ID);
}

static void containerd_status_of_any_kind(void **state)
{
	struct container_resources resources;

	(void)state;
	record_clear(&container_resources_record, &resources);
	assert_false(cri_status_parse("[]", 2, &resources));
	assert_false(cri_status_parse("{", 1, &resources));
	assert_true(cri_status_parse("{\"CreatedAt\":\"x\",\"StartedAt\":0}", 31,
				     &resources));
	assert_int_equal(resources.created_ms, UNSET);
	assert_int_equal(resources.started_ms, UNSET);
}

/* ---- growth ---- */

static void growth_is_of_one_container(void **state)
{
	struct container_resources before, after;
	struct memory_growth growth;

	(void)state;
	record_clear(&container_resources_record, &before);
	before.container_id = "a";
	before.sampled = 1000;
	before.memory = 10 << 20;
	before.resident = 20 << 20;
	after = before;
	assert_false(memory_compare(&before, &after, &growth));
	after.sampled = 1600;
	after.resident = 25 << 20;
	assert_true(memory_compare(&before, &after, &growth));
	assert_int_equal(growth.seconds, 600);
	assert_int_equal(growth.after - growth.before, 5 << 20);
	assert_int_equal(growth.per_hour, 30 << 20);
	assert_false(memory_compare(&after, &before, &growth));
	after.container_id = "b";
	assert_false(memory_compare(&before, &after, &growth));
	after.container_id = "a";
	after.resident = after.memory = UNSET;
	assert_false(memory_compare(&before, &after, &growth));
}

/* --facts OLD --facts NEW, in either order */
static void two_snapshots_of_a_host_are_compared(void **state)
{
	struct container_resources old_use = { .container_id = "a", .sampled = 1000 };
	struct container_resources new_use = { .container_id = "a", .sampled = 1600 };
	struct host older = { .name = "n1",
			      .container_resources = &old_use,
			      .container_resources_count = 1 };
	struct host newer = { .name = "n1",
			      .container_resources = &new_use,
			      .container_resources_count = 1 };
	struct host other = { .name = "n2" };

	(void)state;
	for (size_t turn = 0; turn < 2; turn++) {
		struct host hosts[] = { older, other };
		struct facts old = { .taken = 1000, .hosts = hosts, .host_count = 2 };
		struct facts new = { .taken = 1600, .hosts = &newer, .host_count = 1 };
		struct facts *into = turn ? &old : &new;

		facts_merge(into, turn ? &new : &old, &arena);
		assert_int_equal(into->host_count, 2);
		assert_int_equal(find_resources(into->hosts, "a")->sampled, 1600);
		assert_int_equal(find_previous_resources(into->hosts, "a")->sampled,
				 1000);
		assert_string_equal(into->hosts[1].name, "n2");
		assert_null(find_previous_resources(&into->hosts[1], "a"));
	}
}

/* ---- the engine's library ---- */

static void scan(struct engine_scan *scan, const char *bytes, size_t length, size_t step)
{
	*scan = (struct engine_scan){ 0 };
	for (size_t i = 0; i < length; i += step)
		engine_scan_feed(scan, bytes + i, length - i < step ? length - i : step);
}

static void a_library_tells_its_version(void **state)
{
	static const char old[] = "\177ELF\0junk\0"
				  "1.2.3\0"
				  "0.1.0\0"
				  "0.14.1\0"
				  "0.13.0";
	static const char new[] = "\177ELF\0x0.16.0\0"
				  "0.17.1-rc.1\0"
				  "WasmEdge_ConfigureSetRunMode\0";
	struct engine_scan found;

	(void)state;
	for (size_t step = 1; step < sizeof(new); step++) {
		scan(&found, old, sizeof(old), step);
		assert_string_equal(found.version, "0.14.1");
		assert_false(found.has_run_modes);
		scan(&found, new, sizeof(new), step);
		assert_string_equal(found.version, "0.17.1-rc.1");
		assert_true(found.has_run_modes);
	}
}

static void only_who_compiled_asks(void **state)
{
	struct host_context context = { .arena = &arena, .root = fixture.root };
	struct runtime_binary runtime = { .path = "/usr/bin/crun",
					  .engine = "wasmedge",
					  .library_path = "/usr/lib/libwasmedge.so.0" };
	struct wasm_container container = { .container_id = "a" };

	(void)state;
	fixture_put_bytes(&fixture, "/usr/lib/libwasmedge.so.0",
			  "\0"
			  "0.14.1",
			  8);
	host.runtimes = &runtime;
	host.runtime_count = 1;
	host.wasm_containers = &container;
	host.wasm_container_count = 1;
	collect_engine_libraries(&context, &host);
	assert_int_equal(host.engine_library_count, 0);
	container.module.aot.present = true;
	collect_engine_libraries(&context, &host);
	assert_int_equal(host.engine_library_count, 1);
	assert_int_equal(host.engine_libraries[0].minor, 14);
	assert_ptr_equal(find_engine_library(&host, runtime.library_path),
			 host.engine_libraries);
	runtime.library_path = "/usr/lib/gone.so";
	host.engine_library_count = 0;
	host.engine_libraries = NULL;
	collect_engine_libraries(&context, &host);
	assert_int_equal(host.engine_libraries[0].minor, UNSET);
	assert_non_null(host.engine_libraries[0].error);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(durations_as_go_prints_them),
		TEST(pulls_of_every_kubelet),
		TEST(a_place_is_cut_at_the_container),
		TEST(a_place_out_of_view_is_none),
		TEST(numbers_of_cgroup_files),
		TEST(a_container_on_cgroup_v2),
		TEST(a_container_on_cgroup_v1),
		TEST(what_has_ended_costs_nothing),
		TEST(a_controller_that_is_off_is_said),
		TEST(containerd_status_of_any_kind),
		TEST(growth_is_of_one_container),
		TEST(two_snapshots_of_a_host_are_compared),
		TEST(a_library_tells_its_version),
		TEST(only_who_compiled_asks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
