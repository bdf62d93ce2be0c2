// SPDX-License-Identifier: Apache-2.0
#include "server.h"

#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <wasmdiag/text.h>

#define GZIP_FROM (128 << 10)
#define TERMS_MAX 8
#define DATE      "Date: Wed, 25 Nov 2026 00:00:00 GMT\r\n"

struct connection {
	const struct bench_server *server;
	int socket;
	SSL *ssl; /* NULL: plain */
	bool takes_gzip;
	struct buffer request, head, body, zip;
};

static const struct {
	const char *path;
	enum cluster_list list;
	const char *kind, *version;
} lists[] = {
	{ "/api/v1/nodes", CLUSTER_NODES, "NodeList", "v1" },
	{ "/api/v1/pods", CLUSTER_PODS, "PodList", "v1" },
	{ "/api/v1/events", CLUSTER_EVENTS, "EventList", "v1" },
	{ "/api/v1/persistentvolumeclaims", CLUSTER_CLAIMS, "PersistentVolumeClaimList",
	  "v1" },
	{ "/apis/autoscaling/v2/horizontalpodautoscalers", CLUSTER_AUTOSCALERS,
	  "HorizontalPodAutoscalerList", "autoscaling/v2" },
	{ "/apis/metrics.k8s.io/v1beta1/nodes", CLUSTER_NODE_METRICS, "NodeMetricsList",
	  "metrics.k8s.io/v1beta1" },
};

#define LIST(kind, version, items)                                                       \
	"{\"kind\":\"" kind "\",\"apiVersion\":\"" version                               \
	"\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[" items "]}"

/* What is small and does not grow with the cluster. */
static const struct {
	const char *path, *body;
} replies[] = {
	/* what kubectl asks before it asks for pods */
	{ "/api", "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"]}" },
	{ "/apis", "{\"kind\":\"APIGroupList\",\"apiVersion\":\"v1\",\"groups\":[]}" },
	{ "/api/v1",
	  "{\"kind\":\"APIResourceList\",\"groupVersion\":\"v1\",\"resources\":[{\"name\":"
	  "\"pods\",\"singularName\":\"pod\",\"namespaced\":true,\"kind\":\"Pod\",\"verbs\":"
	  "[\"get\",\"list\"]}]}" },
	{ "/version",
	  "{\"major\":\"1\",\"minor\":\"31\",\"gitVersion\":\"v1.31.1+k3s1\"}" },
	{ "/readyz", "[+]ping ok\n[+]etcd ok\nreadyz check passed\n" },
	{ "/metrics", "# HELP apiserver_request_total Requests.\n" },
	{ "/apis/node.k8s.io/v1/runtimeclasses",
	  LIST("RuntimeClassList", "node.k8s.io/v1",
	       "{\"metadata\":{\"name\":\"crun-wasm\"},\"handler\":\"crun\"}") },
	{ "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
	  LIST("ValidatingWebhookConfigurationList", "admissionregistration.k8s.io/v1",
	       "") },
	{ "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
	  LIST("MutatingWebhookConfigurationList", "admissionregistration.k8s.io/v1",
	       "") },
	{ "/apis/apiregistration.k8s.io/v1/apiservices",
	  LIST("APIServiceList", "apiregistration.k8s.io/v1",
	       "{\"metadata\":{\"name\":\"v1beta1.metrics.k8s.io\"},\"spec\":{\"service\":"
	       "{\"namespace\":\"kube-system\",\"name\":\"metrics-server\"}},\"status\":"
	       "{\"conditions\":[{\"type\":\"Available\",\"status\":\"True\"}]}}") },
	{ "/apis/storage.k8s.io/v1/storageclasses",
	  LIST("StorageClassList", "storage.k8s.io/v1",
	       "{\"metadata\":{\"name\":\"local-path\"},\"provisioner\":"
	       "\"rancher.io/local-path\",\"volumeBindingMode\":\"WaitForFirstConsumer\"}") },
};

