// SPDX-License-Identifier: Apache-2.0
#include "collect/http.h"

#include <stdlib.h>
#include <string.h>

#include <wasmdiag/text.h>

enum { CONNECT_TIMEOUT_MS = 5000 };

static bool check_library(struct error *error)
{
	const curl_version_info_data *version;

	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		return fail(error, ERROR_SYSTEM, "libcurl cannot be initialised");
	version = curl_version_info(CURLVERSION_NOW);
	if (!text_starts(version->ssl_version, "OpenSSL/"))
		return fail(
			error, ERROR_SYSTEM,
			"this libcurl uses %s for TLS, but wasmdiag needs one built with OpenSSL (Debian: libcurl4)",
			version->ssl_version ? version->ssl_version : "nothing");
	return true;
}

static bool is_header_safe(const char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return false;
	}
	return true;
}

static bool is_kept(char c, const char *keep)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || strchr("-._~", c) || strchr(keep, c);
}

const char *http_encode(struct arena *arena, const char *text, const char *keep)
{
	static const char digits[] = "0123456789ABCDEF";
	char *out = arena_alloc(arena, strlen(text) * 3 + 1), *at = out;

	for (; *text; text++) {
		if (is_kept(*text, keep)) {
			*at++ = *text;
			continue;
		}
		*at++ = '%';
		*at++ = digits[(unsigned char)*text >> 4];
		*at++ = digits[*text & 15];
	}
	return out;
}

/* In the arena rather than by curl_slist_append(): a token is to be wiped with it. */
static bool add_header(struct arena *arena, struct curl_slist **list, const char *name,
		       const char *value, struct error *error)
{
	struct curl_slist *header;

	if (!value)
		return true;
	if (!is_header_safe(value))
		return fail(error, ERROR_USAGE,
			    "the value for the header %s holds a control character",
			    name);
	while (*list)
		list = &(*list)->next;
	header = arena_alloc(arena, sizeof(*header));
	header->data = arena_format(arena, "%s: %s", name, value);
	*list = header;
	return true;
}

static bool add_impersonation(struct arena *arena, const struct http_endpoint *endpoint,
			      struct curl_slist **list, struct error *error)
{
	if (!add_header(arena, list, "Impersonate-User", endpoint->as_user, error) ||
	    !add_header(arena, list, "Impersonate-Uid", endpoint->as_uid, error))
		return false;
	for (size_t i = 0; i < endpoint->as_groups.count; i++) {
		if (!add_header(arena, list, "Impersonate-Group",
				endpoint->as_groups.items[i], error))
			return false;
	}
	for (size_t i = 0; i < endpoint->as_extra_count; i++) {
		const struct http_extra *extra = &endpoint->as_extras[i];
		const char *name = arena_format(arena, "Impersonate-Extra-%s",
						http_encode(arena, extra->key, ""));

		for (size_t j = 0; j < extra->values.count; j++) {
			if (!add_header(arena, list, name, extra->values.items[j], error))
				return false;
		}
	}
	return true;
}

static const char *bracketed(struct arena *arena, const char *host)
{
	return strchr(host, ':') ? arena_format(arena, "[%s]", host) : host;
}

/*
 * tls-server-name: the URL has the name that is asked for and verified, CONNECT_TO leads
 * to the real host, and the Host header stays what it would have been.
 */
static bool rename_host(struct arena *arena, struct http_target *target,
			struct error *error)
{
	const struct http_endpoint *endpoint = target->endpoint;

	if (!endpoint->tls_server_name || !endpoint->tls)
		return true;
	target->connect_to = arena_alloc(arena, sizeof(*target->connect_to));
	target->connect_to->data = arena_format(arena, "::%s", target->name);
	return add_header(arena, &target->headers, "Host", target->name, error);
}

static bool is_loopback(const char *host)
{
	return text_equal(host, "localhost") || text_equal(host, "::1") ||
	       text_starts(host, "127.");
}

bool http_prepare(const struct http_endpoint *endpoint, struct arena *arena,
		  struct http_target *ret, struct error *error)
{
	const char *server = endpoint->host;

	*ret = (struct http_target){ .endpoint = endpoint };
	if (!check_library(error))
		return false;
	if (endpoint->tls && endpoint->tls_server_name)
		server = endpoint->tls_server_name;
	if (strpbrk(endpoint->host, "/?#@ ") || strpbrk(server, "/?#@ ") ||
	    !is_header_safe(endpoint->host) || !is_header_safe(server))
		return fail(error, ERROR_USAGE, "%s is not a host name", server);
	ret->is_loopback = is_loopback(endpoint->host);
	ret->name = arena_format(arena, "%s:%d", bracketed(arena, endpoint->host),
				 endpoint->port);
	ret->base = arena_format(arena, "%s://%s:%d%s", endpoint->tls ? "https" : "http",
				 bracketed(arena, server), endpoint->port,
				 http_encode(arena, text_or_empty(endpoint->path), "/%"));
	return add_header(arena, &ret->headers, "Accept", "application/json", error) &&
	       add_header(arena, &ret->headers, "Authorization", endpoint->authorization,
			  error) &&
	       add_impersonation(arena, endpoint, &ret->headers, error) &&
	       rename_host(arena, ret, error);
}

void http_wipe(const struct http_target *target)
{
	for (struct curl_slist *header = target->headers; header; header = header->next)
		explicit_bzero(header->data, strlen(header->data));
}

#define SET(option, ...)                                                                 \
	do {                                                                             \
		if (!code)                                                               \
			code = curl_easy_setopt(easy, option, __VA_ARGS__);              \
	} while (0)

