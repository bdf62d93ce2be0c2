// SPDX-License-Identifier: Apache-2.0
#include "render.h"

#include <wasmdiag/text.h>

const struct renderer *const all_renderers[] = {
	&render_text, &render_short, &render_json, &render_markdown, NULL,
};

const struct renderer *find_renderer(const char *name)
{
	for (size_t i = 0; all_renderers[i]; i++)
		if (text_equal(all_renderers[i]->name, name))
			return all_renderers[i];
	return NULL;
}

const char *say(const struct render_options *options, const struct words *words)
{
	return text_or_empty(words->in[options->language]);
}

const char *subject_text(struct arena *arena, const struct subject *subject)
{
	return arena_format(arena, "%s %s%s%s", subject->kind,
			    text_or_empty(subject->namespace),
			    subject->namespace ? "/" : "", subject->name);
}

const char *reason_text(struct arena *arena, const struct render_options *options,
			const struct reason *reason)
{
	const char *words = say(options, &reason->words);

	if (!reason->detail)
		return words;
	return arena_format(arena, options->language == LANGUAGE_ZH ? "%s：%s" : "%s: %s",
			    words, reason->detail);
}