/* ---- bytes ---- */

static bool send_all(struct connection *connection, const struct buffer *buffer)
{
	for (size_t sent = 0; sent < buffer->length;) {
		const char *bytes = buffer->bytes + sent;
		size_t length = buffer->length - sent;
		ssize_t count;

		if (connection->ssl)
			count = SSL_write(connection->ssl, bytes,
					  (int)(length > 1 << 20 ? 1 << 20 : length));
		else
			count = send(connection->socket, bytes, length, MSG_NOSIGNAL);
		if (count <= 0)
			return false;
		sent += (size_t)count;
	}
	return true;
}

/* Take note of a body more, or less, that is under way. */
static void count_body(const struct bench_server *server, bool begins)
{
	size_t now, most;

	if (!server->under_way)
		return;
	now = begins ? atomic_fetch_add(&server->under_way[0], 1) + 1
		     : atomic_fetch_sub(&server->under_way[0], 1) - 1;
	most = atomic_load(&server->under_way[1]);
	while (now > most &&
	       !atomic_compare_exchange_weak(&server->under_way[1], &most, now))
		;
}

static bool send_body(struct connection *connection, const struct buffer *body)
{
	const struct bench_server *server = connection->server;
	size_t piece = server->piece;
	bool ok = true;

	if (!piece || body->length <= piece)
		return send_all(connection, body);
	count_body(server, true);
	for (size_t sent = 0; ok && sent < body->length; sent += piece) {
		size_t left = body->length - sent;
		const struct buffer part = { .bytes = body->bytes + sent,
					     .length = left < piece ? left : piece };

		ok = send_all(connection, &part);
		usleep(100);
	}
	count_body(server, false);
	return ok;
}

static ssize_t receive(struct connection *connection, char *bytes, size_t size)
{
	if (connection->ssl)
		return SSL_read(connection->ssl, bytes, (int)size);
	return recv(connection->socket, bytes, size, 0);
}

static void put(struct buffer *buffer, const char *text)
{
	if (!buffer_append(buffer, text, strlen(text), BUFFER_LIMIT))
		errx(1, "no memory");
}

/* ---- replies ---- */

static size_t number_after(const char *query, const char *name)
{
	const char *at = strstr(query, name);

	return at ? strtoul(at + strlen(name), NULL, 10) : 0;
}

/* What an item must hold as it is written: "nodeName":"node-00017". */
struct selection {
	char needles[TERMS_MAX][300];
	size_t count;
};

static void select_by(struct selection *selection, const char *path, size_t path_length,
		      const char *value)
{
	const char *key = path + path_length;

	while (key > path && key[-1] != '.')
		key--;
	if (selection->count == TERMS_MAX)
		errx(1, "a selector of too many terms");
	snprintf(selection->needles[selection->count++], sizeof(selection->needles[0]),
		 "\"%.*s\":\"%s\"", (int)(path + path_length - key), key, value);
}

/* Of "a.b=c,d!=e": "b":"c"; what is unequal is taken to be so. */
static void read_selector(struct selection *selection, char *terms)
{
	char *rest, *term;

	for (term = strtok_r(terms, ",", &rest); term;
	     term = strtok_r(NULL, ",", &rest)) {
		char *equals = strchr(term, '=');

		if (equals && equals > term && equals[-1] != '!') {
			*equals = '\0';
			select_by(selection, term, (size_t)(equals - term), equals + 1);
		}
	}
}

/* %3D and the like, in place. */
static void decode(char *text)
{
	char *to = text;

	for (; *text; text++) {
		unsigned code;

		if (*text == '%' && sscanf(text + 1, "%2x", &code) == 1) {
			*to++ = (char)code;
			text += 2;
		} else {
			*to++ = *text;
		}
	}
	*to = '\0';
}

