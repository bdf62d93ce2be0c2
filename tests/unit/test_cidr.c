// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include "cidr.h"

static struct cidr parse(const char *text)
{
	struct cidr cidr = { .size = 0 };

	assert_true(cidr_parse(text, &cidr));
	return cidr;
}

static bool holds(const char *outer, const char *inner)
{
	struct cidr a = parse(outer), b = parse(inner);

	return cidr_holds(&a, &b);
}

static void test_parse(void **state)
{
	char out[CIDR_TEXT];
	struct cidr cidr = parse("10.42.1.1/24");

	(void)state;
	assert_int_equal(cidr.size, 4);
	assert_int_equal(cidr.length, 24);
	assert_string_equal(cidr_text(&cidr, out), "10.42.1.1/24");
	cidr = cidr_network(&cidr);
	assert_string_equal(cidr_text(&cidr, out), "10.42.1.0/24");
	cidr = parse("10.0.0.7");
	assert_int_equal(cidr.length, 32);
	cidr = parse("2001:CAFE:42:0::1/56");
	assert_int_equal(cidr.size, 16);
	cidr = cidr_network(&cidr);
	assert_string_equal(cidr_text(&cidr, out), "2001:cafe:42::/56");
	cidr = parse("0.0.0.0/0");
	assert_int_equal(cidr.length, 0);
}

static void test_refuse(void **state)
{
	static const char *const bad[] = {
		"",
		"10.42",
		"10.42.0.0/",
		"10.42.0.0/33",
		"10.42.0.0/-1",
		"10.42.0.0/2x",
		"10.42.0.0/24/1",
		"10.42.0.256/8",
		"::/129",
		"/24",
		"10.42.0.0/0024",
		"nonsense",
		"10.42.0.0/99999999999999999999",
		"1111111111111111111111111111111111111111111111111111111111111111111/8",
	};
	struct cidr cidr = { .size = 99 };

	(void)state;
	assert_false(cidr_parse(NULL, &cidr));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (cidr_parse(bad[i], &cidr))
			fail_msg("%s was taken", bad[i]);
	assert_int_equal(cidr.size, 99);
}

static void test_holds(void **state)
{
	(void)state;
	assert_true(holds("10.42.0.0/16", "10.42.255.0/24"));
	assert_true(holds("10.42.0.0/16", "10.42.0.0/16"));
	assert_false(holds("10.42.0.0/16", "10.43.0.0/24"));
	assert_false(holds("10.42.1.0/24", "10.42.0.0/16"));
	assert_true(holds("0.0.0.0/0", "10.42.0.0/16"));
	assert_true(holds("10.42.0.0/23", "10.42.1.0/24"));
	assert_false(holds("10.42.0.0/23", "10.42.2.0/24"));
	assert_false(holds("::/0", "10.42.0.0/16"));
	assert_true(holds("fd00:42::/48", "fd00:42:0:1::/64"));
	assert_false(holds("fd00:42::/48", "fd00:43::/64"));
}

static void test_equal(void **state)
{
	struct cidr a = parse("10.42.0.1/24"), b = parse("10.42.0.0/24"),
		    c = parse("10.42.0.0/25");

	(void)state;
	assert_true(cidr_equal(&a, &b));
	assert_false(cidr_equal(&b, &c));
}

static void next_is(const char *text, const char *expected)
{
	struct cidr cidr = parse(text), next = parse("::1");
	char out[CIDR_TEXT];

	if (!expected) {
		assert_false(cidr_next(&cidr, &next));
		return;
	}
	assert_true(cidr_next(&cidr, &next));
	assert_string_equal(cidr_text(&next, out), expected);
}

static void test_next(void **state)
{
	(void)state;
	next_is("10.42.0.1/24", "10.42.1.0/24");
	next_is("10.42.255.0/24", "10.43.0.0/24");
	next_is("10.42.0.0/25", "10.42.0.128/25");
	next_is("10.42.0.0/17", "10.42.128.0/17");
	next_is("10.42.0.255", "10.42.1.0/32");
	next_is("255.255.255.0/24", NULL);
	next_is("0.0.0.0/0", NULL);
	next_is("fd00:0:0:ff::/64", "fd00:0:0:100::/64");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse), cmocka_unit_test(test_refuse),
		cmocka_unit_test(test_holds), cmocka_unit_test(test_equal),
		cmocka_unit_test(test_next),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
