// SPDX-License-Identifier: Apache-2.0
/* One request: its URL, its tries, its pages. */
#include "collect/kube_transfer.h"

#include <string.h>
#include <strings.h>
#include <time.h>

#include <wasmdiag/text.h>

enum { PAGE_SIZE = 500 };

int64_t monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void job_end(struct job *job, enum outcome outcome, const struct error *error)
{
	struct kube_result *result = &job->request->result;

	result->outcome = outcome;
	result->error = error ? *error : (struct error){ 0 };
	if (job->started_ms)
		result->total_ms = (double)(monotonic_ms() - job->started_ms);
}

static int page_limit(const struct job *job)
{
	const struct kube_request *request = job->request;

	if (!job->token && request->first_page)
		return request->first_page;
	return request->page_size ? request->page_size : PAGE_SIZE;
}

static const char *make_url(struct kube_client *client, const struct job *job)
{
	const struct kube_request *request = job->request;
	struct arena *arena = &client->run;
	/* what RFC 3986 allows in a query, less '+', which Go reads as a space */
	const char *query = request->query
				    ? http_encode(arena, request->query, "=&,!():/'*;@$?")
				    : NULL;
	const char *url = arena_format(arena, "%s%s%s%s", client->target.base,
				       http_encode(arena, job->path, "/:@!$&'()*,;="),
				       query ? "?" : "", query ? query : "");

	if (request->kind != KUBE_LIST)
		return url;
	url = arena_format(arena, "%s%climit=%d", url, query ? '&' : '?',
			   page_limit(job));
	if (!job->token)
		return url;
	return arena_format(arena, "%s&continue=%s", url,
			    http_encode(arena, job->token, ""));
}

static CURLcode set_transfer(struct transfer *transfer, const char *url, int64_t left_ms)
{
	CURL *easy = transfer->easy;
	CURLcode code = curl_easy_setopt(easy, CURLOPT_URL, url);

	code = code ? code : curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
	code = code ? code : curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, reply_body);
	code = code ? code : curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
	code = code ? code : curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, reply_header);
	code = code ? code : curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
	return code ? code : curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)left_ms);
}

static bool ready(struct transfer *transfer, struct job *job, struct error *error)
{
	struct kube_client *client = transfer->client;
	int64_t left_ms;
	CURLcode code;

	if (!transfer->easy)
		transfer->easy = curl_easy_init();
	if (!transfer->easy)
		return fail(error, ERROR_SYSTEM, "libcurl is out of memory");
	if (!http_setup(transfer->easy, job->http1 ? &client->target1 : &client->target,
			transfer->words, error))
		return false;
	/*
	 * Larger reads of what is large: fewer items cut in two.  A wish: a handle whose
	 * last stream ended while others went on keeps its buffer, and libcurl refuses to
	 * change its size.
	 */
	curl_easy_setopt(transfer->easy, CURLOPT_BUFFERSIZE,
			 job_is_large(job) ? 65536L : 16384L);
	left_ms = job->page_deadline_ms - monotonic_ms();
	code = set_transfer(transfer, make_url(client, job), left_ms > 0 ? left_ms : 1);
	if (!code)
		return true;
	return fail(error, ERROR_SYSTEM, "%s: libcurl refuses the request: %s", job->path,
		    curl_easy_strerror(code));
}

void transfer_start(struct transfer *transfer, struct job *job)
{
	struct kube_client *client = transfer->client;
	struct error error = { 0 };
	int64_t now = monotonic_ms();

	if (!job->started_ms)
		job->started_ms = now;
	if (!job->page_deadline_ms)
		job->page_deadline_ms = now + client->request_timeout_ms;
	if (job->page_deadline_ms > client->deadline_ms)
		job->page_deadline_ms = client->deadline_ms;
	if (!ready(transfer, job, &error)) {
		job_end(job, OUTCOME_NOT_SENT, &error);
		return;
	}
	transfer->job = job;
	transfer->multi = job->http1 ? client->multi1 : client->multi;
	reply_start(transfer);
	job->in_flight = true;
	job->tries++;
	job->request->result.tries++;
	client->totals.requests++;
	curl_multi_add_handle(transfer->multi, transfer->easy);
}

