// SPDX-License-Identifier: Apache-2.0
/* Connections that do not come about, and why. */
#include "kube_test.h"

#include <stdlib.h>
#include <time.h>

#include <wasmdiag/text.h>

#include "collect/tls_probe.h"

/* One list from endpoint must end so. */
static void check(const struct http_endpoint *endpoint, enum outcome outcome,
		  const char *words)
{
	struct kube_request request = list_of("/list", NULL);

	run_all(endpoint, &request, 1, 2000);
	expect(&request, outcome, words);
	if (outcome != OUTCOME_OK)
		assert_non_null(strstr(request.result.error.text, endpoint->host));
}

static void test_server_certificate(void **state)
{
	struct http_endpoint endpoint = good_endpoint();

	(void)state;
	check(&endpoint, OUTCOME_OK, "");
	endpoint.ca = key_file("other.crt");
	check(&endpoint, OUTCOME_TLS, "not signed by the CA that is trusted");
	endpoint.insecure = true;
	check(&endpoint, OUTCOME_OK, "");
	endpoint = good_endpoint();
	endpoint.ca = "garbage";
	check(&endpoint, OUTCOME_TLS,
	      "CA certificate that is to be trusted cannot be read");
	endpoint = good_endpoint();
	endpoint.port = port_of("KUBE_EXPIRED");
	check(&endpoint, OUTCOME_TLS, "has expired");
}

/* Trap 1: the system's folder of certificates must not widen what the CA given allows. */
static void test_no_other_ca(void **state)
{
	struct http_endpoint endpoint = good_endpoint();

	(void)state;
	if (!getenv("KUBE_HIDDEN"))
		skip(); /* fixture.py may not put its CA into /etc/ssl/certs */
	endpoint.ca = NULL;
	check(&endpoint, OUTCOME_OK, "");
	endpoint.ca = key_file("other.crt");
	check(&endpoint, OUTCOME_TLS, "not signed by the CA that is trusted");
}

/* Trap 3: nobody waits for a name server that does not answer. */
static void test_no_name_server(void **state)
{
	struct kube_request request = list_of("/list", NULL);
	struct http_endpoint endpoint = good_endpoint();
	struct timespec start, end;

	(void)state;
	if (!getenv("KUBE_HIDDEN"))
		skip(); /* fixture.py may not replace /etc/resolv.conf */
	endpoint.host = "name.test";
	clock_gettime(CLOCK_MONOTONIC, &start);
	run_all(&endpoint, &request, 1, 1000);
	clock_gettime(CLOCK_MONOTONIC, &end);
	expect(&request, OUTCOME_UNRESOLVED, "the name server does not answer");
	assert_true(end.tv_sec - start.tv_sec <= 2);
}

static void test_server_name(void **state)
{
	struct http_endpoint endpoint = good_endpoint();

	(void)state;
	endpoint.port = port_of("KUBE_MISNAMED");
	check(&endpoint, OUTCOME_TLS, "not for the name 127.0.0.1");
	endpoint.tls_server_name = "other.test";
	check(&endpoint, OUTCOME_OK, "");
	endpoint = good_endpoint();
	endpoint.tls_server_name = "wrong.test";
	check(&endpoint, OUTCOME_TLS, "not for the name wrong.test");
}

static void test_client_certificate(void **state)
{
	struct http_endpoint endpoint = good_endpoint();

	(void)state;
	endpoint.port = port_of("KUBE_MUTUAL");
	check(&endpoint, OUTCOME_TLS, "refused the client certificate");
	endpoint.client_certificate = key_file("client.crt");
	endpoint.client_key = key_file("client.key");
	check(&endpoint, OUTCOME_OK, "");
	endpoint.client_key = key_file("server.key");
	check(&endpoint, OUTCOME_TLS, "client certificate or its key cannot be used");
	endpoint.client_key = "garbage";
	check(&endpoint, OUTCOME_TLS, "client certificate or its key cannot be used");
	/* trap 2: this crashed */
	endpoint.client_key = key_file("client.enc.key");
	check(&endpoint, OUTCOME_TLS, "client certificate or its key cannot be used");
	endpoint.client_key = key_file("client.key");
	endpoint.port = port_of("KUBE_STRICT");
	check(&endpoint, OUTCOME_TLS, "refused the client certificate");
}

