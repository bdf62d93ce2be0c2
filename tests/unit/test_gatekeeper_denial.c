// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include <stdio.h>

#include "gatekeeper.h"

#define WEBHOOK "admission webhook \"validation.gatekeeper.sh\" denied the request: "

/* All that a message says, as "[template/]constraint=message;". */
static void expect(const char *message, const char *expected)
{
	struct denial_text denial;
	const char *cursor = message;
	char all[512] = "";
	size_t used = 0;

	while (next_denial(&cursor, &denial))
		used += (size_t)snprintf(all + used, sizeof(all) - used,
					 "%.*s%s%.*s=%.*s;", (int)denial.template_length,
					 denial.template ? denial.template : "",
					 denial.template ? "/" : "",
					 (int)denial.constraint_length, denial.constraint,
					 (int)denial.message_length, denial.message);
	assert_string_equal(all, expected);
}

static void the_webhook(void **state)
{
	(void)state;
	expect("Error creating: " WEBHOOK "[a-b.c] no latest", "a-b.c=no latest;");
	expect("pods \"x\" is forbidden: " WEBHOOK "[a] no", "a=no;");
	expect(WEBHOOK "[a] no", "a=no;");
	expect(WEBHOOK "[denied by a] no", "a=no;");
	expect(WEBHOOK "[a]", "a=;");
	expect(WEBHOOK "[a] one [b] still one", "a=one [b] still one;");
	expect(WEBHOOK "[a] one\n[b] two\n[denied by c] three", "a=one;b=two;c=three;");
	expect(WEBHOOK "[a] one\n  goes on\n[b] two", "a=one;b=two;");
}

static void a_policy_of_the_api_server(void **state)
{
	(void)state;
	expect("pods \"x\" is forbidden: ValidatingAdmissionPolicy 'gatekeeper-t' with "
	       "binding 'gatekeeper-c' denied request: it's so",
	       "t/c=it's so;");
	expect("ValidatingAdmissionPolicy 'mine' with binding 'mine' denied request: x",
	       "");
}

static void others_and_nonsense(void **state)
{
	(void)state;
	expect("", "");
	expect("\n", "");
	expect("admission webhook \"", "");
	expect("admission webhook \"x.example\" denied the request: [a] no", "");
	expect("admission webhook \"x\" said; \"gatekeeper.sh\" denied the request: [a] no",
	       "");
	expect(WEBHOOK, "");
	expect(WEBHOOK "no bracket", "");
	expect(WEBHOOK "[", "");
	expect(WEBHOOK "[]", "");
	expect(WEBHOOK "[a\n] no", "");
	expect("failed calling webhook \"validation.gatekeeper.sh\": EOF", "");
	expect("ValidatingAdmissionPolicy 'gatekeeper-t' denied request: ' with binding "
	       "'gatekeeper-c",
	       "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_webhook),
		cmocka_unit_test(a_policy_of_the_api_server),
		cmocka_unit_test(others_and_nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
