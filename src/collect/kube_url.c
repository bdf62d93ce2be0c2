// SPDX-License-Identifier: Apache-2.0
#include "collect/kube_url.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include <wasmdiag/text.h>

#include "cleanup.h"

static void cleanup_url(CURLU **url)
{
	curl_url_cleanup(*url);
}

/* One part, in the arena; NULL when absent. */
static const char *get_part(CURLU *url, CURLUPart which, struct arena *arena)
{
	char *part = NULL;
	const char *copy = NULL;

	if (curl_url_get(url, which, &part, CURLU_DEFAULT_PORT) == CURLUE_OK)
		copy = arena_string(arena, part);
	curl_free(part);
	return copy;
}

static bool has_part(CURLU *url, CURLUPart which)
{
	char *part = NULL;
	bool has = curl_url_get(url, which, &part, 0) == CURLUE_OK;

	curl_free(part);
	return has;
}

static const char *without_brackets(const char *host, struct arena *arena)
{
	return *host == '[' ? arena_copy(arena, host + 1, strlen(host) - 2) : host;
}

static const char *without_final_slashes(const char *path, struct arena *arena)
{
	size_t length = path ? strlen(path) : 0;

	while (length && path[length - 1] == '/')
		length--;
	return arena_copy(arena, text_or_empty(path), length);
}

static bool has_control(const char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text <= ' ' || *text == 0x7f)
			return true;
	}
	return false;
}

bool kube_url_parse(const char *text, struct arena *arena, struct kube_connection *ret,
		    struct error *error)
{
	_cleanup_(cleanup_url) CURLU *url = curl_url();
	const char *full =
		text_has(text, "://") ? text : arena_format(arena, "http://%s", text);
	const char *scheme, *host, *port;

	if (!url)
		return fail(error, ERROR_SYSTEM, "out of memory");
	if (!text_starts(full, "https://") && !text_starts(full, "http://"))
		return fail(error, ERROR_FORMAT,
			    "the server's URL is neither https nor http");
	if (has_control(full) || curl_url_set(url, CURLUPART_URL, full, 0) != CURLUE_OK)
		return fail(error, ERROR_FORMAT, "the server's URL is not a URL");
	if (has_part(url, CURLUPART_USER) || has_part(url, CURLUPART_PASSWORD))
		return fail(error, ERROR_FORMAT, "the server's URL holds a user name");
	scheme = get_part(url, CURLUPART_SCHEME, arena);
	host = get_part(url, CURLUPART_HOST, arena);
	port = get_part(url, CURLUPART_PORT, arena);
	if (!scheme || !host || !*host || !port)
		return fail(error, ERROR_FORMAT, "the server's URL has no host");
	ret->tls = text_equal(scheme, "https");
	ret->path = without_final_slashes(get_part(url, CURLUPART_PATH, arena), arena);
	ret->server = arena_format(arena, "%s://%s:%s%s", scheme, host, port, ret->path);
	ret->host = without_brackets(host, arena);
	ret->port = (int)strtol(port, NULL, 10);
	return true;
}

bool kube_url_check_proxy(const char *text, struct error *error)
{
	_cleanup_(cleanup_url) CURLU *url = curl_url();

	if (!url)
		return fail(error, ERROR_SYSTEM, "out of memory");
	if (!text_starts(text, "http://") && !text_starts(text, "https://") &&
	    !text_starts(text, "socks5://"))
		return fail(error, ERROR_FORMAT,
			    "proxy-url is none of http://, https:// and socks5://");
	if (has_control(text) ||
	    curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) !=
		    CURLUE_OK ||
	    !has_part(url, CURLUPART_HOST))
		return fail(error, ERROR_FORMAT, "proxy-url is not a URL");
	return true;
}
