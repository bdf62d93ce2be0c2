// SPDX-License-Identifier: Apache-2.0
/* A reply's bytes: to the scanner, the projector, the caller, or into an error. */
#include <string.h>

#include <wasmdiag/text.h>

#include "collect/kube_transfer.h"

static enum outcome refuse(struct transfer *transfer, enum outcome outcome,
			   enum error_kind kind, const char *what)
{
	transfer->outcome = outcome;
	fail(&transfer->error, kind, "%s: %s", transfer->job->path, what);
	return outcome;
}

static enum outcome not_kubernetes(struct transfer *transfer)
{
	return refuse(
		transfer, OUTCOME_NOT_KUBERNETES, ERROR_FORMAT,
		transfer->first == '<'
			? "the reply is an HTML page, so this is not the API server (a proxy, a login page?)"
			: "the reply is not a Kubernetes object, so this is not the API server");
}

static bool is_kube_json(const json_t *object)
{
	/* /version says no kind */
	return json_is_string(json_object_get(object, "kind")) ||
	       json_is_string(json_object_get(object, "gitVersion"));
}

/* What is listed of an object; NULL when it is malformed.  The caller owns it. */
static json_t *project(struct transfer *transfer,
		       const struct json_projection *projection, const char *bytes,
		       size_t length)
{
	const struct buffer *out = &transfer->projector.out;

	if (!json_project(&transfer->projector, projection, bytes, length, NULL))
		return NULL;
	return json_loadb(out->bytes, out->length, JSON_ALLOW_NUL, NULL);
}

/* Is the item of interest?  One that cannot be read is, so that it is counted. */
static bool is_wanted(struct transfer *transfer, const char *bytes, size_t length)
{
	struct kube_request *request = transfer->job->request;
	json_auto_t *item = NULL;

	if (!request->glance)
		return true;
	item = project(transfer, transfer->job->glance, bytes, length);
	return !item || request->glance(request->context, item);
}

static void take_item(void *context, const char *bytes, size_t length)
{
	struct transfer *transfer = context;
	struct kube_request *request = transfer->job->request;
	json_auto_t *item = NULL;

	if (transfer->skip > 0) {
		transfer->skip--;
		return;
	}
	transfer->job->page_items++;
	if (!is_wanted(transfer, bytes, length)) {
		request->result.items++;
		return;
	}
	item = project(transfer, transfer->job->projection, bytes, length);
	if (!item) {
		request->result.bad_items++;
		return;
	}
	request->result.items++;
	if (request->on_item)
		request->on_item(request->context, item);
}

void reply_start(struct transfer *transfer)
{
	transfer->error = (struct error){ 0 };
	transfer->outcome = OUTCOME_NONE;
	transfer->has_begun = false;
	transfer->first = '\0';
	transfer->body.length = 0;
	transfer->skip = transfer->job->page_items;
	transfer->last_byte_ms = monotonic_ms();
	json_scan_start(&transfer->scan, take_item, transfer);
}

void reply_drop(struct transfer *transfer)
{
	json_scan_end(&transfer->scan);
	buffer_release(&transfer->body);
}

size_t reply_header(char *bytes, size_t size, size_t count, void *context)
{
	static const char date[] = "date:";
	struct transfer *transfer = context;
	char value[64];
	size_t length = size * count;
	time_t when;

	transfer->has_begun = true;
	transfer->last_byte_ms = monotonic_ms();
	if (length < strlen(date) || length - strlen(date) >= sizeof(value) ||
	    strncasecmp(bytes, date, strlen(date)) != 0)
		return length;
	memcpy(value, bytes + strlen(date), length - strlen(date));
	value[length - strlen(date)] = '\0';
	when = curl_getdate(value, NULL);
	if (when >= 0)
		transfer->job->request->result.server_time = (int64_t)when;
	return length;
}

size_t byte_limit(const struct kube_request *request)
{
	if (request->byte_limit)
		return request->byte_limit;
	return request->kind == KUBE_LIST ? (size_t)4 << 30 : 4 << 20;
}

static bool take_list(struct transfer *transfer, const char *bytes, size_t length)
{
	if (json_scan_feed(&transfer->scan, bytes, length))
		return true;
	if (transfer->first != '{')
		not_kubernetes(transfer);
	else
		refuse(transfer, OUTCOME_MALFORMED, ERROR_FORMAT,
		       transfer->scan.error.text);
	return false;
}

/* Whole replies are for the caller; what explains an error is for us. */
static bool take_bytes(struct transfer *transfer, const char *bytes, size_t length)
{
	struct kube_request *request = transfer->job->request;
	long status = 0;

	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status == 500 && request->on_text)
		request->on_text(request->context, bytes, length);
	if (status != 200)
		return buffer_append(&transfer->body, bytes, length, STATUS_LIMIT);
	if (request->kind == KUBE_LIST)
		return take_list(transfer, bytes, length);
	if (request->kind == KUBE_OBJECT)
		return buffer_append(&transfer->body, bytes, length, byte_limit(request));
	if (request->on_text)
		request->on_text(request->context, bytes, length);
	return true;
}

static void note_first(struct transfer *transfer, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length && !transfer->first; i++) {
		if (!strchr(" \t\r\n", bytes[i]))
			transfer->first = bytes[i];
	}
}

