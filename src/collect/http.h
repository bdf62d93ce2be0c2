// SPDX-License-Identifier: Apache-2.0
/*
 * What every libcurl handle of ours is set to, and what its failures mean.  The rules
 * come from the ecosystem facts, section 1, whose traps are named where they are met.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <curl/curl.h>

#include <wasmdiag/facts.h>

#include "arena.h"
#include "collect/outcome.h"
#include "error.h"

/* The header Impersonate-Extra-KEY, once per value. */
struct http_extra {
	const char *key;
	struct string_list values;
};

/* Where the API server is and who asks; the members are kube_connection's. */
struct http_endpoint {
	const char *host; /* an IPv6 address without its brackets */
	const char *path; /* what goes before "/api": "" or "/prefix"; NULL: "" */
	const char *ca; /* PEM; NULL: the system's */
	const char *tls_server_name; /* the name to ask for and verify; NULL: host */
	const char *proxy_url; /* http, https or socks5; NULL: the environment's */
	const char *client_certificate, *client_key; /* PEM, both or neither */
	const char *authorization; /* the header's value; NULL: none */
	const char *as_user, *as_uid; /* impersonation; NULL: none */
	struct string_list as_groups;
	const struct http_extra *as_extras;
	size_t as_extra_count;
	int port;
	bool tls; /* https */
	bool insecure; /* do not verify the server */
	bool disable_compression;
	bool http1; /* do not try HTTP/2 */
};

/* An endpoint made ready; all in the arena it was prepared with. */
struct http_target {
	const struct http_endpoint *endpoint;
	const char *name; /* "host:port", for messages */
	const char *base; /* "https://host:port/prefix" */
	struct curl_slist *headers, *connect_to;
	bool is_loopback;
};

/*
 * Make ret ready; endpoint must outlive it.  Fails with ERROR_USAGE when a value would
 * break a header or URL, with ERROR_SYSTEM when libcurl was built without OpenSSL: the
 * others lack certificates from memory.  It then holds the token: http_wipe().
 */
bool http_prepare(const struct http_endpoint *endpoint, struct arena *arena,
		  struct http_target *ret, struct error *error)
	__attribute__((nonnull(1, 2, 3)));

/*
 * Set everything about easy but its URL, callbacks and time limit; a handle that has been
 * used is set back first.  curl_error: CURL_ERROR_SIZE bytes that outlive the transfer.
 */
bool http_setup(CURL *easy, const struct http_target *target, char *curl_error,
		struct error *error) __attribute__((nonnull(1, 2, 3)));

/* Overwrite the headers: the token is gone then. */
void http_wipe(const struct http_target *target) __attribute__((nonnull));

/* text with every byte percent-encoded that is no letter, digit or one of "-._~" + keep.
 */
const char *http_encode(struct arena *arena, const char *text, const char *keep)
	__attribute__((nonnull));

/*
 * What libcurl's code for the transfer of easy means, and one sentence for it in error.
 * curl_error is what http_setup() was given.  Nothing from headers or keys gets in.
 */
enum outcome http_failure(CURL *easy, const struct http_target *target, CURLcode code,
			  const char *curl_error, struct error *error)
	__attribute__((nonnull));

/* From when until when the server's certificate holds, Unix seconds; UNSET when not
 * known. */
int64_t http_certificate_start(CURL *easy) __attribute__((nonnull));
int64_t http_certificate_end(CURL *easy) __attribute__((nonnull));