static void test_no_server(void **state)
{
	struct http_endpoint endpoint = good_endpoint();

	(void)state;
	endpoint.port = port_of("KUBE_CLOSED");
	check(&endpoint, OUTCOME_UNREACHABLE, "cannot connect");
	endpoint.port = port_of("KUBE_PLAIN");
	check(&endpoint, OUTCOME_TLS, "does not speak TLS");
	endpoint.tls = false;
	check(&endpoint, OUTCOME_OK, "");
	endpoint = good_endpoint();
	endpoint.port = port_of("KUBE_SILENT");
	check(&endpoint, OUTCOME_TLS, "not finished in time");
	endpoint.host = "no-such-name.invalid";
	check(&endpoint, OUTCOME_UNRESOLVED, "name");
}

static void test_one_failure_for_all(void **state)
{
	struct kube_request requests[30];
	struct http_endpoint endpoint = good_endpoint();

	(void)state;
	endpoint.port = port_of("KUBE_CLOSED");
	for (size_t i = 0; i < 30; i++)
		requests[i] = list_of("/list", NULL);
	run_all(&endpoint, requests, 30, 4000);
	for (size_t i = 0; i < 30; i++)
		expect(&requests[i], OUTCOME_UNREACHABLE, "cannot connect");
	assert_true(requests[0].result.tries == 3 && requests[29].result.tries == 0);
}

static void test_proxy(void **state)
{
	struct http_endpoint endpoint = good_endpoint();

	(void)state;
	/* a closed port, with a password that must not be told */
	endpoint.proxy_url = "socks5://user:s3cret@127.0.0.1:1";
	check(&endpoint, OUTCOME_UNREACHABLE, "cannot connect");
	/* the environment's is not used for loopback */
	endpoint.proxy_url = NULL;
	setenv("https_proxy", "http://127.0.0.1:1", 1);
	check(&endpoint, OUTCOME_OK, "");
	endpoint.host = "::ffff:127.0.0.1";
	endpoint.tls_server_name = "localhost";
	check(&endpoint, OUTCOME_UNREACHABLE, "cannot connect");
	unsetenv("https_proxy");
}

static void test_host_is_no_url(void **state)
{
	static const char *const hosts[] = {
		"a/b", "a@b", "a b", "a\r\nb", "a?b", "a#b"
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(hosts); i++) {
		struct http_endpoint endpoint = good_endpoint();
		struct error error = { 0 };

		endpoint.host = hosts[i];
		assert_null(kube_open(&endpoint, 0, 1000, &error));
		assert_int_equal(error.kind, ERROR_USAGE);
	}
}

static struct tls_probe probe_of(const char *port)
{
	return (struct tls_probe){ .host = "127.0.0.1",
				   .port = port_of(port),
				   .ca = key_file("ca.crt"),
				   .timeout_ms = 1000 };
}

static void test_probe(void **state)
{
	struct tls_probe probe = probe_of("KUBE_PORT");

	(void)state;
	if (!tls_probe(&probe))
		fail_msg("%s", probe.error.text);
	assert_int_equal(probe.outcome, OUTCOME_OK);
	assert_true(probe.connect_ms > 0 && probe.tls_ms > 0 && probe.tls_ms < 1000);
	assert_true(probe.certificate_end > time(NULL) + 29 * 86400L);
	probe.server_name = "gatekeeper-webhook-service.gatekeeper-system.svc";
	assert_false(tls_probe(&probe));
	assert_int_equal(probe.outcome, OUTCOME_TLS);
	assert_non_null(strstr(probe.error.text, "not for the name gatekeeper"));
	probe = probe_of("KUBE_PORT");
	probe.ca = key_file("other.crt");
	assert_false(tls_probe(&probe));
	assert_int_equal(probe.outcome, OUTCOME_TLS);
	probe = probe_of("KUBE_CLOSED");
	assert_false(tls_probe(&probe));
	assert_int_equal(probe.outcome, OUTCOME_UNREACHABLE);
	probe = probe_of("KUBE_SILENT");
	assert_false(tls_probe(&probe));
	assert_int_equal(probe.outcome, OUTCOME_TLS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_server_certificate),
		cmocka_unit_test(test_no_other_ca),
		cmocka_unit_test(test_no_name_server),
		cmocka_unit_test(test_server_name),
		cmocka_unit_test(test_client_certificate),
		cmocka_unit_test(test_no_server),
		cmocka_unit_test(test_one_failure_for_all),
		cmocka_unit_test(test_proxy),
		cmocka_unit_test(test_host_is_no_url),
		cmocka_unit_test(test_probe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