/* Bytes are counted here, decoded: MAXFILESIZE does not see what gzip hides (trap 5). */
size_t reply_body(char *bytes, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;
	struct kube_request *request = transfer->job->request;
	size_t length = size * count;

	transfer->last_byte_ms = monotonic_ms();
	request->result.bytes += length;
	transfer->client->totals.bytes += length;
	if (request->result.bytes > byte_limit(request)) {
		refuse(transfer, OUTCOME_TOO_LARGE, ERROR_LIMIT,
		       "the reply is larger than wasmdiag reads");
		return 0;
	}
	note_first(transfer, bytes, length);
	return take_bytes(transfer, bytes, length) ? length : 0;
}

static enum outcome end_object(struct transfer *transfer)
{
	struct kube_request *request = transfer->job->request;
	const struct buffer *body = &transfer->body, *out = &transfer->projector.out;
	struct error error = { 0 };
	json_auto_t *object = NULL;

	if (transfer->first != '{')
		return not_kubernetes(transfer);
	if (!json_project(&transfer->projector, transfer->job->projection, body->bytes,
			  body->length, &error))
		return refuse(transfer, OUTCOME_MALFORMED, ERROR_FORMAT, error.text);
	object = json_loadb(out->bytes, out->length, JSON_ALLOW_NUL, NULL);
	if (!object)
		return refuse(transfer, OUTCOME_MALFORMED, ERROR_FORMAT,
			      "malformed JSON");
	if (!is_kube_json(object))
		return not_kubernetes(transfer);
	request->result.items++;
	if (request->on_item)
		request->on_item(request->context, object);
	return OUTCOME_OK;
}

static enum outcome end_list(struct transfer *transfer)
{
	struct kube_result *result = &transfer->job->request->result;
	const struct json_list *list = &transfer->scan.list;

	if (!transfer->first)
		return not_kubernetes(transfer);
	if (!json_scan_end(&transfer->scan))
		return refuse(transfer, OUTCOME_MALFORMED, ERROR_FORMAT,
			      transfer->scan.error.text);
	if (!list->kind[0])
		return not_kubernetes(transfer);
	result->bad_items += list->bad_items;
	return OUTCOME_OK;
}

/* What an error's body says: a Status object, or a line of plain text. */
static void read_status(struct transfer *transfer, char *message, size_t size,
			const char **ret_token)
{
	struct kube_result *result = &transfer->job->request->result;
	const struct buffer *body = &transfer->body;
	json_auto_t *status = NULL;
	const char *text = NULL, *reason = NULL, *token = NULL;

	result->reason[0] = message[0] = '\0';
	if (body->length == 0 || transfer->first == '<')
		return;
	status = json_loadb(body->bytes, body->length, JSON_ALLOW_NUL, NULL);
	if (!status && transfer->first != '{') {
		const char *end = memchr(body->bytes, '\n', body->length);

		text_escape(body->bytes, end ? (size_t)(end - body->bytes) : body->length,
			    message, size);
		return;
	}
	json_unpack(status, "{s?s,s?s,s?{s?s}}", "message", &text, "reason", &reason,
		    "metadata", "continue", &token);
	text_escape(text_or_empty(text), strlen(text_or_empty(text)), message, size);
	reason = text_or_empty(reason);
	text_escape(reason, strlen(reason), result->reason, sizeof(result->reason));
	if (token && *token)
		*ret_token = arena_string(&transfer->client->run, token);
}

static const struct {
	int status;
	enum outcome outcome;
	enum error_kind kind;
	const char *what;
} statuses[] = {
	{ 401, OUTCOME_UNAUTHORIZED, ERROR_DENIED,
	  "the API server does not accept these credentials (401)" },
	{ 403, OUTCOME_FORBIDDEN, ERROR_DENIED, "not permitted (403)" },
	{ 404, OUTCOME_ABSENT, ERROR_ABSENT, "the API server has no such thing (404)" },
	{ 410, OUTCOME_EXPIRED, ERROR_SYSTEM,
	  "the list changed faster than it could be read (410)" },
	{ 429, OUTCOME_THROTTLED, ERROR_SYSTEM, "the API server is too busy (429)" },
};

static enum outcome end_error(struct transfer *transfer, int status,
			      const char **ret_token)
{
	const char *path = transfer->job->path;
	enum outcome outcome = OUTCOME_SERVER_ERROR;
	enum error_kind kind = ERROR_SYSTEM;
	char message[300], what[64];
	const char *said = what;

	read_status(transfer, message, sizeof(message), ret_token);
	snprintf(what, sizeof(what), "the API server answered %d", status);
	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++) {
		if (statuses[i].status == status) {
			outcome = statuses[i].outcome;
			kind = statuses[i].kind;
			said = statuses[i].what;
		}
	}
	fail(&transfer->error, kind, "%s: %s%s%s", path, said, *message ? ": " : "",
	     message);
	return outcome;
}

enum outcome reply_end(struct transfer *transfer, int status, const char **ret_token)
{
	*ret_token = NULL;
	if (status >= 400)
		return end_error(transfer, status, ret_token);
	if (status != 200)
		return refuse(
			transfer, OUTCOME_NOT_KUBERNETES, ERROR_FORMAT,
			"the answer is a redirect or no reply at all, so this is not the API server");
	switch (transfer->job->request->kind) {
	case KUBE_LIST:
		return end_list(transfer);
	case KUBE_OBJECT:
		return end_object(transfer);
	default:
		return OUTCOME_OK;
	}
}
