// SPDX-License-Identifier: Apache-2.0
#include "image_message.h"

#include <stdio.h>

#include <wasmdiag/text.h>

#include "common.h"

const char *const obstacle_names[OBSTACLE_COUNT] = {
	[OBSTACLE_DNS] = "DNS",     [OBSTACLE_TCP] = "TCP",       [OBSTACLE_TLS] = "TLS",
	[OBSTACLE_PROXY] = "proxy", [OBSTACLE_SERVER] = "server",
};

bool message_image(const char *message, char *out, size_t size)
{
	return text_between(message, "Failed to pull image \"", "\"", out, size) ||
	       text_between(message, "failed to get sandbox image \"", "\"", out, size);
}

bool message_host(const char *message, char *out, size_t size)
{
	return text_between(message, "\"https://", "/", out, size) ||
	       text_between(message, "\"http://", "/", out, size) ||
	       text_between(message, " https://", "/", out, size);
}

/* As distribution/reference has it: a host holds a dot or a port, or is localhost. */
void image_registry(const char *image, char *out, size_t size)
{
	size_t length = strcspn(text_or_empty(image), "/");

	snprintf(out, size, "docker.io");
	if (!image || !image[length] || length >= size)
		return;
	if (!memchr(image, '.', length) && !memchr(image, ':', length) &&
	    !text_starts(image, "localhost/"))
		return;
	memcpy(out, image, length);
	out[length] = '\0';
}

/* The nearest obstacle first: through a proxy, a name is looked up for the proxy. */
static const struct {
	enum pull_obstacle obstacle;
	const char *text;
} obstacle_words[] = {
	{ OBSTACLE_PROXY, "proxyconnect" },
	{ OBSTACLE_PROXY, "socks connect" },
	{ OBSTACLE_PROXY, "Proxy Authentication Required" },
	{ OBSTACLE_DNS, "lookup " },
	{ OBSTACLE_TLS, "x509: " },
	{ OBSTACLE_TLS, "tls: " },
	{ OBSTACLE_TLS, "TLS handshake timeout" },
	{ OBSTACLE_TLS, "server gave HTTP response to HTTPS client" },
	{ OBSTACLE_SERVER, "500 Internal Server Error" },
	{ OBSTACLE_SERVER, "502 Bad Gateway" },
	{ OBSTACLE_SERVER, "503 Service Unavailable" },
	{ OBSTACLE_SERVER, "504 Gateway Time" },
};

enum pull_obstacle message_obstacle(const char *message)
{
	for (size_t i = 0; i < ARRAY_SIZE(obstacle_words); i++)
		if (text_has(message, obstacle_words[i].text))
			return obstacle_words[i].obstacle;
	return OBSTACLE_TCP;
}

/* "lookup HOST on SERVER: ...", or without a server "lookup HOST: ..." */
bool message_lookup(const char *message, char *out, size_t size)
{
	if (!text_between(message, "lookup ", ":", out, size))
		return false;
	out[strcspn(out, " ")] = '\0';
	return out[0];
}

bool message_address(const char *message, char *out, size_t size)
{
	return text_between(message, "dial tcp ", ": ", out, size) &&
	       !text_starts(out, "lookup");
}

const char *message_tail(const char *message)
{
	static const char *const starts[] = {
		"proxyconnect", "dial tcp", "read tcp",          "x509: ", "tls: ",
		"net/http: ",   "http: ",   "unexpected status", "EOF"
	};

	for (size_t i = 0; i < ARRAY_SIZE(starts); i++) {
		const char *tail = strstr(message, starts[i]);

		if (tail)
			return tail;
	}
	return message;
}
