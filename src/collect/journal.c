// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <wasmdiag/text.h>

#include "collect/host_system.h"
#include "collect/join.h"
#include "scrub.h"

#define MAX_LINES 12
#define MAX_WIDTH 512
#define RECENT    900 /* seconds: K3s tries again every few of them */

/* What differs between two lines but for the time, as K3s has it: time="..." level=... */
static const char *essence(const char *line)
{
	const char *level = strstr(line, "level=");

	return level ? level : line;
}

/* Keep the line as the last; the same one from before goes. */
static void keep(struct arena *arena, struct string_list *list, char *line)
{
	const char *text = essence(line);
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++)
		if (!text_equal(list->items[i], text))
			list->items[kept++] = list->items[i];
	if (kept == MAX_LINES) {
		kept--;
		memmove(list->items, list->items + 1, kept * sizeof(*list->items));
	}
	list->items[kept++] = arena_string(arena, text);
	list->count = kept;
}

/* "1795500000.123456 host k3s[812]: MESSAGE"; NULL when it is no such line. */
static char *split_line(char *line, int64_t *ret_time)
{
	char *end, *message;

	*ret_time = strtoll(line, &end, 10);
	message = end == line ? NULL : strstr(end, ": ");
	return message ? message + 2 : NULL;
}

struct string_list journal_find(struct arena *arena, char *text, int64_t since,
				bool (*wanted)(const char *line))
{
	struct string_list list = { 0 };
	char *line, *message;
	int64_t time;

	list.items = arena_array(arena, MAX_LINES, sizeof(*list.items));
	while ((line = strsep(&text, "\n"))) {
		message = split_line(line, &time);
		if (!message || time < since)
			continue;
		if (strlen(message) > MAX_WIDTH)
			message[MAX_WIDTH] = '\0';
		/* what it said before no longer holds (K3s pkg/agent/run.go) */
		if (text_has(message, "is up and running"))
			list.count = 0;
		scrub(message);
		if (wanted(message))
			keep(arena, &list, message);
	}
	return list;
}

static void add_log(struct host_context *context, struct host *host, const char *unit,
		    char *output)
{
	struct unit_log *log = arena_alloc(context->arena, sizeof(*log));

	log->unit = unit;
	log->lines = journal_find(context->arena, output, time(NULL) - RECENT,
				  context->wanted_line);
	host->unit_logs = log;
	host->unit_log_count = 1;
}

void collect_unit_logs(struct host_context *context, struct host *host)
{
	const char *unit = text_equal(host->k3s.role, "agent") ? "k3s-agent" : "k3s";
	const char *const argv[] = { host_tool(context, "journalctl"),
				     "--quiet",
				     "--no-pager",
				     "--output=short-unix",
				     "--lines=400",
				     "--unit",
				     unit,
				     NULL };
	struct source *source = &host->source[HOST_UNIT_LOGS];
	struct error error = { 0 };
	char *output;

	if (!context->wanted_line)
		return;
	if (!host->k3s.installed || !argv[0]) {
		host_fact_set(context, source, FACT_ABSENT, "there is no journal of K3s");
	} else if (!host_run(context, argv, &output, &error)) {
		host_fact_error(context, source, &error);
	} else if (!*output && !host->root) {
		/* journalctl shows a user only their own */
		host_fact_set(context, source, FACT_DENIED,
			      "only root may read the journal of %s", unit);
	} else {
		add_log(context, host, unit, output);
		host_fact_set(context, source, FACT_KNOWN, NULL);
	}
}
