// SPDX-License-Identifier: Apache-2.0
/*
 * Asks the API server: GET only, all requests at once over one HTTP/2 connection, and a
 * reply is never held as a whole.  Rules and their reasons: ecosystem facts, section 1;
 * cluster facts, section F.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "collect/http.h"
#include "collect/outcome.h"
#include "error.h"

enum kube_kind {
	KUBE_LIST, /* a List, page by page, item by item */
	KUBE_OBJECT, /* one object, or what /version says */
	KUBE_TEXT, /* anything: a log, /metrics, /readyz */
};

/*
 * Bodies of up to so many bytes are under way together; of what may be larger, later
 * pages and texts with a larger limit, one at a time.  libcurl 7.88 stalls with large
 * bodies side by side on one HTTP/2 connection (trap 4); never seen with servers in Go,
 * as the API server is.  For the others there is the watchdog.
 */
#define KUBE_SMALL ((size_t)300 << 10)

struct kube_result {
	enum outcome outcome;
	struct error error; /* one sentence, unless OK */
	int http_status; /* of the last reply; 0: there was none */
	char reason[64]; /* the Status object's, as "Forbidden"; "" without one */
	size_t items; /* handed over */
	size_t bad_items; /* malformed or over a limit: the rest was handed over */
	size_t pages;
	size_t tries; /* requests sent for it */
	size_t bytes; /* of bodies, decoded */
	double total_ms; /* from the first request's start to the end */
	double first_byte_ms; /* of the last reply, from its request's start */
	bool inconsistent; /* the list changed while it was read: pages differ in age */
	int64_t server_time; /* the last reply's Date, Unix seconds; UNSET */
	char resource_version[128]; /* of the list's first page; "" */
};

struct kube_request {
	enum kube_kind kind;
	const char *path; /* "/api/v1/pods", as plain text: encoding is ours */
	/* Where it may be instead, as in an older version: each is tried after a 404 of
	 * the one before.  Ends with NULL; NULL: nowhere. */
	const char *const *older;
	/* "fieldSelector=status.phase!=Running&labelSelector=a in (b)", plain text
	 * between the '&'s, without limit and continue; or NULL */
	const char *query;
	const char *const *paths; /* what is kept of an object: json_project.h */
	size_t path_count;
	/*
	 * LIST: first only these are read of an item, and what glance() does not want is
	 * seen no further.  NULL: all are wanted.
	 */
	bool (*glance)(void *context, json_t *item);
	const char *const *glance_paths;
	size_t glance_path_count;
	int page_size; /* items asked for at once; 0: 500 */
	/*
	 * LIST: so many items are surely under KUBE_SMALL bytes.  The first page has no
	 * more of them and is asked for at once; pages that follow wait for their turn.
	 * 0: the first page is no other than those that follow.
	 */
	int first_page;
	size_t byte_limit; /* of all bodies, decoded; 0: 4 GiB of a list, else 4 MiB */
	void *context;
	/* LIST, OBJECT: the projection of each; borrowed, so json_incref() to keep it */
	void (*on_item)(void *context, json_t *item);
	/* LIST: forget the items so far, it begins again; NULL: then it ends EXPIRED */
	void (*on_restart)(void *context);
	/* TEXT: decoded bytes as they come, of a 500 as well (/readyz explains itself
	 * so); after a failure there may be less than all */
	void (*on_text)(void *context, const char *bytes, size_t length);

	struct kube_result result;
};

/* Of all requests so far. */
struct kube_totals {
	size_t requests, connections;
	size_t bytes; /* of bodies, decoded */
	size_t wire_bytes; /* of bodies, as they came */
	double connect_ms, tls_ms; /* how long the first connection took */
	int64_t certificate_start; /* of the server, Unix seconds; UNSET */
	int64_t certificate_end;
};

struct kube_client;

/*
 * A client of endpoint, which must outlive it.  request_timeout_ms is what one page may
 * take with all its retries (0: 10 000), deadline_ms what everything may take from now.
 * NULL with error as http_prepare() has it.
 */
struct kube_client *kube_open(const struct http_endpoint *endpoint,
			      int request_timeout_ms, int deadline_ms,
			      struct error *error) __attribute__((nonnull(1)));

/*
 * Run all requests; returns when each has an outcome, by the deadline at the latest.
 * True when all are OK.  A page is retried over connection errors, 429, 503 and 504, at
 * most three tries and never past its time; a body that makes no progress for five
 * seconds once over HTTP/1.1.  Items that were handed over are not handed over again.
 * Once the server cannot be reached, or refuses the credentials before any reply was
 * good, the requests not sent yet end at once.
 */
bool kube_run(struct kube_client *client, struct kube_request *requests, size_t count)
	__attribute__((nonnull));

const struct kube_totals *kube_totals(const struct kube_client *client)
	__attribute__((nonnull));

/* Close the connections and wipe the credentials; client may be NULL. */
void kube_close(struct kube_client *client);
