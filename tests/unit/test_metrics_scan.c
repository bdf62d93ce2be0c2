// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <wasmdiag/text.h>

#include "collect/metrics_scan.h"

static const char *const wanted[] = { "up", "api_*", "exact_total" };

/* Each sample as "name{label=value}number;". */
static void print_sample(void *context, const struct metrics_sample *sample)
{
	struct buffer *out = context;
	char number[64];

	buffer_append(out, sample->name, strlen(sample->name), 1 << 20);
	for (size_t i = 0; i < sample->label_count; i++) {
		buffer_append(out, "|", 1, 1 << 20);
		buffer_append(out, sample->labels[i].name, strlen(sample->labels[i].name),
			      1 << 20);
		buffer_append(out, "=", 1, 1 << 20);
		buffer_append(out, sample->labels[i].value,
			      strlen(sample->labels[i].value), 1 << 20);
	}
	snprintf(number, sizeof(number), " %g;", sample->value);
	buffer_append(out, number, strlen(number), 1 << 20);
}

static void scan_in_chunks(struct metrics_scan *scan, const char *text, size_t length,
			   size_t chunk, struct buffer *out)
{
	metrics_scan_start(scan, wanted, ARRAY_SIZE(wanted), print_sample, out);
	for (size_t at = 0; at < length; at += chunk) {
		size_t size = chunk < length - at ? chunk : length - at;
		char *copy = malloc(size);

		memcpy(copy, text + at, size);
		metrics_scan_feed(scan, copy, size);
		free(copy);
	}
	metrics_scan_end(scan);
}

static void check(const char *text, const char *expected, size_t bad)
{
	for (size_t chunk = 1; chunk < 16; chunk++) {
		struct buffer out = { 0 };
		struct metrics_scan scan;

		scan_in_chunks(&scan, text, strlen(text), chunk, &out);
		buffer_append(&out, "", 1, 1 << 20);
		assert_string_equal(out.bytes, expected);
		assert_int_equal(scan.bad_lines, bad);
		buffer_release(&out);
	}
}

static void test_samples(void **state)
{
	(void)state;
	check("# HELP up x\n# TYPE up gauge\nup 1\nupper 2\nup{} 3\n\n  \nup 4",
	      "up 1;up 3;up 4;", 0);
	check("api_a{x=\"1\",y=\"two words\"} 1.5e3\r\nexact_total_x 1\nexact_total 7 1700000000000\n",
	      "api_a|x=1|y=two words 1500;exact_total 7;", 0);
	check("up{a=\"q\\\"\\\\\\n}\" , b = \"\" ,} +Inf\nup NaN\nup -Inf\n",
	      "up|a=q\"\\\n}|b= inf;up nan;up -inf;", 0);
	check("api_{} 1\napi_x 2\nap 3\n", "api_ 1;api_x 2;", 0);
}

static void test_malformed(void **state)
{
	(void)state;
	check("up\nup{\nup{a}\nup{a=}\nup{a=\"}\nup{a=\"1\"\nup{a=\"1\" b=\"2\"} 1\nup x\n"
	      "up 1x\nup{a=\"1\"}\nup 2\n{a=\"1\"} 1\nup\"x\" 1\n",
	      "up 2;", 11);
}

static void put(struct buffer *text, const char *part, int times)
{
	for (int i = 0; i < times; i++)
		buffer_append(text, part, strlen(part), 1 << 20);
}

static void test_limits(void **state)
{
	static const size_t chunks[] = { 1, 4096, 1 << 20 };
	struct buffer text = { 0 };

	(void)state;
	put(&text, "up{a=\"", 1);
	put(&text, "x", METRICS_LINE_LIMIT);
	put(&text, "\"} 1\nup{} 2\n\n", 1);
	for (size_t i = 0; i < 3; i++) {
		struct buffer out = { 0 };
		struct metrics_scan scan;

		scan_in_chunks(&scan, text.bytes, text.length, chunks[i], &out);
		assert_int_equal(scan.bad_lines, 1);
		assert_int_equal(out.length, 5);
		assert_memory_equal(out.bytes, "up 2;", 5);
		buffer_release(&out);
	}
	buffer_release(&text);
}

static size_t bad_with_labels(int count)
{
	struct buffer text = { 0 }, out = { 0 };
	struct metrics_scan scan;

	put(&text, "up{", 1);
	put(&text, "a=\"b\",", count);
	put(&text, "} 1\n", 1);
	scan_in_chunks(&scan, text.bytes, text.length, 1024, &out);
	buffer_release(&text);
	buffer_release(&out);
	return scan.bad_lines;
}

static void test_many_labels(void **state)
{
	(void)state;
	assert_int_equal(bad_with_labels(METRICS_LABEL_LIMIT), 0);
	assert_int_equal(bad_with_labels(METRICS_LABEL_LIMIT + 1), 1);
}

static void see_label(void *context, const struct metrics_sample *sample)
{
	assert_string_equal(metrics_label(sample, "le"), "0.5");
	assert_null(metrics_label(sample, "l"));
	assert_true(isnan(sample->value));
	(*(int *)context)++;
}

static void test_label(void **state)
{
	static const char text[] = "up{name=\"a\",le=\"0.5\"} NaN\n";
	struct metrics_scan scan;
	int seen = 0;

	(void)state;
	metrics_scan_start(&scan, wanted, 1, see_label, &seen);
	metrics_scan_feed(&scan, text, strlen(text));
	metrics_scan_end(&scan);
	assert_int_equal(seen, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples), cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_limits),  cmocka_unit_test(test_many_labels),
		cmocka_unit_test(test_label),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
