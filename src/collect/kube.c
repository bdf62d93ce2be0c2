// SPDX-License-Identifier: Apache-2.0
/* When which request is sent. */
#include "collect/kube.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <wasmdiag/text.h>

#include "collect/kube_transfer.h"

/* All jobs of one kube_run(). */
struct queue {
	struct job *jobs;
	size_t count;
};

static CURLM *open_multi(long connections, bool multiplex)
{
	CURLM *multi = curl_multi_init();

	if (!multi)
		return NULL;
	curl_multi_setopt(multi, CURLMOPT_PIPELINING,
			  multiplex ? (long)CURLPIPE_MULTIPLEX : (long)CURLPIPE_NOTHING);
	curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, connections);
	return multi;
}

static bool open_client(struct kube_client *client, const struct http_endpoint *endpoint,
			struct error *error)
{
	client->endpoint1 = *endpoint;
	client->endpoint1.http1 = true;
	if (!http_prepare(endpoint, &client->arena, &client->target, error) ||
	    !http_prepare(&client->endpoint1, &client->arena, &client->target1, error))
		return false;
	/* a server without HTTP/2 is asked over up to four connections */
	client->multi = open_multi(4, !endpoint->http1);
	client->multi1 = open_multi(4, false);
	if (!client->multi || !client->multi1)
		return fail(error, ERROR_SYSTEM, "libcurl is out of memory");
	return true;
}

struct kube_client *kube_open(const struct http_endpoint *endpoint,
			      int request_timeout_ms, int deadline_ms,
			      struct error *error)
{
	struct kube_client *client = calloc(1, sizeof(*client));

	if (!client) {
		fail(error, ERROR_SYSTEM, "out of memory");
		return NULL;
	}
	client->request_timeout_ms = request_timeout_ms ? request_timeout_ms : 10000;
	client->deadline_ms = monotonic_ms() + deadline_ms;
	client->jitter = (unsigned)time(NULL);
	client->totals.certificate_start = UNSET;
	client->totals.certificate_end = UNSET;
	for (size_t i = 0; i < IN_FLIGHT_LIMIT; i++)
		client->transfers[i].client = client;
	if (open_client(client, endpoint, error))
		return client;
	kube_close(client);
	return NULL;
}

void kube_close(struct kube_client *client)
{
	if (!client)
		return;
	for (size_t i = 0; i < IN_FLIGHT_LIMIT; i++) {
		curl_easy_cleanup(client->transfers[i].easy);
		json_projector_release(&client->transfers[i].projector);
	}
	curl_multi_cleanup(client->multi);
	curl_multi_cleanup(client->multi1);
	http_wipe(&client->target);
	http_wipe(&client->target1);
	arena_free(&client->arena);
	free(client);
}

const struct kube_totals *kube_totals(const struct kube_client *client)
{
	return &client->totals;
}

/* An object is told from other JSON by these members, asked for or not. */
static const struct json_projection *compile(struct kube_client *client,
					     const struct kube_request *request,
					     struct error *error)
{
	struct arena *arena = &client->run;
	size_t count = request->path_count;
	const char **paths;

	if (request->kind != KUBE_OBJECT)
		return json_projection_compile(arena, request->paths, count, error);
	paths = arena_array(arena, count + 2, sizeof(*paths));
	if (count)
		memcpy(paths, request->paths, count * sizeof(*paths));
	paths[count] = "kind";
	paths[count + 1] = "gitVersion";
	return json_projection_compile(arena, paths, count + 2, error);
}

static void prepare_jobs(struct kube_client *client, struct queue *queue,
			 struct kube_request *requests)
{
	for (size_t i = 0; i < queue->count; i++) {
		struct job *job = &queue->jobs[i];
		struct error error = { 0 };

		job->request = &requests[i];
		job->path = requests[i].path;
		job->older = requests[i].older;
		job->http1 = client->target.endpoint->http1;
		requests[i].result = (struct kube_result){ .server_time = UNSET };
		job->projection = compile(client, &requests[i], &error);
		if (job->projection && requests[i].glance)
			job->glance = json_projection_compile(
				&client->run, requests[i].glance_paths,
				requests[i].glance_path_count, &error);
		if (!job->projection || (requests[i].glance && !job->glance))
			job_end(job, OUTCOME_NOT_SENT, &error);
	}
}

static bool is_over(const struct job *job)
{
	return job->request->result.outcome != OUTCOME_NONE;
}

bool job_is_large(const struct job *job)
{
	const struct kube_request *request = job->request;

	switch (request->kind) {
	case KUBE_LIST:
		return job->token || !request->first_page;
	case KUBE_TEXT:
		return byte_limit(request) > KUBE_SMALL;
	default:
		return false;
	}
}

