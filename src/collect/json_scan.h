// SPDX-License-Identifier: Apache-2.0
/*
 * Splits a Kubernetes List reply into its items as its bytes arrive, in any chunks.  The
 * reply is never held: an item lies in the chunk it came in, or, when it was cut, in one
 * buffer (ecosystem facts, section 2: a page as a tree costs twelve times its size).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collect/buffer.h"
#include "error.h"

enum {
	JSON_ITEM_LIMIT = 4 << 20, /* bytes of one item; etcd holds 1.5 MiB by default */
	JSON_DEPTH_LIMIT = 64, /* nesting within an item, or within what is skipped */
};

/* Gets the raw bytes of one element of items; they are gone after the call. */
typedef void json_item_function(void *context, const char *bytes, size_t length);

/* What a reply says outside its items; zeroed and filled by the scanner. */
struct json_list {
	char kind[128]; /* "" when absent or not a string, as with those below */
	char resource_version[128];
	char continue_token[8192]; /* for the next page; "" on the last */
	int64_t remaining; /* remainingItemCount, or -1: the server's estimate */
	size_t items; /* handed over */
	size_t bad_items; /* over a limit, or no object: passed by, the rest goes on */
};

/* For json_scan.c; from json_scan_start() to json_scan_end() it must not be moved. */
struct json_scan {
	struct json_list list;
	json_item_function *on_item;
	void *context;
	struct error error; /* set once the reply has turned out malformed */
	int state;
	bool in_metadata, in_string, after_backslash, saw_items, dropped;
	size_t depth; /* within an item or a skipped value */
	struct buffer text; /* the member name or scalar being read */
	struct buffer item; /* the part of an item that earlier chunks held */
	char *target; /* where the scalar being read goes, or NULL */
	size_t target_size;
};

/* Begin a reply.  on_item is called from within json_scan_feed() with context. */
void json_scan_start(struct json_scan *scan, json_item_function *on_item, void *context)
	__attribute__((nonnull(1, 2)));

/*
 * The next length bytes.  False with scan->error as ERROR_FORMAT (no JSON object, or
 * malformed) or ERROR_LIMIT; from then on nothing more is read.
 */
bool json_scan_feed(struct json_scan *scan, const char *bytes, size_t length)
	__attribute__((nonnull));

/*
 * The reply is over: release what was held.  False with scan->error when the object was
 * not complete.  scan->list stays.
 */
bool json_scan_end(struct json_scan *scan) __attribute__((nonnull));
