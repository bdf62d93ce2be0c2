// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include <wasmdiag/facts.h>
#include <wasmdiag/text.h>

#include "quantity.h"

static void quantities_are_read_as_kubernetes_writes_them(void **state)
{
	static const struct {
		const char *text;
		int64_t units, milli;
	} rows[] = {
		{ "0", 0, 0 },
		{ "1", 1, 1000 },
		{ "100m", 1, 100 },
		{ "1500m", 2, 1500 },
		{ "0.5", 1, 500 },
		{ ".5", 1, 500 },
		{ "64Ki", 65536, 65536000 },
		{ "100Mi", 104857600, 104857600000 },
		{ "1.5Gi", 1610612736, 1610612736000 },
		{ "1k", 1000, 1000000 },
		{ "1e3", 1000, 1000000 },
		{ "1E3", 1000, 1000000 },
		{ "1E", 1000000000000000000, INT64_MAX },
		{ "8Ei", INT64_MAX, INT64_MAX },
		{ "100n", 1, 1 },
		{ "250000000n", 1, 250 },
		{ "-1", -1, -1000 },
		{ "", UNSET, UNSET },
		{ "Mi", UNSET, UNSET },
		{ "1 Mi", UNSET, UNSET },
		{ "1mi", UNSET, UNSET },
		{ "1.2.3", UNSET, UNSET },
		{ "1e", UNSET, UNSET },
		{ "0x10", UNSET, UNSET },
		{ "nan", UNSET, UNSET },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (quantity_units(rows[i].text) != rows[i].units)
			fail_msg("%s is %lld units", rows[i].text,
				 (long long)quantity_units(rows[i].text));
		if (quantity_milli(rows[i].text) != rows[i].milli)
			fail_msg("%s is %lld milli", rows[i].text,
				 (long long)quantity_milli(rows[i].text));
	}
}

static void times_are_unix_seconds(void **state)
{
	(void)state;
	assert_int_equal(time_parse("1970-01-01T00:00:00Z"), 0);
	assert_int_equal(time_parse("2026-11-24T03:52:01Z"), 1795492321);
	assert_int_equal(time_parse("2026-11-24T03:52:01.123456Z"), 1795492321);
	assert_int_equal(time_parse("2026-11-24T05:52:01+02:00"), 1795492321);
	assert_int_equal(time_parse("2026-11-23T23:52:01-04:00"), 1795492321);
	assert_true(time_parse("2026-11-24") == UNSET);
	assert_true(time_parse("2026-13-24T03:52:01Z") == UNSET);
	assert_true(time_parse("2026-11-24T03:52:01") == UNSET);
	assert_true(time_parse("2026-11-24T03:52:1Z") == UNSET);
	assert_true(time_parse("2026-11-24T03:52:01+2:00") == UNSET);
	assert_true(time_parse("2026-11-24T03:52:01.Zulu") == UNSET);
	assert_true(time_parse("-026-11-24T03:52:01Z") == UNSET);
	assert_true(time_parse("") == UNSET);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quantities_are_read_as_kubernetes_writes_them),
		cmocka_unit_test(times_are_unix_seconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
