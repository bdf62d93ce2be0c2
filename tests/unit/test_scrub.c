// SPDX-License-Identifier: Apache-2.0
/* What is taken out of free text, and what must stay readable. */
#include "test.h"

#include <stdio.h>

#include <wasmdiag/text.h>

#include "scrub.h"

static const struct {
	const char *text, *scrubbed;
} rows[] = {
	{ "", "" },
	{ "dial https://jane:hunter2@registry.test/v2/: refused",
	  "dial https://***@registry.test/v2/: refused" },
	{ "proxy http://u:p@ss@10.0.0.1:3128", "proxy http://***@10.0.0.1:3128" },
	{ "DB_PASSWORD=hunter2 next", "DB_PASSWORD=*** next" },
	{ "{\"password\": \"hunter2\", \"user\": \"jane\"}",
	  "{\"password\": \"***\", \"user\": \"jane\"}" },
	{ "run --token abc123def --verbose", "run --token *** --verbose" },
	{ "Authorization: Bearer abcdefgh12345", "Authorization: Bearer ***" },
	{ "got bearer abcdefgh12345.", "got bearer ***" },
	{ "jwt eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln end", "jwt *** end" },
	{ "key AKIAIOSFODNN7EXAMPLE", "key ***" },
	{ "K100123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef::server:x1",
	  "***" },
	{ "-----BEGIN EC PRIVATE KEY-----\nMHcC\n", "-----BEGIN EC PRIVATE KEY-----***" },
	{ "random Zm9vYmFyMTIzNDU2Nzg5MGFiY2RlZg== end", "random *** end" },
	{ "secret=ab", "secret=**" },
	/* what must stay */
	{ "invalid token: expired", "invalid token: expired" },
	{ "token CA hash does not match the Cluster CA certificate hash: 1234 != 5678",
	  "token CA hash does not match the Cluster CA certificate hash: 1234 != 5678" },
	{ "secret \"dup\" not found", "secret \"dup\" not found" },
	{ "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
	  "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" },
	{ "pods \"web-7d4b9c6f5-x2x9q\" is forbidden",
	  "pods \"web-7d4b9c6f5-x2x9q\" is forbidden" },
	{ "When executing function name: \"_ZN4core9panicking5panic17h0123456789abcdefE\"",
	  "When executing function name: \"_ZN4core9panicking5panic17h0123456789abcdefE\"" },
	{ "[2026-11-24 06:58:30.759] [error] execution failed: out of bounds memory access, Code: 0x408",
	  "[2026-11-24 06:58:30.759] [error] execution failed: out of bounds memory access, Code: 0x408" },
	{ "see https://10.43.0.1:443/api?timeout=1s",
	  "see https://10.43.0.1:443/api?timeout=1s" },
};

static void secrets_go_and_words_stay(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[256];

		snprintf(text, sizeof(text), "%s", rows[i].text);
		scrub(text);
		assert_string_equal(text, rows[i].scrubbed);
	}
	scrub(NULL);
}

static void twice_is_as_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[256];

		snprintf(text, sizeof(text), "%s", rows[i].scrubbed);
		scrub(text);
		assert_string_equal(text, rows[i].scrubbed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(secrets_go_and_words_stay),
		cmocka_unit_test(twice_is_as_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
