// SPDX-License-Identifier: Apache-2.0
/* Requests, pages, replies that are none. */
#include "kube_test.h"

#include <stdlib.h>
#include <time.h>

#include <wasmdiag/text.h>

#define ALL "item-0 item-1 item-2 item-3 item-4 item-5 item-6 "

static void test_pages(void **state)
{
	struct names names = { 0 };
	struct kube_request request = list_of("/list", &names);
	const struct kube_result *result = &request.result;

	(void)state;
	request.page_size = 2;
	run_one(&request);
	expect(&request, OUTCOME_OK, "");
	assert_string_equal(names.text, ALL);
	assert_int_equal(result->items, 7);
	assert_int_equal(result->pages, 4);
	assert_int_equal(result->tries, 4);
	assert_int_equal(result->http_status, 200);
	assert_string_equal(result->resource_version, "100");
	assert_false(result->inconsistent);
	assert_true(labs((long)(result->server_time - time(NULL))) < 5);
	assert_true(result->first_byte_ms > 0 && result->bytes > 700);
}

static void test_many_at_once(void **state)
{
	struct kube_request requests[60];
	struct names names[60] = { 0 };
	struct http_endpoint endpoint = good_endpoint();
	struct kube_client *client = kube_open(&endpoint, 0, 10000, NULL);
	const struct kube_totals *totals;

	(void)state;
	for (size_t i = 0; i < 60; i++) {
		requests[i] = list_of("/list", &names[i]);
		requests[i].page_size = 4;
		requests[i].first_page = i % 3 > 0 ? 3 : 0;
	}
	assert_true(kube_run(client, requests, 60));
	for (size_t i = 0; i < 60; i++)
		assert_string_equal(names[i].text, ALL);
	totals = kube_totals(client);
	assert_int_equal(totals->requests, 120);
	assert_true(totals->connections >= 1 && totals->connections <= 4);
	assert_true(totals->bytes > 42000);
	assert_true(totals->tls_ms > 0 && totals->connect_ms > 0);
	assert_true(totals->certificate_end > time(NULL) + 29 * 86400L);
	/* a client runs more than once */
	assert_true(kube_run(client, requests, 1));
	kube_close(client);
}

/* First pages and small texts leave together; of what may be large one is under way. */
static void test_first_pages(void **state)
{
	struct kube_request requests[6];
	struct names names[4] = { 0 };
	struct http_endpoint endpoint = good_endpoint();

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		requests[i] = list_of("/meet", &names[i]);
		requests[i].first_page = 3;
		requests[i].page_size = 2;
	}
	for (size_t i = 4; i < 6; i++)
		requests[i] = (struct kube_request){ .kind = KUBE_TEXT,
						     .path = "/meet/text",
						     .byte_limit = KUBE_SMALL + 1 };
	run_all(&endpoint, requests, 6, 10000);
	for (size_t i = 0; i < 6; i++)
		expect(&requests[i], OUTCOME_OK, "");
	for (size_t i = 0; i < 4; i++) {
		assert_string_equal(names[i].text, ALL);
		assert_int_equal(requests[i].result.pages, 3);
	}
}

/* Items of two lists come by turns, each in pieces, and none is mixed up. */
static void test_by_turns(void **state)
{
	struct names both = { 0 };
	struct kube_request requests[] = { list_of("/by-turns", &both),
					   list_of("/by-turns", &both) };
	struct http_endpoint endpoint = good_endpoint();

	(void)state;
	requests[0].first_page = requests[1].first_page = 500;
	run_all(&endpoint, requests, 2, 10000);
	assert_string_equal(both.text, "item-0 item-0 item-1 item-1 item-2 item-2 item-3 "
				       "item-3 item-4 item-4 item-5 item-5 item-6 "
				       "item-6 ");
}

static void test_expired(void **state)
{
	struct names names = { 0 };
	struct kube_request request = list_of("/expired", &names);

	(void)state;
	run_one(&request);
	expect(&request, OUTCOME_OK, "");
	assert_string_equal(names.text, ALL);
	assert_true(request.result.inconsistent);

	names.text[0] = '\0';
	request = list_of("/restart", &names);
	request.on_restart = forget_names;
	run_one(&request);
	expect(&request, OUTCOME_OK, "");
	assert_string_equal(names.text, ALL);
	assert_int_equal(names.restarts, 1);
	assert_int_equal(request.result.items, 7);
	assert_false(request.result.inconsistent);

	request = list_of("/gone", NULL);
	run_one(&request);
	expect(&request, OUTCOME_EXPIRED, "410");
	request = list_of("/circle", NULL);
	run_one(&request);
	expect(&request, OUTCOME_MALFORMED, "circles");
}

