// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include <stdio.h>

#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#include "collect/join.h"

#define SECRET "f00dfeed5ecre7"
#define HASH   "bf0726b5e6bcf38fd7592c48192a98a7afb3bbd8405e3929f3b4dbe9ff517063"

static bool wants_bad(const char *line)
{
	return text_has(line, "bad");
}

static void the_journal_is_read_from_its_last_start(void **state)
{
	struct arena arena = { 0 };
	char text[] =
		"1000.000001 n1 k3s[7]: time=\"a\" level=error msg=\"bad: too old\"\n"
		"2000.000001 n1 k3s[7]: time=\"a\" level=error msg=\"bad: before\"\n"
		"2001.000001 n1 k3s[7]: time=\"b\" level=info msg=\"k3s agent is up and running\"\n"
		"2002.000001 n1 k3s[7]: time=\"c\" level=error msg=\"bad: one\"\n"
		"2003.000001 n1 k3s[7]: time=\"d\" level=info msg=\"fine\"\n"
		"2004.000001 n1 k3s[7]: time=\"e\" level=error msg=\"bad: two K10" HASH
		"::server:" SECRET "\"\n"
		"2005.000001 n1 k3s[7]: time=\"f\" level=error msg=\"bad: one\"\n"
		"garbage\n2006 bad\n2007 x: ";
	struct string_list list = journal_find(&arena, text, 1500, wants_bad);

	(void)state;
	assert_int_equal(list.count, 2);
	assert_true(text_starts(list.items[0], "level=error msg=\"bad: two "));
	assert_null(strstr(list.items[0], SECRET));
	assert_string_equal(list.items[1], "level=error msg=\"bad: one\"");
	arena_free(&arena);
}

static void the_journal_keeps_the_last_lines(void **state)
{
	struct arena arena = { 0 };
	char text[4096] = "";
	size_t length = 0;
	struct string_list list;

	(void)state;
	for (int i = 0; i < 40; i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length,
					   "%d.0 n1 k3s[7]: bad %d\n", 2000 + i, i);
	list = journal_find(&arena, text, 0, wants_bad);
	assert_int_equal(list.count, 12);
	assert_string_equal(list.items[0], "bad 28");
	assert_string_equal(list.items[11], "bad 39");
	arena_free(&arena);
}

/* The codes of node-join that speak of a line, joined. */
static const char *codes_of(const char *line)
{
	static char codes[128];
	const struct guide *const *guide;

	codes[0] = '\0';
	for (size_t i = 0; all_checks[i]; i++) {
		if (!text_equal(all_checks[i]->words->name, "node-join"))
			continue;
		for (guide = all_checks[i]->words->guides; *guide; guide++)
			if (guide_matches(*guide, line))
				strcat(codes, (*guide)->code);
	}
	return codes;
}

#define VALIDATE "Failed to validate connection to cluster at https://a:6443: "
#define CA_FAILED                                                                        \
	"CA cert validation failed: Get \"https://a/cacerts\": x509: certificate "

/* What K3s writes, as its source and its users' reports have it. */
static void the_journal_is_decoded(void **state)
{
	static const char *const lines[][2] = {
		{ "WD3103", VALIDATE
		  "token CA hash does not match the Cluster CA certificate hash: a != b" },
		{ "WD3104", "failed to retrieve configuration from server: "
			    "https://127.0.0.1:6444/v1-k3s/config: 401 Unauthorized" },
		{ "WD3104", VALIDATE "invalid token CA hash length" },
		{ "WD3104", VALIDATE "invalid token format" },
		{ "WD3105",
		  "Node password rejected, duplicate hostname or contents of "
		  "'/etc/rancher/node/password' may not match server node-passwd entry" },
		{ "WD3102",
		  "failed to get CA certs: Get \"https://127.0.0.1:6444/cacerts\": read tcp "
		  "127.0.0.1:1->127.0.0.1:6444: read: connection reset by peer" },
		{ "WD3102",
		  "failed to get CA certs: Get \"https://a:6443/cacerts\": dial tcp a:6443: "
		  "connect: connection refused" },
		{ "WD3102", CA_FAILED "is valid for 10.43.0.1, not 10.0.0.9" },
		{ "WD3106", CA_FAILED
		  "has expired or is not yet valid: current time T1 is before T2" },
		{ "WD3107", CA_FAILED
		  "has expired or is not yet valid: current time T1 is after T2" },
		{ "WD3109",
		  "failed to find memory cgroup, you may need to add \"cgroup_memory=1 "
		  "cgroup_enable=memory\" to your linux cmdline" },
		{ "WD3109", "pids cgroup controller not found" },
		{ "WD3112",
		  "k3s-agent.service: Scheduled restart job, restart counter is at 7." },
		{ "WD3112", "\"overlayfs\" snapshotter cannot be enabled for \"/x\"" },
		{ "WD3113",
		  "incompatible down-level server detected; servers must be upgraded to at "
		  "least v1.24" },
		{ "WD3114",
		  "failed to validate server configuration: critical configuration value "
		  "mismatch" },
		/* another program's, and an API server that is well */
		{ "", "invalid token format" },
		{ "",
		  "x509: certificate has expired or is not yet valid: current time T1 "
		  "is after T2" },
		{ "", "HTTP 401 Unauthorized" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		assert_string_equal(codes_of(lines[i][1]), lines[i][0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_journal_is_read_from_its_last_start),
		cmocka_unit_test(the_journal_keeps_the_last_lines),
		cmocka_unit_test(the_journal_is_decoded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
