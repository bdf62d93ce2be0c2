// SPDX-License-Identifier: Apache-2.0
/*
 * A check judges facts.  It does no I/O, owns no memory and cannot fail.
 *
 * What it judges is C (checks/NAME.c); what it says is words (checks/NAME.yaml), which
 * tools compile into the tables declared here: a check includes "NAME.words.h" and names
 * its guides as &WD2103.  docs/adding-a-check.md shows how.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct facts;
struct report;

enum language {
	LANGUAGE_EN,
	LANGUAGE_ZH,
	LANGUAGE_COUNT,
};

/* One sentence or more, in each language.  {pod} and the like are filled in later. */
struct words {
	const char *in[LANGUAGE_COUNT];
};

enum severity {
	SEVERITY_INFO, /* a pass with a remark */
	SEVERITY_WARN,
	SEVERITY_FAIL,
	SEVERITY_COUNT,
};

/* One way to mend it: what to do, and the commands to type as they stand. */
struct fix {
	struct words text;
	const char *const *commands; /* ends with NULL */
};

/* What the troubleshooting guide says of it, and whether that holds. */
struct claim {
	const char *says; /* its own words or command */
	bool holds;
	struct words instead; /* why not, and what is so */
	const char *source; /* where that is known from */
};

/* A finding is the echo of another, of that code, when these values of both are equal. */
struct echo_rule {
	const char *code;
	const char *const *same; /* names of values, as "node"; ends with NULL */
};

/* One way in which things go wrong: constant.  What varies goes into the finding. */
struct guide {
	const char *code; /* WD2103 */
	const char *section; /* of the troubleshooting guide: 11.2.1 */
	enum severity severity;
	struct words title; /* a few words, for lists */
	struct words symptom; /* what the user sees */
	struct words cause; /* why it happens */
	const struct fix *fixes;
	size_t fix_count;
	const char *const *verify; /* commands; ends with NULL */
	const struct claim *claims;
	size_t claim_count;
	const struct echo_rule
		*because; /* the roots it may be an echo of, nearest first */
	size_t because_count;
	const char *const
		*match; /* in logs and events this text means it; ends with NULL */
};

/* All that NAME.yaml says. */
struct check_words {
	const char *name; /* as typed on the command line */
	struct words title;
	const char *const *sections; /* ends with NULL */
	const struct guide *const *guides; /* all it can report; ends with NULL */
};

/* A bit of needs and host_needs. */
#define NEED(fact) (UINT64_C(1) << (fact))

/* Whose objects a check has to see before it can judge any; the widest first. */
enum reach {
	REACH_CLUSTER, /* all there are: it is about the cluster as a whole */
	REACH_NODE, /* a node's and its pods': what else there is it judges as well */
	REACH_HOST, /* those of the node we run on: it has nothing to say of others */
};

struct check {
	const struct check_words *words;
	uint64_t needs; /* facts of the cluster: NEED(FACT_PODS) | ... */
	uint64_t host_needs; /* facts of a host: NEED(HOST_LINKS) | ... */
	void (*run)(const struct facts *facts, struct report *report);
	enum reach reach;
};

/* Every check, in the order shown; ends with NULL. */
extern const struct check *const all_checks[];

/*
 * Does line say what this guide is about?  True when it holds one of the guide's `match`
 * texts; a match text "a*b" wants a, then b somewhere behind it.
 */
bool guide_matches(const struct guide *guide, const char *line)
	__attribute__((nonnull(1)));
