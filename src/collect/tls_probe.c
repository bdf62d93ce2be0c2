// SPDX-License-Identifier: Apache-2.0
#include "collect/tls_probe.h"

#include "cleanup.h"
#include "collect/http.h"

static void cleanup_easy(CURL **easy)
{
	curl_easy_cleanup(*easy);
}

static void cleanup_arena(struct arena *arena)
{
	arena_free(arena);
}

static void take_times(CURL *easy, struct tls_probe *probe)
{
	curl_off_t connected = 0, secured = 0;

	curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &connected);
	curl_easy_getinfo(easy, CURLINFO_APPCONNECT_TIME_T, &secured);
	probe->connect_ms = (double)connected / 1e3;
	if (secured > connected)
		probe->tls_ms = (double)(secured - connected) / 1e3;
}

static bool set_probe(CURL *easy, const struct http_target *target,
		      const struct tls_probe *probe)
{
	return !curl_easy_setopt(easy, CURLOPT_URL, target->base) &&
	       !curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L) &&
	       !curl_easy_setopt(easy, CURLOPT_PROXY, "") &&
	       !curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)probe->timeout_ms) &&
	       !curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
				 (long)probe->timeout_ms);
}

static bool run_probe(const struct http_target *target, struct tls_probe *probe)
{
	_cleanup_(cleanup_easy) CURL *easy = curl_easy_init();
	char words[CURL_ERROR_SIZE];
	CURLcode code;

	if (!easy || !http_setup(easy, target, words, &probe->error))
		return false;
	if (!set_probe(easy, target, probe))
		return fail(&probe->error, ERROR_SYSTEM, "libcurl refuses %s",
			    target->name);
	code = curl_easy_perform(easy);
	take_times(easy, probe);
	if (code) {
		probe->outcome = http_failure(easy, target, code, words, &probe->error);
		return false;
	}
	probe->outcome = OUTCOME_OK;
	probe->certificate_end = http_certificate_end(easy);
	return true;
}

bool tls_probe(struct tls_probe *probe)
{
	const struct http_endpoint endpoint = { .tls = true,
						.host = probe->host,
						.port = probe->port,
						.ca = probe->ca,
						.tls_server_name = probe->server_name,
						.http1 = true };
	_cleanup_(cleanup_arena) struct arena arena = { 0 };
	struct http_target target;

	probe->outcome = OUTCOME_NOT_SENT;
	probe->error = (struct error){ 0 };
	probe->connect_ms = probe->tls_ms = 0;
	probe->certificate_end = UNSET;
	return http_prepare(&endpoint, &arena, &target, &probe->error) &&
	       run_probe(&target, probe);
}