static bool large_in_flight(const struct queue *queue)
{
	for (size_t i = 0; i < queue->count; i++) {
		if (queue->jobs[i].in_flight && job_is_large(&queue->jobs[i]))
			return true;
	}
	return false;
}

static struct transfer *free_transfer(struct kube_client *client)
{
	for (size_t i = 0; i < IN_FLIGHT_LIMIT; i++) {
		if (!client->transfers[i].job)
			return &client->transfers[i];
	}
	return NULL;
}

/* A job that will not be sent (again), for the run's time or the server is gone. */
static bool is_moot(struct kube_client *client, struct job *job, int64_t now)
{
	struct error error = { 0 };

	if (client->dead) {
		job_end(job, client->dead, &client->dead_error);
		return true;
	}
	if (now < client->deadline_ms)
		return false;
	fail(&error, ERROR_TIMEOUT, "%s: not asked: the time for the whole run was over",
	     job->path);
	job_end(job, OUTCOME_NOT_SENT, &error);
	return true;
}

static void start_jobs(struct kube_client *client, struct queue *queue, int64_t now)
{
	bool large = large_in_flight(queue);

	if (client->not_before_ms > now)
		return;
	for (size_t i = 0; i < queue->count; i++) {
		struct job *job = &queue->jobs[i];
		struct transfer *transfer;

		if (is_over(job) || job->in_flight || is_moot(client, job, now) ||
		    job->not_before_ms > now || (job_is_large(job) && large))
			continue;
		transfer = free_transfer(client);
		if (!transfer)
			return;
		transfer_start(transfer, job);
		large |= job_is_large(job);
	}
}

static void finish_transfers(CURLM *multi)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(multi, &left))) {
		struct transfer *transfer = NULL;
		CURLcode code = message->data.result;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
				  (char **)&transfer);
		transfer_finish(transfer, code);
	}
}

/* A body that stands still: trap 4, for which a middlebox is enough. */
static void watch(struct kube_client *client)
{
	int64_t now = monotonic_ms();

	for (size_t i = 0; i < IN_FLIGHT_LIMIT; i++) {
		struct transfer *transfer = &client->transfers[i];
		struct job *job = transfer->job;

		if (!job || job->http1 || !transfer->has_begun ||
		    now - transfer->last_byte_ms < STALL_MS ||
		    (job->request->kind == KUBE_TEXT && transfer->first))
			continue;
		transfer_retry_http1(transfer);
	}
}

static bool is_done(const struct queue *queue)
{
	for (size_t i = 0; i < queue->count; i++) {
		if (!is_over(&queue->jobs[i]))
			return false;
	}
	return true;
}

/*
 * Until the next retry is due, or half a second, for the watchdog's sake.  What is due
 * and was not started now waits for others to end.
 */
static int wait_ms(const struct kube_client *client, const struct queue *queue,
		   int64_t now)
{
	int64_t wait = 500;

	for (size_t i = 0; i < queue->count; i++) {
		const struct job *job = &queue->jobs[i];
		int64_t due = job->not_before_ms > client->not_before_ms
				      ? job->not_before_ms
				      : client->not_before_ms;

		if (!is_over(job) && !job->in_flight && due > now && due - now < wait)
			wait = due - now;
	}
	return (int)wait;
}

static void turn(struct kube_client *client, struct queue *queue)
{
	int running = 0, running1 = 0, wait;
	int64_t now;

	start_jobs(client, queue, monotonic_ms());
	curl_multi_perform(client->multi, &running);
	curl_multi_perform(client->multi1, &running1);
	finish_transfers(client->multi);
	finish_transfers(client->multi1);
	watch(client);
	/* what a transfer's end makes possible is begun before waiting */
	now = monotonic_ms();
	start_jobs(client, queue, now);
	wait = wait_ms(client, queue, now);
	/* the second multi is rarely used, and then alone or for seconds */
	if (running1 > 0 && running > 0 && wait > 10)
		wait = 10;
	if (!is_done(queue))
		curl_multi_poll(running1 > 0 && running == 0 ? client->multi1
							     : client->multi,
				NULL, 0, wait, NULL);
}

bool kube_run(struct kube_client *client, struct kube_request *requests, size_t count)
{
	struct queue queue = { .count = count };
	bool ok = true;

	queue.jobs = arena_array(&client->run, count ? count : 1, sizeof(*queue.jobs));
	prepare_jobs(client, &queue, requests);
	while (!is_done(&queue))
		turn(client, &queue);
	for (size_t i = 0; i < count; i++)
		ok &= requests[i].result.outcome == OUTCOME_OK;
	arena_free(&client->run);
	return ok;
}
