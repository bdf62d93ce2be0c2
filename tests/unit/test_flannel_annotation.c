// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include "flannel.h"

static void mac_is(const char *data, const char *expected)
{
	char mac[MAC_TEXT] = "untouched";

	assert_true(flannel_vtep_mac(data, mac));
	assert_string_equal(mac, expected);
}

static void test_mac(void **state)
{
	(void)state;
	mac_is("{\"VNI\":1,\"VtepMAC\":\"aa:bb:cc:00:11:22\"}", "aa:bb:cc:00:11:22");
	mac_is("{ \"VtepMAC\" :\n\t\"AA:BB:CC:00:11:22\" }", "aa:bb:cc:00:11:22");
	mac_is("{\"VNI\":\"VtepMAC\",\"VtepMAC\":\"0a:bb:cc:00:11:22\"}",
	       "0a:bb:cc:00:11:22");
}

static void test_no_mac(void **state)
{
	static const char *const bad[] = {
		"",
		"null",
		"{}",
		"{\"VtepMAC\"",
		"{\"VtepMAC\":",
		"{\"VtepMAC\":null}",
		"{\"VtepMAC\":\"",
		"{\"VtepMAC\":\"aa:bb:cc:00:11\"}",
		"{\"VtepMAC\":\"aa:bb:cc:00:11:22:33\"}",
		"{\"VtepMAC\":\"aa-bb-cc-00-11-22\"}",
		"{\"VtepMAC\":\"gg:bb:cc:00:11:22\"}",
		"{\"XVtepMAC\":\"aa:bb:cc:00:11:22\"}",
		"{\"VtepMAC\":\"aa:bb:cc:00:11:22",
	};
	char mac[MAC_TEXT];

	(void)state;
	assert_false(flannel_vtep_mac(NULL, mac));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (flannel_vtep_mac(bad[i], mac))
			fail_msg("%s gave %s", bad[i], mac);
}

static void test_vni(void **state)
{
	(void)state;
	assert_int_equal(flannel_vni("{\"VNI\":4096,\"VtepMAC\":\"\"}"), 4096);
	assert_int_equal(flannel_vni("{\"VNI\": 1}"), 1);
	assert_int_equal(flannel_vni("{\"VtepMAC\":\"\"}"), 1);
	assert_int_equal(flannel_vni("{\"VNI\":\"7\"}"), 1);
	assert_int_equal(flannel_vni(NULL), 1);
	/* Longer than any VNI, and no overflow. */
	assert_true(flannel_vni("{\"VNI\":99999999999999999999}") > 1U << 24);
}

static void test_same_mac(void **state)
{
	(void)state;
	assert_true(flannel_same_mac("AA:0b:cc:00:11:22", "aa:0B:cc:00:11:22"));
	assert_false(flannel_same_mac("aa:0b:cc:00:11:22", "aa:0b:cc:00:11:23"));
	assert_false(flannel_same_mac("aa:0b:cc:00:11:22", "aa:0b:cc:00:11"));
	assert_false(flannel_same_mac(NULL, "aa:0b:cc:00:11:22"));
	assert_false(flannel_same_mac(NULL, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mac),
		cmocka_unit_test(test_no_mac),
		cmocka_unit_test(test_vni),
		cmocka_unit_test(test_same_mac),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
