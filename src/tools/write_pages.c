// SPDX-License-Identifier: Apache-2.0
/*
 * write_pages DIRECTORY: the reference pages of docs/codes, one for each code, an index,
 * and what the guide says section by section.  They come from the words that are compiled
 * into wasmdiag; a test compares them with what is committed.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#include "cleanup.h"
#include "report.h"

#define NOTE                                                                             \
	"<!-- Made from checks/*.yaml: run build/write_pages docs/codes, do not edit. "  \
	"-->\n\n"

struct captions {
	const char *symptom, *cause, *fix, *verify, *guide, *holds, *fails, *source;
};

static const struct captions captions[LANGUAGE_COUNT] = {
	[LANGUAGE_EN] = { "Symptom", "Cause", "Fix", "Verify", "What the guide says",
			  "holds", "does not hold", "Source" },
	[LANGUAGE_ZH] = { "现象", "根因", "修复", "验证", "指南的说法", "成立", "不成立",
			  "出处" },
};

static FILE *open_page(const char *directory, const char *name)
{
	char path[4096];
	FILE *page;

	snprintf(path, sizeof(path), "%s/%s.md", directory, name);
	page = fopen(path, "we");
	if (page)
		return page;
	fprintf(stderr, "write_pages: %s: %s\n", path, strerror(errno));
	exit(1);
}

/* Prose of the words as Markdown: they quote code in backticks, all else is plain. */
static void write_prose(FILE *page, const char *text)
{
	bool code = false;

	for (; *text; text++) {
		if (*text == '`')
			code = !code;
		else if (!code && strchr("*_<>[]|\\#", *text))
			fputc('\\', page);
		fputc(*text == '\n' ? ' ' : *text, page);
	}
}

static void write_code(FILE *page, const char *const *commands)
{
	if (!commands || !*commands)
		return;
	fputs("\n```sh\n", page);
	for (; *commands; commands++)
		fprintf(page, "%s%s", *commands, text_ends(*commands, "\n") ? "" : "\n");
	fputs("```\n", page);
}

/* What the guide says may be a command, several lines, prose: quoted as it stands. */
static void write_quote(FILE *page, const char *text)
{
	fputs("> ", page);
	for (; *text; text++) {
		if (*text == '\n' && text[1])
			fputs("\\\n> ", page);
		else if (*text != '\n') {
			if (strchr("*_<>[]|\\#`", *text))
				fputc('\\', page);
			fputc(*text, page);
		}
	}
	fputs("\n\n", page);
}

static void write_claim(FILE *page, const struct claim *claim, enum language language)
{
	const struct captions *say = &captions[language];

	write_quote(page, claim->says);
	fprintf(page, "**%s.** ", claim->holds ? say->holds : say->fails);
	write_prose(page, text_or_empty(claim->instead.in[language]));
	fprintf(page, " (%s: ", say->source);
	write_prose(page, text_or_empty(claim->source));
	fputs(")\n\n", page);
}

static void write_fixes(FILE *page, const struct guide *guide, enum language language)
{
	if (guide->fix_count)
		fprintf(page, "\n### %s\n", captions[language].fix);
	for (size_t i = 0; i < guide->fix_count; i++) {
		fputc('\n', page);
		write_prose(page, text_or_empty(guide->fixes[i].text.in[language]));
		fputc('\n', page);
		write_code(page, guide->fixes[i].commands);
	}
	if (guide->verify && *guide->verify) {
		fprintf(page, "\n### %s\n", captions[language].verify);
		write_code(page, guide->verify);
	}
}

static void write_guide(FILE *page, const struct guide *guide, enum language language)
{
	const struct captions *say = &captions[language];

	fputs("\n## ", page);
	write_prose(page, text_or_empty(guide->title.in[language]));
	fprintf(page, "\n\n**%s.** ", say->symptom);
	write_prose(page, text_or_empty(guide->symptom.in[language]));
	fprintf(page, "\n\n**%s.** ", say->cause);
	write_prose(page, text_or_empty(guide->cause.in[language]));
	fputc('\n', page);
	write_fixes(page, guide, language);
	if (!guide->claim_count)
		return;
	fprintf(page, "\n### %s\n\n", say->guide);
	for (size_t i = 0; i < guide->claim_count; i++)
		write_claim(page, &guide->claims[i], language);
}

static void write_page(const char *directory, const struct check *check,
		       const struct guide *guide)
{
	_cleanup_file_ FILE *page = open_page(directory, guide->code);

	fputs(NOTE, page);
	fprintf(page, "# %s\n\nCheck `%s`, section %s of the guide, severity %s.\n",
		guide->code, check->words->name, guide->section,
		severity_names[guide->severity]);
	for (size_t i = 0; i < guide->because_count; i++)
		fprintf(page, "%s[%s](%s.md)%s", i ? ", " : "May follow from ",
			guide->because[i].code, guide->because[i].code,
			i + 1 < guide->because_count ? "" : ".\n");
	for (enum language language = 0; language < LANGUAGE_COUNT; language++)
		write_guide(page, guide, language);
}

static void write_index(const char *directory)
{
	_cleanup_file_ FILE *page = open_page(directory, "README");

	fputs(NOTE "# Finding codes\n\n`wasmdiag explain CODE` prints the same. What the "
		   "guide says and what is so, section by section: [guide](guide.md).\n",
	      page);
	for (size_t i = 0; all_checks[i]; i++) {
		const struct check_words *words = all_checks[i]->words;

		fprintf(page, "\n## `%s`: ", words->name);
		write_prose(page, text_or_empty(words->title.in[LANGUAGE_EN]));
		fputs("\n\n| code | guide | severity | |\n|---|---|---|---|\n", page);
		for (const struct guide *const *at = words->guides; *at; at++) {
			fprintf(page, "| [%s](%s.md) | %s | %s | ", (*at)->code,
				(*at)->code, (*at)->section,
				severity_names[(*at)->severity]);
			write_prose(page, text_or_empty((*at)->title.in[LANGUAGE_EN]));
			fputs(" |\n", page);
		}
	}
}

static void write_section_claims(FILE *page, const struct guide *guide)
{
	for (size_t i = 0; i < guide->claim_count; i++) {
		fprintf(page, "[%s](%s.md)\n\n", guide->code, guide->code);
		write_claim(page, &guide->claims[i], LANGUAGE_EN);
	}
}

/* Sections are those of checks, in the registry's order; each claim stands once. */
static void write_guide_page(const char *directory)
{
	static const char *const sections[] = { "11.2.1", "11.2.2", "11.2.3", "11.2.4",
						"11.3.1", "11.3.2", "11.3.3", "11.3.4",
						"11.4.1", "11.4.2", "11.4.3", "11.5.1",
						"11.5.2", "11.6.1", "11.6.2", "11.7" };
	_cleanup_file_ FILE *page = open_page(directory, "guide");

	fputs(NOTE "# What the guide says, and what is so\n", page);
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++) {
		fprintf(page, "\n## %s\n\n", sections[i]);
		for (size_t j = 0; all_checks[j]; j++) {
			const struct guide *const *at = all_checks[j]->words->guides;

			for (; *at; at++)
				if (text_equal((*at)->section, sections[i]))
					write_section_claims(page, *at);
		}
	}
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("usage: write_pages DIRECTORY\n", stderr);
		return 2;
	}
	for (size_t i = 0; all_checks[i]; i++) {
		const struct guide *const *guide = all_checks[i]->words->guides;

		for (; *guide; guide++)
			write_page(argv[1], all_checks[i], *guide);
	}
	write_index(argv[1]);
	write_guide_page(argv[1]);
	return 0;
}