static void read_query(struct selection *selection, const char *query)
{
	const char *at = strstr(query, "fieldSelector=");
	char terms[512];

	if (!at)
		return;
	at += strlen("fieldSelector=");
	snprintf(terms, sizeof(terms), "%.*s", (int)strcspn(at, "&"), at);
	decode(terms);
	read_selector(selection, terms);
}

/* Append the item, with a comma before it, if it is wanted. */
static bool write_item(const struct connection *connection, size_t which, size_t index,
		       const struct selection *selection, struct buffer *out)
{
	size_t start = out->length;

	put(out, ",");
	cluster_write(connection->server->model, lists[which].list, index, out);
	if (!buffer_append(out, "", 1, BUFFER_LIMIT))
		errx(1, "no memory");
	out->length--;
	for (size_t i = 0; i < selection->count; i++) {
		if (strstr(out->bytes + start, selection->needles[i]))
			continue;
		out->length = start;
		return false;
	}
	return true;
}

/* The continue token is the number of the next item; what is selected is one page. */
static void write_page(const struct connection *connection, size_t which,
		       const char *query, struct selection *selection, struct buffer *out)
{
	size_t size = cluster_size(connection->server->model, lists[which].list);
	size_t at = number_after(query, "continue="),
	       limit = number_after(query, "limit="), count = 0, end, start;
	char text[512];

	read_query(selection, query);
	end = limit && limit < size - at && !selection->count ? at + limit : size;
	if (strstr(query, "reason%3DPulled") || strstr(query, "reason=Pulled"))
		end = size = at;
	snprintf(
		text, sizeof(text),
		"{\"kind\":\"%s\",\"apiVersion\":\"%s\",\"metadata\":{\"resourceVersion\":"
		"\"1\"",
		lists[which].kind, lists[which].version);
	put(out, text);
	if (end < size) {
		snprintf(text, sizeof(text),
			 ",\"continue\":\"%zu\",\"remainingItemCount\":%zu", end,
			 size - end);
		put(out, text);
	}
	put(out, "},\"items\":[");
	start = out->length;
	for (; at < end; at++)
		count += write_item(connection, which, at, selection, out);
	if (count)
		out->bytes[start] = ' '; /* no comma before the first */
	put(out, "]}\n");
}

/* The list at path, also of a namespace; lists' count when there is none. */
static size_t find_list(const char *path, struct selection *selection)
{
	static const char spaces[] = "/api/v1/namespaces/";
	char plain[128];

	if (text_starts(path, spaces)) {
		const char *name = path + strlen(spaces);
		size_t length = strcspn(name, "/");

		snprintf(plain, sizeof(plain), "%.*s", (int)length, name);
		select_by(selection, "namespace", strlen("namespace"), plain);
		snprintf(plain, sizeof(plain), "/api/v1%s", name + length);
		path = plain;
	}
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		if (text_equal(path, lists[i].path))
			return i;
	return ARRAY_SIZE(lists);
}

/* The body; the status. */
static int write_reply(const struct connection *connection, const char *path,
		       const char *query, struct buffer *out)
{
	struct selection selection = { .count = 0 };
	size_t which = find_list(path, &selection);

	if (which < ARRAY_SIZE(lists)) {
		write_page(connection, which, query, &selection, out);
		return 200;
	}
	for (size_t i = 0; i < ARRAY_SIZE(replies); i++) {
		if (text_equal(path, replies[i].path)) {
			put(out, replies[i].body);
			return 200;
		}
	}
	put(out, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\","
		 "\"reason\":\"NotFound\",\"code\":404}");
	return 404;
}

