// SPDX-License-Identifier: Apache-2.0
/* Tokens keep what the checks read out of names and addresses, and nothing else. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "pseudonym.h"

static const struct pseudonym_key key = { "a key of the test's own, 32 byte" };

static char *made(void (*make)(const struct pseudonym_key *, const char *, FILE *),
		  const char *text)
{
	static char token[256];
	FILE *out = fmemopen(token, sizeof(token), "w");

	assert_non_null(out);
	make(&key, text, out);
	fclose(out);
	return strdup(token);
}

static void prefixes_are_shared(void **state)
{
	char *owner = made(pseudonym_name, "web-7d4b9c6f5");
	char *pod = made(pseudonym_name, "web-7d4b9c6f5-x2x9q");

	(void)state;
	assert_memory_equal(owner, pod, strlen(owner));
	assert_null(strstr(pod, "web"));
	assert_null(strstr(pod, "7d4b9c6f5"));
	assert_int_equal(strlen(strrchr(pod, '-')), strlen("-x2x9q"));
	assert_int_equal(strspn(strrchr(pod, '-') + 1, "bcdfghjklmnpqrstvwxz2456789"), 5);
	free(owner);
	free(pod);
}

static void a_module_stays_a_module(void **state)
{
	char *path = made(pseudonym_name, "/srv/billing.wasm");

	(void)state;
	assert_int_equal(*path, '/');
	assert_null(strstr(path, "billing"));
	assert_string_equal(path + strlen(path) - 5, ".wasm");
	free(path);
}

static void networks_stay_networks(void **state)
{
	char *one = made(pseudonym_addresses, "172.20.5.1/24");
	char *two = made(pseudonym_addresses, "172.20.5.77:6443.");
	char *net = made(pseudonym_addresses, "172.20.0.0/16");

	(void)state;
	assert_memory_equal(one, "172.", 4);
	assert_string_not_equal(one, "172.20.5.1/24");
	assert_memory_equal(one, two, (size_t)(strrchr(one, '.') - one));
	assert_string_equal(strstr(two, ".77:"), ".77:6443.");
	assert_memory_equal(one, net, strcspn(net + 4, ".") + 4);
	assert_non_null(strstr(net, ".0.0/16"));
	free(one);
	free(two);
	free(net);
}

static void what_is_no_address_stays(void **state)
{
	static const char *const texts[] = {
		"127.0.0.1:8080", "0.0.0.0/0",   "::1",     "fe80::1",
		"10.42.3.0/24",   "v1.21.0",     "add::x",  "12:34",
		"deadbeef",       "1.2.3.4.5.6", "a.b.c.d", "00:00:00:00:00:00",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		char *same = made(pseudonym_addresses, texts[i]);

		assert_string_equal(same, texts[i]);
		free(same);
	}
}

static void other_addresses_go(void **state)
{
	static const char *const texts[] = { "fd42:1:2::5", "2001:db8::17:3/64",
					     "02:aB:03:04:05:06", "192.168.7.9" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		char *token = made(pseudonym_addresses, texts[i]);

		assert_string_not_equal(token, texts[i]);
		assert_int_equal(*token, *texts[i]);
		free(token);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prefixes_are_shared),
		cmocka_unit_test(a_module_stays_a_module),
		cmocka_unit_test(networks_stay_networks),
		cmocka_unit_test(what_is_no_address_stays),
		cmocka_unit_test(other_addresses_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
