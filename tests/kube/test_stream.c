// SPDX-License-Identifier: Apache-2.0
/*
 * What is learned from bytes as they stream by is what a plain reader learns that builds
 * every page as a tree and drops nothing; and checks say the same of both.  Over random
 * clusters, by the client and an API server of tests/bench.
 */
#include "test.h"

#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#include "collect/cluster.h"
#include "collect/kube.h"
#include "collect/resources.h"
#include "facts_rows.h"
#include "render/render.h"
#include "report.h"
#include "server.h"
#include "snapshot.h"

#define NOW       INT64_C(1795651200) /* 2026-11-26, after all that templates say */
#define ALL_FACTS ((UINT64_C(1) << FACT_COUNT) - 1)

#define PIECE 4000 /* bytes: less than a pod */

struct child {
	pid_t pid;
	int port;
	atomic_size_t *under_way; /* server.h */
};

static atomic_size_t *share(void)
{
	void *shared = mmap(NULL, 2 * sizeof(atomic_size_t), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_true(shared != MAP_FAILED);
	return shared;
}

static struct child start_server(const struct cluster_shape *shape)
{
	struct child child = { .under_way = share() };
	int listener = server_listen(0, &child.port);

	child.pid = fork();
	assert_true(child.pid >= 0);
	if (child.pid == 0) {
		struct bench_server server = { .model = cluster_open(TEMPLATES, shape),
					       .piece = PIECE,
					       .under_way = child.under_way };

		server_run(&server, listener);
	}
	close(listener);
	return child;
}

static void stop_server(const struct child *child)
{
	kill(child->pid, SIGKILL);
	waitpid(child->pid, NULL, 0);
	munmap(child->under_way, 2 * sizeof(*child->under_way));
}

static void collect(const struct child *child, struct facts *facts, struct arena *arena)
{
	const struct http_endpoint endpoint = { .host = "127.0.0.1",
						.port = child->port };
	const struct cluster_wish wish = { .needs = ALL_FACTS };
	struct error error = { 0 };
	struct kube_client *client = kube_open(&endpoint, 60000, 100000, &error);

	if (!client) {
		fail_msg("%s", error.text);
		return;
	}
	facts_clear(facts);
	facts->taken = NOW;
	facts->no_host = HOST_REFUSED;
	cluster_collect(client, &wish, arena, facts);
	kube_close(client);
}

/* ---- the plain reader ---- */

static size_t take_bytes(char *bytes, size_t size, size_t count, void *context)
{
	return buffer_append(context, bytes, size * count, BUFFER_LIMIT) ? size * count
									 : 0;
}

/* The whole list at once; false: there is none. */
static bool fetch(const struct child *child, const char *path, const char *query,
		  struct buffer *body)
{
	CURL *easy = curl_easy_init();
	char url[1024];
	CURLcode code;

	snprintf(url, sizeof(url), "http://127.0.0.1:%d%s?%s", child->port, path,
		 text_or_empty(query));
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_bytes);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, body);
	code = curl_easy_perform(easy);
	curl_easy_cleanup(easy);
	return code == CURLE_OK;
}

static void read_list(const struct child *child, const struct resource *resource,
		      struct facts *facts, struct arena *arena)
{
	const struct record *record = resource->record;
	struct buffer body = { 0 };
	json_auto_t *tree = NULL;
	const json_t *items;
	size_t count;
	char *list;

	for (size_t i = 0; !tree && resource->paths[i]; i++)
		if (fetch(child, resource->paths[i], resource->query, &body))
			tree = json_loadb(body.bytes, body.length, JSON_ALLOW_NUL, NULL);
	buffer_release(&body);
	items = json_object_get(tree, "items");
	count = json_array_size(items);
	list = arena_array(arena, count, record->size);
	for (size_t i = 0; i < count; i++)
		record_decode(record, json_array_get(items, i), list + i * record->size,
			      arena);
	*(void **)((char *)facts + resource->offset) = list;
	*(size_t *)((char *)facts + resource->count_offset) = count;
}

static void sum_up(const struct facts *facts, struct node *node)
{
	node->requested_cpu = node->requested_memory = node->requested_pods = 0;
	for (size_t i = 0; i < facts->pod_count; i++) {
		const struct pod *pod = &facts->pods[i];
		struct pod_requests requests = pod_requests(pod);

		if (!text_equal(pod->node, node->name) ||
		    text_equal(pod->phase, "Succeeded") ||
		    text_equal(pod->phase, "Failed"))
			continue;
		node->requested_cpu += requests.cpu;
		node->requested_memory += requests.memory;
		node->requested_pods++;
	}
}

/* What is not a list (logs, services by name) is taken as it was learned. */
static void read_plainly(const struct child *child, struct facts *facts,
			 struct arena *arena)
{
	for (size_t i = 0; i < resource_count; i++)
		if (resources[i].record)
			read_list(child, &resources[i], facts, arena);
	for (size_t i = 0; i < facts->node_count; i++)
		sum_up(facts, &facts->nodes[i]);
}

/* ---- comparing ---- */