/* What the server has not is asked for where it was before. */
static void test_older(void **state)
{
	static const char *const older[] = { "/nothing", "/list", "/500", NULL };
	static const char *const gone[] = { "/nothing-either", NULL };
	struct names names = { 0 };
	struct kube_request request = list_of("/nothing", &names);

	(void)state;
	request.older = older;
	request.page_size = 4;
	run_one(&request);
	expect(&request, OUTCOME_OK, "");
	assert_string_equal(names.text, ALL);
	assert_int_equal(request.result.tries, 4);
	/* once more, from the newest on */
	run_one(&request);
	assert_int_equal(request.result.tries, 4);

	request = list_of("/nothing", NULL);
	request.older = gone;
	run_one(&request);
	expect(&request, OUTCOME_ABSENT, "/nothing-either: ");
	assert_int_equal(request.result.tries, 2);

	request = list_of("/lost", NULL);
	request.older = older;
	run_one(&request);
	expect(&request, OUTCOME_ABSENT, "/lost: ");
	assert_int_equal(request.result.items, 2);
}

static void test_busy(void **state)
{
	struct kube_request requests[] = { list_of("/busy", NULL),
					   list_of("/busy-date", NULL),
					   list_of("/busy-ever", NULL),
					   list_of("/busy-long", NULL) };
	struct http_endpoint endpoint = good_endpoint();

	(void)state;
	run_all(&endpoint, requests, 4, 6000);
	expect(&requests[0], OUTCOME_OK, "");
	assert_int_equal(requests[0].result.tries, 2);
	assert_true(requests[0].result.total_ms >= 1000);
	expect(&requests[1], OUTCOME_OK, "");
	assert_true(requests[1].result.total_ms >= 900);
	expect(&requests[2], OUTCOME_THROTTLED,
	       "Too many requests, please try again later.");
	assert_int_equal(requests[2].result.tries, 3);
	expect(&requests[3], OUTCOME_THROTTLED, "later");
	assert_int_equal(requests[3].result.tries, 1);
}

static void test_statuses(void **state)
{
	static const struct {
		const char *path, *reason, *words;
		enum outcome outcome;
		enum error_kind kind;
	} rows[] = {
		{ "/nothing", "NotFound", "could not find", OUTCOME_ABSENT,
		  ERROR_ABSENT },
		{ "/401", "Unauthorized", "credentials", OUTCOME_UNAUTHORIZED,
		  ERROR_DENIED },
		{ "/403", "Forbidden",
		  "pods is forbidden: User \"x\" cannot \\x1b[31mlist", OUTCOME_FORBIDDEN,
		  ERROR_DENIED },
		{ "/500", "InternalError", "etcdserver: no leader", OUTCOME_SERVER_ERROR,
		  ERROR_SYSTEM },
		{ "/500-long", "", "500", OUTCOME_SERVER_ERROR, ERROR_SYSTEM },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kube_request request = list_of(rows[i].path, NULL);

		run_one(&request);
		expect(&request, rows[i].outcome, rows[i].words);
		assert_int_equal(request.result.error.kind, rows[i].kind);
		assert_string_equal(request.result.reason, rows[i].reason);
		assert_int_equal(request.result.tries, 1);
	}
}

static void test_no_api_server(void **state)
{
	static const struct {
		const char *path, *words;
		enum outcome outcome;
	} rows[] = {
		{ "/html", "HTML", OUTCOME_NOT_KUBERNETES },
		{ "/plain", "not a Kubernetes object", OUTCOME_NOT_KUBERNETES },
		{ "/array", "not a Kubernetes object", OUTCOME_NOT_KUBERNETES },
		{ "/empty", "not a Kubernetes object", OUTCOME_NOT_KUBERNETES },
		{ "/nokind", "not a Kubernetes object", OUTCOME_NOT_KUBERNETES },
		{ "/redirect", "redirect", OUTCOME_NOT_KUBERNETES },
		{ "/broken", "cut short", OUTCOME_MALFORMED },
		{ "/short", "cut short", OUTCOME_MALFORMED },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kube_request request = list_of(rows[i].path, NULL);

		run_one(&request);
		expect(&request, rows[i].outcome, rows[i].words);
		if (text_equal(rows[i].path, "/short"))
			continue;
		request.kind = KUBE_OBJECT;
		run_one(&request);
		if (request.result.outcome != rows[i].outcome)
			fail_msg("%s as an object: %d", rows[i].path,
				 request.result.outcome);
	}
}

static void test_bad_item(void **state)
{
	struct names names = { 0 };
	struct kube_request request = list_of("/odd", &names);

	(void)state;
	run_one(&request);
	expect(&request, OUTCOME_OK, "");
	assert_string_equal(names.text, "item-0 item-1 ");
	assert_int_equal(request.result.items, 2);
	assert_int_equal(request.result.bad_items, 2);
}

