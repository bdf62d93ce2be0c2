// SPDX-License-Identifier: Apache-2.0
/*
 * parse_pages scan|items|pages CA URL
 *
 * What reading a list costs at least: the same pages by the same libcurl, and nothing
 * made of them.  "scan" only splits them, "items" has jansson parse each item whole,
 * "pages" has it parse each page whole.
 */
#include <curl/curl.h>
#include <err.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wasmdiag/text.h>

#include "collect/buffer.h"
#include "collect/json_scan.h"

#define PAGE_LIMIT ((size_t)1 << 30)

struct reader {
	const char *how;
	struct json_scan scan;
	struct buffer page;
	size_t items, bytes;
	char next[64];
};

static void take_item(void *context, const char *bytes, size_t length)
{
	struct reader *reader = context;

	reader->items++;
	if (!text_equal(reader->how, "items"))
		return;
	json_auto_t *item = json_loadb(bytes, length, JSON_ALLOW_NUL, NULL);

	if (!item)
		errx(1, "an item is no JSON");
}

static size_t take_bytes(char *bytes, size_t size, size_t count, void *context)
{
	struct reader *reader = context;
	size_t length = size * count;

	reader->bytes += length;
	if (text_equal(reader->how, "pages"))
		return buffer_append(&reader->page, bytes, length, PAGE_LIMIT) ? length
									       : 0;
	return json_scan_feed(&reader->scan, bytes, length) ? length : 0;
}

static void end_page(struct reader *reader)
{
	json_auto_t *page = NULL;
	const char *next;

	if (!text_equal(reader->how, "pages")) {
		if (!json_scan_end(&reader->scan))
			errx(1, "%s", reader->scan.error.text);
		snprintf(reader->next, sizeof(reader->next), "%.63s",
			 reader->scan.list.continue_token);
		return;
	}
	page = json_loadb(reader->page.bytes, reader->page.length, JSON_ALLOW_NUL, NULL);
	next = json_string_value(
		json_object_get(json_object_get(page, "metadata"), "continue"));
	snprintf(reader->next, sizeof(reader->next), "%s", text_or_empty(next));
	reader->items += json_array_size(json_object_get(page, "items"));
	reader->page.length = 0;
}

static void read_page(struct reader *reader, CURL *easy, const char *url)
{
	char page[4096];
	CURLcode code;

	snprintf(page, sizeof(page), "%s%climit=500&continue=%s", url,
		 strchr(url, '?') ? '&' : '?', reader->next);
	json_scan_start(&reader->scan, take_item, reader);
	curl_easy_setopt(easy, CURLOPT_URL, page);
	code = curl_easy_perform(easy);
	if (code != CURLE_OK)
		errx(1, "%s: %s", page, curl_easy_strerror(code));
	end_page(reader);
}

int main(int argc, char **argv)
{
	struct reader reader = { .how = argv[1] };
	CURL *easy = curl_easy_init();

	if (argc < 4 || !easy)
		errx(2, "parse_pages scan|items|pages CA URL...");
	curl_easy_setopt(easy, CURLOPT_CAINFO, argv[2]);
	curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	curl_easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_bytes);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, &reader);
	for (int i = 3; i < argc; i++) {
		reader.next[0] = '\0';
		do
			read_page(&reader, easy, argv[i]);
		while (reader.next[0]);
	}
	printf("%zu items, %zu bytes\n", reader.items, reader.bytes);
	curl_easy_cleanup(easy);
	buffer_release(&reader.page);
	return 0;
}
