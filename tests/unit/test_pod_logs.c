// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include <wasmdiag/text.h>

#include "collect/pod_logs.h"
#include "host_test.h"

#define LOGS "/var/log/pods/"
#define LINE "2024-05-03T15:04:15.3Z stdout F "

static bool wanted(const char *line)
{
	return text_has(line, "failed:");
}

static void collect(void)
{
	struct host_context context = { .arena = &arena,
					.root = fixture.root,
					.wanted_line = wanted };

	collect_logs(&context, &host);
}

static void the_two_newest_are_read(void **state)
{
	(void)state;
	fixture_put(&fixture, LOGS "default_hello_u-1/main/8.log", LINE "failed: 8\n");
	fixture_put(&fixture, LOGS "default_hello_u-1/main/9.log", LINE "failed: 9\n");
	fixture_put(&fixture, LOGS "default_hello_u-1/main/10.log", LINE "failed: 10\n");
	fixture_put(&fixture, LOGS "default_hello_u-1/main/10.log.20240503-150415",
		    LINE "failed: rotated\n");
	fixture_put(&fixture, LOGS "default_hello_u-1/main/x.log", LINE "failed: x\n");
	fixture_put(&fixture, LOGS "default_hello_u-1/side/0.log", LINE "fine\n");
	fixture_put(&fixture, LOGS "a_b_u-2/init/0.log", LINE "failed: first\n");
	fixture_put(&fixture, LOGS "nonsense/main/0.log", LINE "failed: no\n");
	fixture_put(&fixture, LOGS "only_one/main/0.log", LINE "failed: no\n");
	collect();
	assert_int_equal(host.source[HOST_LOGS].state, FACT_KNOWN);
	assert_int_equal(host.log_count, 3);
	assert_string_equal(host.logs[0].namespace, "a");
	assert_string_equal(host.logs[0].lines.items[0], "failed: first");
	assert_string_equal(host.logs[1].namespace, "default");
	assert_string_equal(host.logs[1].pod, "hello");
	assert_string_equal(host.logs[1].container, "main");
	assert_int_equal(host.logs[1].restart, 10);
	assert_int_equal(host.logs[1].lines.count, 1);
	assert_string_equal(host.logs[1].lines.items[0], "failed: 10");
	assert_int_equal(host.logs[2].restart, 9);
}

static void only_the_end_of_a_log_is_read(void **state)
{
	FILE *file = fopen(fixture_path(&fixture, LOGS "a_b_u/main/0.log"), "w");

	(void)state;
	assert_non_null(file);
	fputs(LINE "failed: early\n", file);
	for (int i = 0; i < 5000; i++)
		fputs(LINE "nothing to see\n", file);
	fputs(LINE "failed: late\n", file);
	fclose(file);
	collect();
	assert_int_equal(host.log_count, 1);
	assert_int_equal(host.logs[0].lines.count, 1);
	assert_string_equal(host.logs[0].lines.items[0], "failed: late");
}

static void links_stay_within_the_root(void **state)
{
	char outside[PATH_MAX];

	(void)state;
	fixture_put(&fixture, "/var/lib/docker/containers/x.log",
		    "{\"log\":\"failed: docker\\n\",\"stream\":\"stdout\"}\n");
	fixture_link(&fixture, LOGS "a_docker_u/main/0.log",
		     "/var/lib/docker/containers/x.log");
	snprintf(outside, sizeof(outside), "%s-outside", fixture.root);
	fixture_link(&fixture, LOGS "a_out_u/main/0.log", outside);
	fixture_link(&fixture, LOGS "a_link_u", "a_docker_u");
	assert_int_equal(mkdir(fixture_path(&fixture, LOGS "a_dir_u/main/"), 0755), -1);
	assert_int_equal(mkfifo(fixture_path(&fixture, LOGS "a_dir_u/main/0.log"), 0600),
			 0);
	collect();
	assert_int_equal(host.log_count, 1);
	assert_string_equal(host.logs[0].pod, "docker");
	assert_string_equal(host.logs[0].lines.items[0], "failed: docker");
}

static void an_empty_log_is_a_fact(void **state)
{
	const struct silent_log *log;

	(void)state;
	fixture_put(&fixture, LOGS "a_quiet_u-1/main/2.log", "");
	fixture_put(&fixture, LOGS "a_quiet_u-1/main/1.log", LINE "fine\n");
	/* the instance before does not count, nor one whose words were moved away */
	fixture_put(&fixture, LOGS "a_quiet_u-1/side/1.log", LINE "fine\n");
	fixture_put(&fixture, LOGS "a_quiet_u-1/side/0.log", "");
	fixture_put(&fixture, LOGS "a_turned_u-2/main/0.log", "");
	fixture_put(&fixture, LOGS "a_turned_u-2/main/0.log.20240503-150415.gz", "x");
	/* of another number */
	fixture_put(&fixture, LOGS "b_quiet_u-3/main/10.log", "");
	fixture_put(&fixture, LOGS "b_quiet_u-3/main/1.log.20240503-150415", "x");
	collect();
	assert_int_equal(host.log_count, 0);
	assert_int_equal(host.silent_log_count, 2);
	log = &host.silent_logs[0];
	assert_string_equal(log->namespace, "a");
	assert_string_equal(log->pod, "quiet");
	assert_string_equal(log->pod_uid, "u-1");
	assert_string_equal(log->container, "main");
	assert_int_equal(log->restart, 2);
	assert_true(log->since > 1700000000);
	assert_string_equal(host.silent_logs[1].namespace, "b");
	assert_int_equal(host.silent_logs[1].restart, 10);
}

static void without_logs_there_is_no_fact(void **state)
{
	struct host_context context = { .arena = &arena, .root = fixture.root };

	(void)state;
	collect_logs(&context, &host);
	assert_int_equal(host.source[HOST_LOGS].state, FACT_NOT_SOUGHT);
	collect();
	assert_int_equal(host.source[HOST_LOGS].state, FACT_ABSENT);
}

static void pods_that_kubelet_let_go_say_nothing(void **state)
{
	(void)state;
	fixture_put(&fixture, LOGS "a_gone_u-1/main/0.log", LINE "failed: gone\n");
	fixture_put(&fixture, LOGS "a_here_u-2/main/0.log", LINE "failed: here\n");
	collect();
	assert_int_equal(host.log_count, 2); /* kubelet keeps its pods elsewhere */
	host = (struct host){ 0 };
	fixture_put(&fixture, "/var/lib/kubelet/pods/u-2/etc-hosts", "");
	collect();
	assert_int_equal(host.source[HOST_LOGS].state, FACT_KNOWN);
	assert_int_equal(host.log_count, 1);
	assert_string_equal(host.logs[0].pod, "here");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_two_newest_are_read, begin, end),
		cmocka_unit_test_setup_teardown(only_the_end_of_a_log_is_read, begin,
						end),
		cmocka_unit_test_setup_teardown(links_stay_within_the_root, begin, end),
		cmocka_unit_test_setup_teardown(an_empty_log_is_a_fact, begin, end),
		cmocka_unit_test_setup_teardown(pods_that_kubelet_let_go_say_nothing,
						begin, end),
		cmocka_unit_test_setup_teardown(without_logs_there_is_no_fact, begin,
						end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
