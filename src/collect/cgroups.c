// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include <wasmdiag/text.h>

#include "collect/host_system.h"
#include "collect/join.h"

#define MAX_CONTROLLERS 64

static void add(struct arena *arena, struct string_list *list, const char *name)
{
	if (*name && list->count < MAX_CONTROLLERS)
		host_list_add(arena, list, name);
}

/* "cpuset cpu io memory pids" */
static void add_words(struct arena *arena, struct string_list *list, char *text)
{
	char *word;

	while ((word = strsep(&text, " \n")))
		add(arena, list, word);
}

void cgroups_parse(struct arena *arena, char *text, struct string_list *ret)
{
	char *line, *name, *hierarchy, *enabled;

	/* #subsys_name	hierarchy	num_cgroups	enabled */
	while ((line = strsep(&text, "\n"))) {
		if (*line == '#')
			continue;
		name = strsep(&line, "\t ");
		hierarchy = strsep(&line, "\t ");
		strsep(&line, "\t ");
		enabled = strsep(&line, "\t ");
		/* 0: mounted nowhere, or in the v2 hierarchy, which has a list of its own
		 */
		if (text_equal(enabled, "1") && !text_equal(hierarchy, "0"))
			add(arena, ret, name);
	}
}

void collect_cgroups(struct host_context *context, struct host *host)
{
	static const char *const lists[] = {
		"/sys/fs/cgroup/cgroup.controllers",
		"/sys/fs/cgroup/unified/cgroup.controllers",
	};
	struct source *source = &host->source[HOST_CGROUPS];
	struct string_list *list = &host->cgroup_controllers;
	bool is_v2 = text_equal(host->cgroups, "v2"), found = false;
	char *text;

	*list = (struct string_list){ 0 };
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		text = host_text(context, lists[i], NULL);
		found |= text != NULL;
		if (text)
			add_words(context->arena, list, text);
	}
	text = is_v2 ? NULL : host_text(context, "/proc/cgroups", NULL);
	if (text)
		cgroups_parse(context->arena, text, list);
	if (found || text)
		host_fact_set(context, source, FACT_KNOWN, NULL);
	else
		host_fact_set(context, source, FACT_FAILED,
			      "neither %s%s nor %s/proc/cgroups can be read",
			      context->root, lists[0], context->root);
}