static void test_no_item_twice(void **state)
{
	struct names names = { 0 };
	struct kube_request request = list_of("/short-once", &names);

	(void)state;
	run_one(&request);
	expect(&request, OUTCOME_OK, "");
	assert_string_equal(names.text, ALL);
	assert_int_equal(request.result.tries, 2);
	assert_int_equal(request.result.items, 7);
}

/* Trap 4: a body that stands still is asked for once more, over HTTP/1.1. */
static void test_stall(void **state)
{
	struct names names = { 0 };
	struct kube_request request = list_of("/stall-once", &names);
	struct http_endpoint endpoint = good_endpoint();

	(void)state;
	run_all(&endpoint, &request, 1, 10000);
	expect(&request, OUTCOME_OK, "");
	assert_string_equal(names.text, ALL);
	assert_int_equal(request.result.tries, 2);
	assert_true(request.result.total_ms > 4900 && request.result.total_ms < 7500);
}

static void test_too_slow(void **state)
{
	struct kube_request requests[] = { list_of("/hang", NULL),
					   list_of("/drip", NULL) };
	struct http_endpoint endpoint = good_endpoint();

	(void)state;
	requests[0].first_page = 500;
	run_all(&endpoint, requests, 2, 1000);
	for (size_t i = 0; i < 2; i++) {
		expect(&requests[i], OUTCOME_TIMEOUT, "in time");
		assert_int_equal(requests[i].result.error.kind, ERROR_TIMEOUT);
		assert_true(requests[i].result.total_ms < 1800);
	}
}

/* Trap 5: decoded bytes are counted; ::ffff:127.0.0.1 is no loopback by name: gzip. */
static void test_too_large(void **state)
{
	struct kube_request bomb = list_of("/bomb", NULL),
			    endless = list_of("/endless", NULL),
			    zipped = list_of("/gzip", NULL),
			    object = list_of("/list", NULL);
	struct http_endpoint endpoint = good_endpoint();

	(void)state;
	bomb.byte_limit = endless.byte_limit = 8 << 20;
	object.kind = KUBE_OBJECT;
	object.query = "limit=7";
	object.byte_limit = 100;
	run_one(&endless);
	expect(&endless, OUTCOME_TOO_LARGE, "larger");
	run_one(&object);
	expect(&object, OUTCOME_TOO_LARGE, "larger");
	endpoint.host = "::ffff:127.0.0.1";
	endpoint.tls_server_name = "localhost";
	run_all(&endpoint, &bomb, 1, 4000);
	expect(&bomb, OUTCOME_TOO_LARGE, "larger");
	assert_true(bomb.result.bytes < 9 << 20);
	run_all(&endpoint, &zipped, 1, 4000);
	expect(&zipped, OUTCOME_OK, "");
	assert_int_equal(zipped.result.items, 7);
	endpoint.disable_compression = true;
	run_all(&endpoint, &zipped, 1, 4000);
	assert_int_equal(zipped.result.items, 0);
}

static void take_text(void *context, const char *bytes, size_t length)
{
	struct names *names = context;
	size_t used = strlen(names->text);

	if (length > sizeof(names->text) - used - 1)
		length = sizeof(names->text) - used - 1;
	memcpy(names->text + used, bytes, length);
}

static void test_text(void **state)
{
	struct names text = { 0 };
	struct kube_request request = { .kind = KUBE_TEXT,
					.path = "/metrics",
					.on_text = take_text,
					.context = &text };

	(void)state;
	run_one(&request);
	expect(&request, OUTCOME_OK, "");
	assert_true(text_starts(text.text, "# TYPE up gauge\nup{job=\"x\"} 1\n"));
	assert_int_equal(request.result.bytes, 30000);
	memset(&text, 0, sizeof(text));
	request.path = "/readyz";
	run_one(&request);
	expect(&request, OUTCOME_SERVER_ERROR, "500");
	assert_string_equal(text.text, "[+]ping ok\n[-]etcd failed: reason withheld\n");
}

static void take_version(void *context, json_t *item)
{
	snprintf(context, 64, "%s",
		 json_string_value(json_object_get(item, "gitVersion")));
}

static void test_version(void **state)
{
	static const char *const paths[] = { "major" };
	char version[64] = "";
	struct kube_request request = { .kind = KUBE_OBJECT,
					.path = "/version",
					.paths = paths,
					.path_count = 1,
					.on_item = take_version,
					.context = version };

	(void)state;
	run_one(&request);
	expect(&request, OUTCOME_OK, "");
	assert_string_equal(version, "v1.30.0+k3s1");
}

static void keep_item(void *context, json_t *item)
{
	*(json_t **)context = json_incref(item);
}

