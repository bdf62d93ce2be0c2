// SPDX-License-Identifier: Apache-2.0
/* Why a check could not see something, or does not apply. */
#include "report.h"

#include <wasmdiag/text.h>

static bool same_reason(const struct reason *reason, const struct words *words,
			const char *detail)
{
	return text_equal(reason->words.in[LANGUAGE_EN], words->in[LANGUAGE_EN]) &&
	       text_equal(reason->detail, detail);
}

void report_reason(struct report *report, struct words words, const char *detail)
{
	struct check_result *result = report->current;

	for (size_t i = 0; i < result->reason_count; i++)
		if (same_reason(&result->reasons[i], &words, detail))
			return;
	result->reasons = arena_grow(report->arena, result->reasons, result->reason_count,
				     sizeof(*result->reasons));
	result->reasons[result->reason_count++] =
		(struct reason){ words, arena_string(report->arena, detail) };
}

/* What to say of a fact that is not known. */
static struct words missing_words(struct report *report, const char *fact,
				  enum fact_state state)
{
	struct arena *arena = report->arena;

	switch (state) {
	case FACT_DENIED:
		return (struct words){ {
			arena_format(arena, "needs %s and may not read them", fact),
			arena_format(arena, "需要 %s，但无权读取", fact),
		} };
	case FACT_FAILED:
		return (struct words){ {
			arena_format(arena, "needs %s and could not learn them", fact),
			arena_format(arena, "需要 %s，但未能获取", fact),
		} };
	default:
		return (struct words){ {
			arena_format(arena, "%s: not looked for", fact),
			arena_format(arena, "%s：未查询", fact),
		} };
	}
}

/* What was left out may be what a check would have spoken of. */
static void note_cut(struct report *report, const struct source *source, const char *fact)
{
	report->current->incomplete = true;
	report_reason(report,
		      (struct words){ {
			      arena_format(report->arena, "did not look at all %s", fact),
			      arena_format(report->arena, "未能查看全部 %s", fact),
		      } },
		      source->reason);
}

static bool knows(struct report *report, const struct source *source, const char *fact)
{
	if (source->state == FACT_KNOWN || source->state == FACT_ABSENT) {
		report->current->knew = true;
		if (source->state == FACT_KNOWN && source->reason)
			note_cut(report, source, fact);
		return true;
	}
	if (source->state != FACT_NOT_SOUGHT)
		report->current->incomplete = true;
	report_reason(report, missing_words(report, fact, source->state), source->reason);
	return false;
}

bool report_knows(struct report *report, enum fact fact)
{
	return knows(report, &report->facts->source[fact], fact_names[fact]);
}

bool report_knows_host(struct report *report, const struct host *host,
		       enum host_fact fact)
{
	return knows(report, &host->source[fact], host_fact_names[fact]);
}

void report_skip(struct report *report, const struct words *reason)
{
	report_reason(report, *reason, NULL);
	report->current->verdict = VERDICT_SKIP;
}

void report_unknown(struct report *report, const struct words *reason, const char *detail)
{
	report_reason(report, *reason, detail);
	report->current->incomplete = true;
}