/* libcurl keeps the pointer: the PEM outlives every handle. */
static struct curl_blob blob(const char *pem)
{
	return (struct curl_blob){ .data = (void *)pem,
				   .len = strlen(pem),
				   .flags = CURL_BLOB_NOCOPY };
}

static CURLcode set_trust(CURL *easy, const struct http_endpoint *endpoint)
{
	CURLcode code = CURLE_OK;
	struct curl_blob ca;

	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(CURLOPT_CERTINFO, 1L);
	if (endpoint->insecure) {
		SET(CURLOPT_SSL_VERIFYPEER, 0L);
		SET(CURLOPT_SSL_VERIFYHOST, 0L);
		return code;
	}
	if (!endpoint->ca)
		return code;
	ca = blob(endpoint->ca);
	SET(CURLOPT_CAINFO_BLOB, &ca);
	/* trap 1: the system's folder of certificates would be trusted as well */
	SET(CURLOPT_CAPATH, NULL);
	return code;
}

static CURLcode set_identity(CURL *easy, const struct http_endpoint *endpoint)
{
	CURLcode code = CURLE_OK;
	struct curl_blob certificate, key;

	if (!endpoint->client_certificate || !endpoint->client_key)
		return code;
	certificate = blob(endpoint->client_certificate);
	key = blob(endpoint->client_key);
	SET(CURLOPT_SSLCERT_BLOB, &certificate);
	SET(CURLOPT_SSLKEY_BLOB, &key);
	/* trap 2: an encrypted key crashes every libcurl before 8.13 (curl #16806) */
	SET(CURLOPT_KEYPASSWD, "");
	return code;
}

static CURLcode set_proxy(CURL *easy, const struct http_target *target)
{
	const char *url = target->endpoint->proxy_url;
	char *resolving = NULL;
	CURLcode code = CURLE_OK;

	if (!url) {
		if (target->is_loopback)
			SET(CURLOPT_NOPROXY, "*");
		return code;
	}
	/* Go lets a SOCKS proxy resolve names; libcurl calls that socks5h */
	if (text_starts(url, "socks5://")) {
		size_t size = strlen(url) + 2;

		resolving = malloc(size);
		if (!resolving)
			return CURLE_OUT_OF_MEMORY;
		memcpy(resolving, "socks5h", 7);
		memcpy(resolving + 7, url + 6, size - 7);
	}
	SET(CURLOPT_PROXY, resolving ? resolving : url);
	SET(CURLOPT_NOPROXY, "");
	if (resolving)
		explicit_bzero(resolving, strlen(resolving));
	free(resolving);
	return code;
}

static CURLcode set_protocol(CURL *easy, const struct http_endpoint *endpoint)
{
	CURLcode code = CURLE_OK;

#if LIBCURL_VERSION_NUM >= 0x075500
	SET(CURLOPT_PROTOCOLS_STR, "https,http");
#else
	SET(CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTPS | CURLPROTO_HTTP));
#endif
#if LIBCURL_VERSION_NUM >= 0x075700
	/* trap 3: do not wait for a resolver that does not answer */
	SET(CURLOPT_QUICK_EXIT, 1L);
#endif
	SET(CURLOPT_HTTP_VERSION,
	    (long)(endpoint->http1 ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS));
	SET(CURLOPT_PIPEWAIT, endpoint->http1 ? 0L : 1L);
	SET(CURLOPT_HTTPGET, 1L);
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_PATH_AS_IS, 1L);
	SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
	return code;
}

bool http_setup(CURL *easy, const struct http_target *target, char *curl_error,
		struct error *error)
{
	const struct http_endpoint *endpoint = target->endpoint;
	CURLcode code = CURLE_OK;

	curl_easy_reset(easy);
	curl_error[0] = '\0';
	SET(CURLOPT_ERRORBUFFER, curl_error);
	SET(CURLOPT_HTTPHEADER, target->headers);
	SET(CURLOPT_CONNECT_TO, target->connect_to);
	SET(CURLOPT_USERAGENT, "wasmdiag/" WASMDIAG_VERSION);
	if (!target->is_loopback && !endpoint->disable_compression)
		SET(CURLOPT_ACCEPT_ENCODING, "gzip");
	code = code ? code : set_protocol(easy, endpoint);
	code = code ? code : set_trust(easy, endpoint);
	code = code ? code : set_identity(easy, endpoint);
	code = code ? code : set_proxy(easy, target);
	if (!code)
		return true;
	return fail(error, ERROR_SYSTEM, "this libcurl lacks what wasmdiag needs: %s",
		    curl_easy_strerror(code));
}

/* A date of the server's own certificate, as libcurl writes it; UNSET when not known. */
static int64_t certificate_date(CURL *easy, const char *field)
{
	struct curl_certinfo *chain = NULL;
	const struct curl_slist *line;
	time_t date;

	if (curl_easy_getinfo(easy, CURLINFO_CERTINFO, &chain) || !chain ||
	    chain->num_of_certs < 1)
		return UNSET;
	for (line = chain->certinfo[0]; line; line = line->next) {
		if (!text_starts(line->data, field))
			continue;
		date = curl_getdate(line->data + strlen(field), NULL);
		return date < 0 ? UNSET : (int64_t)date;
	}
	return UNSET;
}

int64_t http_certificate_start(CURL *easy)
{
	return certificate_date(easy, "Start date:");
}

int64_t http_certificate_end(CURL *easy)
{
	return certificate_date(easy, "Expire date:");
}
