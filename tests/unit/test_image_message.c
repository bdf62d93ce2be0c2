// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include <wasmdiag/text.h>

#include "image_message.h"

static void images_belong_to_registries(void **state)
{
	static const char *const cases[][2] = {
		{ "nginx", "docker.io" },
		{ "nginx:1.25", "docker.io" },
		{ "yourhub/hello-wasm:v1", "docker.io" },
		{ "docker.io/yourhub/hello-wasm:v1", "docker.io" },
		{ "ghcr.io/you/hello@sha256:00", "ghcr.io" },
		{ "registry.lan:5000/hello", "registry.lan:5000" },
		{ "localhost/hello", "localhost" },
		{ "", "docker.io" },
		{ "/", "docker.io" },
	};
	char out[32];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		image_registry(cases[i][0], out, sizeof(out));
		assert_string_equal(out, cases[i][1]);
	}
	image_registry(NULL, out, sizeof(out));
	assert_string_equal(out, "docker.io");
	image_registry("a.very.long.name.of.a.registry.that.does.not.fit/x", out,
		       sizeof(out));
	assert_string_equal(out, "docker.io");
}

static void obstacles_are_told_apart(void **state)
{
	static const struct {
		const char *message;
		enum pull_obstacle obstacle;
	} cases[] = {
		{ "dial tcp: lookup r.io on 10.0.0.1:53: no such host", OBSTACLE_DNS },
		{ "dial tcp: lookup r.io on 10.0.0.1:53: read udp 10.0.0.2:1->10.0.0.1:53: "
		  "i/o timeout",
		  OBSTACLE_DNS },
		{ "dial tcp 1.2.3.4:443: connect: connection refused", OBSTACLE_TCP },
		{ "dial tcp 1.2.3.4:443: i/o timeout", OBSTACLE_TCP },
		{ "EOF", OBSTACLE_TCP },
		{ "tls: failed to verify certificate: x509: unknown", OBSTACLE_TLS },
		{ "net/http: TLS handshake timeout", OBSTACLE_TLS },
		{ "http: server gave HTTP response to HTTPS client", OBSTACLE_TLS },
		{ "proxyconnect tcp: dial tcp: lookup p on 1:53: no", OBSTACLE_PROXY },
		{ "unexpected status from HEAD request to https://r/v2/x: 503 Service "
		  "Unavailable",
		  OBSTACLE_SERVER },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(message_obstacle(cases[i].message), cases[i].obstacle);
}

static void names_are_taken_from_messages(void **state)
{
	const char *message =
		"(combined from similar events): Failed to pull image "
		"\"r.io/a:1\": rpc error: failed to do request: Head "
		"\"https://r.io/v2/a/manifests/1\": dial tcp: lookup r.io on "
		"10.0.0.1:53: no such host";
	char out[32];

	(void)state;
	assert_true(message_image(message, out, sizeof(out)));
	assert_string_equal(out, "r.io/a:1");
	assert_true(message_host(message, out, sizeof(out)));
	assert_string_equal(out, "r.io");
	assert_true(message_lookup(message, out, sizeof(out)));
	assert_string_equal(out, "r.io");
	assert_false(message_address(message, out, sizeof(out)));
	assert_true(
		message_address("dial tcp 1.2.3.4:443: i/o timeout", out, sizeof(out)));
	assert_string_equal(out, "1.2.3.4:443");
	assert_true(message_lookup("lookup r.io: no such host", out, sizeof(out)));
	assert_string_equal(out, "r.io");
	assert_false(message_lookup("lookup  : ", out, sizeof(out)));
	assert_false(message_image("Failed to pull image \"\": x", out, sizeof(out)));
	assert_false(message_image(NULL, out, sizeof(out)));
	assert_string_equal(message_tail(message),
			    "dial tcp: lookup r.io on 10.0.0.1:53: no such host");
	assert_string_equal(message_tail("something else"), "something else");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(images_belong_to_registries),
		cmocka_unit_test(obstacles_are_told_apart),
		cmocka_unit_test(names_are_taken_from_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