static void release(struct transfer *transfer)
{
	curl_multi_remove_handle(transfer->multi, transfer->easy);
	reply_drop(transfer);
	transfer->job->in_flight = false;
	transfer->job = NULL;
}

static double take_ms(CURL *easy, CURLINFO info)
{
	curl_off_t microseconds = 0;

	curl_easy_getinfo(easy, info, &microseconds);
	return (double)microseconds / 1e3;
}

static void take_totals(struct transfer *transfer)
{
	struct kube_totals *totals = &transfer->client->totals;
	CURL *easy = transfer->easy;
	curl_off_t wire = 0;
	long connections = 0;

	curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &wire);
	curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connections);
	totals->wire_bytes += (size_t)wire;
	if (connections > 0 && totals->connections == 0) {
		totals->connect_ms = take_ms(easy, CURLINFO_CONNECT_TIME_T);
		totals->tls_ms = take_ms(easy, CURLINFO_APPCONNECT_TIME_T);
		totals->tls_ms -= totals->tls_ms > 0 ? totals->connect_ms : 0;
		totals->certificate_start = http_certificate_start(easy);
		totals->certificate_end = http_certificate_end(easy);
	}
	totals->connections += (size_t)connections;
	transfer->job->request->result.first_byte_ms =
		take_ms(easy, CURLINFO_STARTTRANSFER_TIME_T);
}

/* Try again after delay_ms, give or take, if that is allowed and in time. */
static bool try_again(struct transfer *transfer, int64_t delay_ms)
{
	struct job *job = transfer->job;
	int64_t backoff_ms = INT64_C(250) << (job->tries - 1), now = monotonic_ms();

	if (job->tries >= TRY_LIMIT || delay_ms > RETRY_AFTER_LIMIT_MS)
		return false;
	if (delay_ms < backoff_ms)
		delay_ms = backoff_ms;
	delay_ms += rand_r(&transfer->client->jitter) % (int)(delay_ms / 4 + 1);
	if (now + delay_ms >= job->page_deadline_ms)
		return false;
	/* a page that is read once more may have been made anew */
	if (job->page_items == 0)
		job->page_version[0] = '\0';
	job->not_before_ms = now + delay_ms;
	return true;
}

static bool try_status_again(struct transfer *transfer, int status)
{
	curl_off_t seconds = 0;

	if (status != 429 && status != 503 && status != 504)
		return false;
	curl_easy_getinfo(transfer->easy, CURLINFO_RETRY_AFTER, &seconds);
	if (seconds > RETRY_AFTER_LIMIT_MS / 1000)
		return false;
	return try_again(transfer, (int64_t)seconds * 1000);
}

/* A TEXT's bytes have been handed over: they cannot be taken back. */
static bool try_code_again(struct transfer *transfer, CURLcode code)
{
	switch (code) {
	case CURLE_COULDNT_CONNECT:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
	case CURLE_GOT_NOTHING:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_PARTIAL_FILE:
		break;
	default:
		return false;
	}
	if (strstr(transfer->words, "alert"))
		return false; /* a TLS refusal, not an accident */
	if (transfer->job->request->kind == KUBE_TEXT && transfer->first)
		return false;
	if (!try_again(transfer, 0))
		return false;
	if (code == CURLE_COULDNT_CONNECT && !transfer->client->was_accepted)
		transfer->client->not_before_ms = transfer->job->not_before_ms;
	return true;
}

/* Begin a page, after one that was read or that is to be read from the start. */
static void next_page(struct job *job, const char *token)
{
	job->token = token;
	job->page_items = 0;
	job->page_version[0] = '\0';
	job->page_deadline_ms = 0;
	job->tries = 0;
}

/*
 * 410: the token's snapshot is gone.  The server may offer a token that goes on in the
 * present; else the list begins again, once.
 */
static bool go_on_expired(struct job *job, const char *token)
{
	struct kube_request *request = job->request;

	if (!job->token || job->restarted || (!token && !request->on_restart))
		return false;
	job->restarted = true;
	if (token) {
		request->result.inconsistent = true;
		next_page(job, token);
		return true;
	}
	request->on_restart(request->context);
	request->result.items = request->result.bad_items = request->result.pages = 0;
	request->result.resource_version[0] = '\0';
	next_page(job, NULL);
	return true;
}

