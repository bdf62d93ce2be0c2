// SPDX-License-Identifier: Apache-2.0
/* What kube.c (when), kube_transfer.c (one request) and kube_reply.c (its body) share. */
#pragma once

#include "arena.h"
#include "collect/buffer.h"
#include "collect/json_project.h"
#include "collect/json_scan.h"
#include "collect/kube.h"

enum {
	IN_FLIGHT_LIMIT = 8,
	TRY_LIMIT = 3,
	STALL_MS = 5000,
	RETRY_AFTER_LIMIT_MS = 30000,
	STATUS_LIMIT = 64 << 10, /* bytes of an error's body that are looked at */
};

/* A request and how far it has come. */
struct job {
	struct kube_request *request;
	const char *path; /* where it is asked for: the request's, or an older one */
	const char *const *older; /* what is left of the request's */
	const struct json_projection *projection;
	const struct json_projection *glance; /* NULL: none */
	const char *token; /* of the page to ask for; NULL: the first */
	char page_version[128]; /* the list's when this page was first begun */
	size_t page_items; /* of this page, handed over by earlier tries */
	int64_t started_ms; /* 0: not yet */
	int64_t page_deadline_ms; /* 0: this page was not asked for yet */
	int64_t not_before_ms; /* when to try again */
	size_t tries; /* for this page */
	bool in_flight, http1, restarted;
};

/* A handle and what is read through it: there are only as many as may be in flight. */
struct transfer {
	struct kube_client *client;
	CURL *easy;
	CURLM *multi; /* that it was added to */
	char words[CURL_ERROR_SIZE];
	struct job *job; /* NULL: free */
	struct json_scan scan;
	struct json_projector projector;
	struct buffer body;
	struct error error; /* why the body was refused, with outcome */
	enum outcome outcome;
	int64_t last_byte_ms;
	bool has_begun; /* a reply's first byte came */
	char first; /* the body's first byte that is no space */
	size_t skip; /* items that an earlier try has handed over */
};

struct kube_client {
	struct arena arena; /* holds the token */
	struct http_target target, target1; /* HTTP/2 wanted, HTTP/1.1 only */
	struct http_endpoint endpoint1;
	CURLM *multi, *multi1; /* the two are never mixed: trap 4 */
	struct transfer transfers[IN_FLIGHT_LIMIT];
	struct arena run; /* what lasts for one kube_run() */
	int request_timeout_ms;
	int64_t deadline_ms;
	unsigned jitter;
	struct kube_totals totals;
	bool was_accepted; /* some reply was not 401 */
	int64_t not_before_ms; /* the server refuses connections: nothing until then */
	enum outcome dead; /* what all that follows would end as, or NONE */
	struct error dead_error;
};

/* Milliseconds of a clock that only goes forward. */
int64_t monotonic_ms(void);

/* kube.c: may the body that the job waits for be large (KUBE_SMALL)? */
bool job_is_large(const struct job *job) __attribute__((nonnull));

/* kube_transfer.c: begin the job's next page, or end it with an error. */
void transfer_start(struct transfer *transfer, struct job *job) __attribute__((nonnull));

/* The transfer is over with code: the job goes on, waits for another try, or ends. */
void transfer_finish(struct transfer *transfer, CURLcode code) __attribute__((nonnull));

/* Give up a transfer that stalled; its job tries again over HTTP/1.1. */
void transfer_retry_http1(struct transfer *transfer) __attribute__((nonnull));

/* The job has ended; error may be NULL when OK. */
void job_end(struct job *job, enum outcome outcome, const struct error *error)
	__attribute__((nonnull(1)));

/* kube_reply.c: how many bytes all bodies of the request may have, decoded. */
size_t byte_limit(const struct kube_request *request) __attribute__((nonnull));

/* kube_reply.c: libcurl's callbacks. */
size_t reply_header(char *bytes, size_t size, size_t count, void *context);
size_t reply_body(char *bytes, size_t size, size_t count, void *context);

/* Make ready for a reply. */
void reply_start(struct transfer *transfer) __attribute__((nonnull));

/*
 * The whole reply of status has come: what it is.  Sets transfer->error unless OK, and
 * *ret_token to a 410's fresh token, which lies in the run's arena, or NULL.
 */
enum outcome reply_end(struct transfer *transfer, int status, const char **ret_token)
	__attribute__((nonnull));

/* Release what a reply that is not finished holds. */
void reply_drop(struct transfer *transfer) __attribute__((nonnull));
