// SPDX-License-Identifier: Apache-2.0
/* What both test programs of the client need; fixture.py says where the servers are. */
#pragma once

#include "test.h"

#include "collect/http.h"
#include "collect/kube.h"

/* The port that the environment variable called name holds. */
int port_of(const char *name);

/* A file that fixture.py made; kept until the program ends. */
const char *key_file(const char *name);

/* The good server, by IP address, its CA trusted. */
struct http_endpoint good_endpoint(void);

/* The items' metadata.name, each followed by a space. */
struct names {
	char text[4096];
	size_t restarts;
};

/* For kube_request.on_item and .on_restart. */
void take_name(void *context, json_t *item);
void forget_names(void *context);

/* A request for a list of metadata.name, which go to names; NULL: nowhere. */
struct kube_request list_of(const char *path, struct names *names);

/* Run the requests with a new client, each page within timeout_ms. */
void run_all(const struct http_endpoint *endpoint, struct kube_request *requests,
	     size_t count, int timeout_ms);

/* Run one of them against the good server, 4 seconds for a page. */
void run_one(struct kube_request *request);

/* The outcome is this, and the words in the error; prints what there is instead. */
void expect(const struct kube_request *request, enum outcome outcome, const char *words);
