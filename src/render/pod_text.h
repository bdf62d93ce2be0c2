// SPDX-License-Identifier: Apache-2.0
/* What the files that write the story of a pod for people share. */
#pragma once

#include "pod.h"

#include "print.h"

#define POD_INDENT 3

struct pod_text {
	struct printer printer;
	const struct render_options *options;
	struct arena *arena;
	const struct pod_story *story;
};

/* A macro, so that formats stay literals, which compilers can check. */
#define PICK(context, english, chinese)                                                  \
	((context)->options->language == LANGUAGE_ZH ? (chinese) : (english))

/* "35s", "4m12s", "3h", "2d", as kubectl has it; pod_age() is the time since then, "?"
 * when that is not known. */
const char *pod_duration(const struct pod_text *context, int64_t seconds);
const char *pod_age(const struct pod_text *context, int64_t then);

/* "64 MiB", "250m"; "?" for UNSET. */
const char *pod_bytes(const struct pod_text *context, int64_t value);
const char *pod_cores(const struct pod_text *context, int64_t milli);

/* "1  State". */
void pod_heading(const struct pod_text *context, int number, const char *english,
		 const char *chinese);

/* An indented paragraph; in a colour it is not wrapped. */
void pod_line(const struct pod_text *context, enum color color, const char *text);

/* Why a fact is not known. */
void pod_missing(const struct pod_text *context, const struct source *source);

void pod_say_node(const struct pod_text *context);
void pod_say_components(const struct pod_text *context);
