// SPDX-License-Identifier: Apache-2.0
#include "pod.h"

#include <ctype.h>
#include <string.h>

#include <wasmdiag/text.h>

#include "pod_story.h"
#include "render/pod.h"
#include "run.h"

#define NAME_MAX_LENGTH 253

/* Names go into a URL: what no API server admits is refused here (DNS-1123). */
static bool is_name(const char *text, const char *punctuation)
{
	size_t length = strlen(text);

	if (length == 0 || length > NAME_MAX_LENGTH || ispunct((unsigned char)text[0]) ||
	    ispunct((unsigned char)text[length - 1]))
		return false;
	for (size_t i = 0; i < length; i++)
		if (!islower((unsigned char)text[i]) &&
		    !isdigit((unsigned char)text[i]) && !strchr(punctuation, text[i]))
			return false;
	return true;
}

/* NS/NAME, or NAME in the namespace of -n. */
static bool read_name(const struct options *options, struct arena *arena,
		      struct focus *focus, struct error *error)
{
	const char *word = options->argument_count > 1 ? options->arguments[1] : "";
	const char *slash = strchr(word, '/');

	if (options->argument_count != 2)
		return fail(error, ERROR_USAGE,
			    "pod wants one pod: wasmdiag pod [NAMESPACE/]NAME");
	focus->name = slash ? slash + 1 : word;
	focus->namespace = slash ? arena_copy(arena, word, (size_t)(slash - word))
				 : options->kube.namespace;
	if (!is_name(focus->name, "-."))
		return fail(error, ERROR_USAGE, "\"%.64s\" is no name of a pod",
			    focus->name);
	if (focus->namespace && !is_name(focus->namespace, "-"))
		return fail(error, ERROR_USAGE, "\"%.64s\" is not a namespace",
			    focus->namespace);
	return true;
}

/* Another namespace that has a pod of that name; NULL when there is none. */
static const char *other_namespace(const struct facts *facts, const char *name)
{
	for (size_t i = 0; i < facts->pod_count; i++)
		if (text_equal(facts->pods[i].name, name))
			return facts->pods[i].namespace;
	return NULL;
}

/* Why it is not known whether there is such a pod; NULL when there surely is none. */
static const char *why_unknown(const struct focus *focus, const struct facts *facts)
{
	const struct source *source = &facts->source[FACT_PODS];

	if (focus->pod_source.state != FACT_NOT_SOUGHT)
		source = &focus->pod_source;
	if (source->state == FACT_KNOWN || source->state == FACT_ABSENT)
		return NULL;
	return source->reason ? source->reason : "nobody asked for pods";
}

static int say_not_found(const struct focus *focus, const struct facts *facts)
{
	const char *why = why_unknown(focus, facts);
	const char *other = other_namespace(facts, focus->name);
	struct error error;

	if (why) {
		fail(&error, ERROR_SYSTEM, "cannot look for pod %s/%s: %s",
		     focus->namespace, focus->name, why);
		report_error(&error);
		return 5;
	}
	if (other)
		fail(&error, ERROR_USAGE,
		     "pods \"%s\" not found in namespace %s: did you mean %s/%s?",
		     focus->name, focus->namespace, other, focus->name);
	else
		fail(&error, ERROR_USAGE,
		     "pods \"%s\" not found in namespace %s, and no event of it",
		     focus->name, focus->namespace);
	return report_error(&error);
}

int run_pod(const struct options *options, struct arena *arena)
{
	struct focus focus = { 0 };
	struct pod_story story;
	const struct document document = { &story, render_pod };
	struct report report;
	struct error error;

	if (!read_name(options, arena, &focus, &error) ||
	    !judge_all(options, arena, &focus, &report, &error))
		return report_error(&error);
	if (!focus.namespace)
		focus.namespace = "default";
	if (!pod_story_tell(&story, &focus, &report))
		return say_not_found(&focus, report.facts);
	report.exit_status =
		report_exit_status(&report, options->fail_on, options->allow_unknown);
	if (!write_document(&document, options, &error))
		return report_error(&error);
	return report.exit_status;
}