/* 404: this server may know it by an older version. */
static bool go_on_older(struct job *job)
{
	if (job->token || !job->older || !*job->older)
		return false;
	job->path = *job->older++;
	next_page(job, NULL);
	return true;
}

static void finish_page(struct transfer *transfer)
{
	struct job *job = transfer->job;
	struct kube_result *result = &job->request->result;
	const struct json_list *list = &transfer->scan.list;

	result->pages++;
	if (job->request->kind == KUBE_LIST && !result->resource_version[0])
		snprintf(result->resource_version, sizeof(result->resource_version), "%s",
			 list->resource_version);
	if (job->request->kind != KUBE_LIST || !list->continue_token[0]) {
		job_end(job, OUTCOME_OK, NULL);
		return;
	}
	if (text_equal(job->token, list->continue_token)) {
		fail(&transfer->error, ERROR_FORMAT,
		     "%s: the server's list goes round in circles", job->path);
		job_end(job, OUTCOME_MALFORMED, &transfer->error);
		return;
	}
	next_page(job, arena_string(&transfer->client->run, list->continue_token));
}

/* A retried page must be the same list, else what was skipped was not what was had. */
static void compare_versions(struct transfer *transfer)
{
	struct job *job = transfer->job;
	const char *version = transfer->scan.list.resource_version;

	if (job->page_version[0] && *version && !text_equal(job->page_version, version))
		job->request->result.inconsistent = true;
	if (*version)
		snprintf(job->page_version, sizeof(job->page_version), "%s", version);
}

/* Nothing will be better for those that come after. */
static void note_death(struct transfer *transfer, enum outcome outcome)
{
	struct kube_client *client = transfer->client;

	if (client->was_accepted || client->dead)
		return;
	if (outcome == OUTCOME_UNAUTHORIZED || outcome == OUTCOME_UNRESOLVED ||
	    outcome == OUTCOME_UNREACHABLE || outcome == OUTCOME_TLS) {
		client->dead = outcome;
		client->dead_error = transfer->error;
	}
}

static void end_transfer(struct transfer *transfer, enum outcome outcome)
{
	note_death(transfer, outcome);
	job_end(transfer->job, outcome, &transfer->error);
}

static void finish_reply(struct transfer *transfer)
{
	struct job *job = transfer->job;
	enum outcome outcome;
	const char *token;
	long status = 0;

	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	job->request->result.http_status = (int)status;
	transfer->client->was_accepted |= status != 401;
	compare_versions(transfer);
	outcome = reply_end(transfer, (int)status, &token);
	if (outcome == OUTCOME_OK)
		finish_page(transfer);
	else if (!(outcome == OUTCOME_EXPIRED && go_on_expired(job, token)) &&
		 !(outcome == OUTCOME_ABSENT && go_on_older(job)) &&
		 !try_status_again(transfer, (int)status))
		end_transfer(transfer, outcome);
}

static void finish_failed(struct transfer *transfer, CURLcode code)
{
	const struct http_target *target = &transfer->client->target;
	enum outcome outcome = transfer->outcome;

	if (code == CURLE_WRITE_ERROR && !outcome) {
		/* an error's body was longer than we read: its status is enough */
		finish_reply(transfer);
		return;
	}
	compare_versions(transfer);
	if (!outcome && try_code_again(transfer, code))
		return;
	if (!outcome)
		outcome = http_failure(transfer->easy, target, code, transfer->words,
				       &transfer->error);
	end_transfer(transfer, outcome);
}

void transfer_finish(struct transfer *transfer, CURLcode code)
{
	take_totals(transfer);
	if (code)
		finish_failed(transfer, code);
	else
		finish_reply(transfer);
	release(transfer);
}

void transfer_retry_http1(struct transfer *transfer)
{
	struct job *job = transfer->job;

	compare_versions(transfer);
	job->http1 = true;
	job->not_before_ms = 0;
	release(transfer);
}