/* How often the header is there with this value. */
static size_t header_count(const json_t *echo, const char *name, const char *value)
{
	const json_t *headers = json_object_get(echo, "headers"), *header;
	size_t index, count = 0;

	json_array_foreach(headers, index, header)
	{
		const char *got = json_string_value(json_array_get(header, 1));

		if (text_equal(json_string_value(json_array_get(header, 0)), name))
			count += !value || text_equal(got, value);
	}
	return count;
}

static void test_headers(void **state)
{
	static const char *paths[] = { "path", "headers" };
	static const char *groups[] = { "g1", "g2" }, *values[] = { "v" };
	const struct http_extra extra = { "a/b", { values, 1 } };
	json_auto_t *echo = NULL;
	struct http_endpoint endpoint = good_endpoint();
	struct kube_request request = {
		.kind = KUBE_OBJECT,
		.path = "/echo/a b?c/%/..",
		.query = "fieldSelector=status.phase!=Running&x=a+b#",
		.paths = paths,
		.path_count = 2,
		.on_item = keep_item,
		.context = &echo
	};

	(void)state;
	endpoint.authorization = "Bearer s3cret";
	endpoint.as_user = "jane";
	endpoint.as_uid = "u1";
	endpoint.as_groups = (struct string_list){ groups, 2 };
	endpoint.as_extras = &extra;
	endpoint.as_extra_count = 1;
	run_all(&endpoint, &request, 1, 4000);
	expect(&request, OUTCOME_OK, "");
	assert_string_equal(json_string_value(json_object_get(echo, "path")),
			    "/echo/a%20b%3Fc/%25/..?fieldSelector=status.phase!=Running"
			    "&x=a%2Bb%23");
	assert_int_equal(header_count(echo, "authorization", "Bearer s3cret"), 1);
	assert_int_equal(header_count(echo, "accept", "application/json"), 1);
	assert_int_equal(header_count(echo, "user-agent", "wasmdiag/" WASMDIAG_VERSION),
			 1);
	assert_int_equal(header_count(echo, "impersonate-user", "jane"), 1);
	assert_int_equal(header_count(echo, "impersonate-uid", "u1"), 1);
	assert_int_equal(header_count(echo, "impersonate-group", NULL), 2);
	assert_int_equal(header_count(echo, "impersonate-extra-a%2fb", "v"), 1);
	assert_int_equal(header_count(echo, "accept-encoding", NULL), 0);
}

static void test_header_injection(void **state)
{
	struct http_endpoint endpoint = good_endpoint();
	struct error error = { 0 };

	(void)state;
	endpoint.authorization = "Bearer s3cret\r\nX: y";
	assert_null(kube_open(&endpoint, 0, 1000, &error));
	assert_int_equal(error.kind, ERROR_USAGE);
	assert_null(strstr(error.text, "s3cret"));
}

/* Once the credentials are refused, the rest is not asked. */
static void test_credentials_refused(void **state)
{
	struct kube_request requests[20];
	struct http_endpoint endpoint = good_endpoint();
	size_t unsent = 0;

	(void)state;
	for (size_t i = 0; i < 20; i++)
		requests[i] = list_of("/401", NULL);
	run_all(&endpoint, requests, 20, 4000);
	for (size_t i = 0; i < 20; i++) {
		unsent += requests[i].result.tries == 0;
		assert_int_equal(requests[i].result.outcome, OUTCOME_UNAUTHORIZED);
		assert_int_equal(requests[i].result.error.kind, ERROR_DENIED);
	}
	assert_int_equal(unsent, 19);
}

static void test_deadline(void **state)
{
	struct kube_request requests[] = { list_of("/hang", NULL),
					   list_of("/list", NULL) };
	struct http_endpoint endpoint = good_endpoint();
	struct kube_client *client = kube_open(&endpoint, 0, 700, NULL);

	(void)state;
	assert_false(kube_run(client, requests, 2));
	expect(&requests[0], OUTCOME_TIMEOUT, "in time");
	expect(&requests[1], OUTCOME_NOT_SENT, "the time for the whole run was over");
	assert_true(requests[0].result.total_ms < 1300);
	kube_close(client);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_many_at_once),
		cmocka_unit_test(test_first_pages),
		cmocka_unit_test(test_by_turns),
		cmocka_unit_test(test_expired),
		cmocka_unit_test(test_older),
		cmocka_unit_test(test_busy),
		cmocka_unit_test(test_statuses),
		cmocka_unit_test(test_no_api_server),
		cmocka_unit_test(test_bad_item),
		cmocka_unit_test(test_no_item_twice),
		cmocka_unit_test(test_stall),
		cmocka_unit_test(test_too_slow),
		cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_version),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_header_injection),
		cmocka_unit_test(test_credentials_refused),
		cmocka_unit_test(test_deadline),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