/* As the API server does: where it is asked for, and worth it. */
static bool compress_body(struct connection *connection)
{
	struct buffer *body = &connection->body, *zip = &connection->zip;
	z_stream stream = { 0 };
	char bytes[65536];
	int code;

	if (body->length < GZIP_FROM || !connection->takes_gzip ||
	    deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	stream.next_in = (unsigned char *)body->bytes;
	stream.avail_in = (unsigned)body->length;
	zip->length = 0;
	do {
		stream.next_out = (unsigned char *)bytes;
		stream.avail_out = sizeof(bytes);
		code = deflate(&stream, Z_FINISH);
		if (!buffer_append(zip, bytes, sizeof(bytes) - stream.avail_out,
				   BUFFER_LIMIT))
			errx(1, "no memory");
	} while (code == Z_OK);
	deflateEnd(&stream);
	return code == Z_STREAM_END;
}

static bool answer(struct connection *connection, char *path)
{
	char *query = strchr(path, '?'), head[512];
	const struct buffer *body = &connection->body;
	bool zipped;
	int status;

	if (connection->server->verbose)
		fprintf(stderr, "%s\n", path);
	if (query)
		*query++ = '\0';
	connection->body.length = connection->head.length = 0;
	status = write_reply(connection, path, text_or_empty(query), &connection->body);
	zipped = compress_body(connection);
	if (zipped)
		body = &connection->zip;
	snprintf(head, sizeof(head),
		 "HTTP/1.1 %d %s\r\n" DATE
		 "Content-Type: application/json\r\n%sContent-Length: %zu\r\n\r\n",
		 status, status == 200 ? "OK" : "Not Found",
		 zipped ? "Content-Encoding: gzip\r\n" : "", body->length);
	put(&connection->head, head);
	return send_all(connection, &connection->head) && send_body(connection, body);
}

/* The next request's head, its first line cut down to the path; NULL: no more. */
static char *next_request(struct connection *connection)
{
	struct buffer *request = &connection->request;
	char bytes[4096], *space;
	ssize_t count;

	request->length = 0;
	do {
		count = receive(connection, bytes, sizeof(bytes));
		if (count <= 0 || !buffer_append(request, bytes, (size_t)count, 1 << 20))
			return NULL;
	} while (!memmem(request->bytes, request->length, "\r\n\r\n", 4));
	request->bytes[request->length - 1] = '\0';
	if (strncmp(request->bytes, "GET ", 4) != 0)
		return NULL;
	connection->takes_gzip = strcasestr(request->bytes, "\nAccept-Encoding: gzip");
	space = strchr(request->bytes + 4, ' ');
	if (!space)
		return NULL;
	*space = '\0';
	return request->bytes + 4;
}

/* ---- connections ---- */

static void *serve(void *argument)
{
	struct connection *connection = argument;
	char *path;

	if (connection->server->tls) {
		connection->ssl = SSL_new(connection->server->tls);
		SSL_set_fd(connection->ssl, connection->socket);
	}
	if (!connection->ssl || SSL_accept(connection->ssl) == 1)
		while ((path = next_request(connection)) && answer(connection, path))
			;
	SSL_free(connection->ssl);
	close(connection->socket);
	buffer_release(&connection->request);
	buffer_release(&connection->head);
	buffer_release(&connection->body);
	buffer_release(&connection->zip);
	free(connection);
	return NULL;
}

int server_listen(int port, int *ret_port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons((uint16_t)port),
	};
	socklen_t length = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;

	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	    listen(listener, 128) != 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &length) != 0)
		err(1, "listening on port %d", port);
	*ret_port = ntohs(address.sin_port);
	return listener;
}

void server_run(const struct bench_server *server, int listener)
{
	int yes = 1;

	for (;;) {
		struct connection *connection = calloc(1, sizeof(*connection));
		pthread_t thread;

		if (!connection)
			errx(1, "no memory");
		connection->server = server;
		connection->socket = accept(listener, NULL, NULL);
		if (connection->socket < 0)
			err(1, "accept");
		setsockopt(connection->socket, IPPROTO_TCP, TCP_NODELAY, &yes,
			   sizeof(yes));
		if (pthread_create(&thread, NULL, serve, connection) != 0)
			errx(1, "no more threads");
		pthread_detach(thread);
	}
}