static json_t *save_kept(const struct resource *resource, const struct facts *facts)
{
	const char *list = *(char *const *)((const char *)facts + resource->offset);
	size_t count = *(const size_t *)((const char *)facts + resource->count_offset);
	json_t *kept = json_array();

	for (size_t i = 0; i < count; i++) {
		const char *item = list + i * resource->record->size;

		if (!resource->keep || resource->keep(item))
			json_array_append_new(kept, record_save(resource->record, item));
	}
	return kept;
}

static void compare_facts(const struct facts *streamed, const struct facts *plain,
			  unsigned seed)
{
	for (size_t i = 0; i < resource_count; i++) {
		json_auto_t *got = NULL, *want = NULL;

		if (!resources[i].record)
			continue;
		got = save_kept(&resources[i], streamed);
		want = save_kept(&resources[i], plain);
		if (!json_equal(got, want))
			fail_msg("cluster %u, %s: %s\nnot %s", seed, resources[i].name,
				 json_dumps(got, JSON_COMPACT),
				 json_dumps(want, JSON_COMPACT));
	}
}

/* The whole report, so each verdict and each word. */
static char *judge(const struct facts *facts, struct arena *arena, size_t *ret_findings)
{
	const struct render_options options = { .width = 100 };
	struct report report = { .arena = arena };
	size_t length;
	char *text;
	FILE *out = open_memstream(&text, &length);

	report_make(&report, all_checks, facts, arena);
	find_renderer("json")->render(&report, &options, out);
	fclose(out);
	*ret_findings = report.finding_count;
	return text;
}

/* The line where they part, and the one before. */
static const char *parting(const char *text, const char *other)
{
	const char *line = text, *before = text;

	for (; *text && *text == *other; text++, other++) {
		if (*text == '\n') {
			before = line;
			line = text + 1;
		}
	}
	return before;
}

static struct cluster_shape random_shape(unsigned seed)
{
	static const unsigned shares[] = { 0, 5, 100, 500, 1000 };

	return (struct cluster_shape){
		.nodes = 1 + (size_t)rand() % 20,
		.pods = 1 + (size_t)rand() % 1200, /* up to three pages */
		.events = (size_t)rand() % 200,
		.autoscalers = (size_t)rand() % 20,
		.claims = (size_t)rand() % 20,
		.sick = shares[rand() % 5],
		.wasm = shares[rand() % 5],
		.seed = seed,
		.now = NOW - 30,
	};
}

static size_t compare(unsigned seed, size_t *ret_under_way)
{
	struct arena arena = { 0 };
	const struct cluster_shape shape = random_shape(seed);
	const struct child child = start_server(&shape);
	struct facts *streamed = arena_alloc(&arena, sizeof(*streamed));
	struct facts *plain = arena_alloc(&arena, sizeof(*plain));
	size_t findings, plain_findings;
	char *got, *want;

	collect(&child, streamed, &arena);
	assert_int_equal(streamed->server.outcome, SERVER_OK);
	assert_int_equal(streamed->pods_seen, shape.pods);
	assert_int_equal(streamed->node_count, shape.nodes);
	*plain = *streamed;
	*ret_under_way = child.under_way[1];
	read_plainly(&child, plain, &arena);
	stop_server(&child);
	assert_int_equal(plain->pod_count, shape.pods);
	compare_facts(streamed, plain, seed);
	got = judge(streamed, &arena, &findings);
	want = judge(plain, &arena, &plain_findings);
	if (!text_equal(got, want))
		fail_msg("cluster %u: %.400s\nnot %.400s", seed, parting(got, want),
			 parting(want, got));
	free(got);
	free(want);
	arena_free(&arena);
	return findings;
}

static void test_streamed_is_plain(void **state)
{
	size_t findings = 0, under_way, together = 0;

	(void)state;
	srand(5);
	for (unsigned seed = 0; seed < 24; seed++) {
		findings += compare(seed, &under_way);
		together += under_way > 2;
	}
	assert_true(findings > 100); /* there was something to say */
	/* lists came by turns in most of them */
	assert_true(together > 12);
}

/* Objects weigh what they do in real clusters: first pages may leave together (kube.h).
 */
static void test_first_pages_are_small(void **state)
{
	const struct cluster_shape shape = { 600, 600, 600, 600, 600, 500, 100, 1, NOW };
	const struct child child = start_server(&shape);
	size_t lists = 0;

	(void)state;
	for (size_t i = 0; i < resource_count; i++) {
		struct buffer body = { 0 };
		char limit[32];

		if (!resources[i].record || !resources[i].first_page)
			continue;
		snprintf(limit, sizeof(limit), "limit=%d", resources[i].first_page);
		if (fetch(&child, resources[i].paths[0], limit, &body))
			lists++;
		if (body.length > KUBE_SMALL)
			fail_msg("%s: %zu bytes", resources[i].name, body.length);
		buffer_release(&body);
	}
	assert_true(lists >= 10);
	stop_server(&child);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_streamed_is_plain),
		cmocka_unit_test(test_first_pages_are_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
