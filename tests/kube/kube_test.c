// SPDX-License-Identifier: Apache-2.0
#include "kube_test.h"

#include <stdio.h>
#include <stdlib.h>

#include <wasmdiag/text.h>

int port_of(const char *name)
{
	const char *port = getenv(name);

	if (!port)
		fail_msg("run by fixture.py: no %s", name);
	return (int)strtol(port, NULL, 10);
}

const char *key_file(const char *name)
{
	static char texts[16][4096];
	static size_t count;
	char path[512], *text = texts[count++ % 16];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", getenv("KUBE_FOLDER"), name);
	file = fopen(path, "r");
	if (!file)
		fail_msg("%s is missing", path);
	text[fread(text, 1, 4095, file)] = '\0';
	fclose(file);
	return text;
}

struct http_endpoint good_endpoint(void)
{
	return (struct http_endpoint){ .tls = true,
				       .host = "127.0.0.1",
				       .port = port_of("KUBE_PORT"),
				       .ca = key_file("ca.crt") };
}

void take_name(void *context, json_t *item)
{
	struct names *names = context;
	const char *name = NULL;
	size_t used = strlen(names->text);

	assert_null(json_object_get(item, "spec"));
	json_unpack(item, "{s?{s?s}}", "metadata", "name", &name);
	snprintf(names->text + used, sizeof(names->text) - used, "%s ",
		 name ? name : "-");
}

void forget_names(void *context)
{
	struct names *names = context;

	names->text[0] = '\0';
	names->restarts++;
}

struct kube_request list_of(const char *path, struct names *names)
{
	static const char *const paths[] = { "metadata.name" };

	return (struct kube_request){ .kind = KUBE_LIST,
				      .path = path,
				      .paths = paths,
				      .path_count = 1,
				      .on_item = names ? take_name : NULL,
				      .context = names };
}

void run_all(const struct http_endpoint *endpoint, struct kube_request *requests,
	     size_t count, int timeout_ms)
{
	struct error error = { 0 };
	struct kube_client *client = kube_open(endpoint, timeout_ms, 20000, &error);

	if (!client)
		fail_msg("%s", error.text);
	kube_run(client, requests, count);
	kube_close(client);
}

void run_one(struct kube_request *request)
{
	struct http_endpoint endpoint = good_endpoint();

	run_all(&endpoint, request, 1, 4000);
}

void expect(const struct kube_request *request, enum outcome outcome, const char *words)
{
	const struct kube_result *result = &request->result;

	if (result->outcome != outcome || !text_has(result->error.text, words))
		fail_msg("%s: outcome %d, not %d (%s): %s", request->path,
			 result->outcome, outcome, words, result->error.text);
	assert_int_equal(outcome == OUTCOME_OK, result->error.kind == ERROR_NONE);
}
