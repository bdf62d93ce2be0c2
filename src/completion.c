// SPDX-License-Identifier: Apache-2.0
#include "completion.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#include "commands.h"
#include "run.h"

/* ---- words, separated by spaces ---- */

static const char *with(struct arena *arena, const char *words, const char *word)
{
	return arena_format(arena, "%s%s%s", words, *words ? " " : "", word);
}

static const char *command_words(struct arena *arena)
{
	const char *words = "";

	for (size_t i = 0; i < command_count; i++)
		if (commands[i].run)
			words = with(arena, words, commands[i].name);
	return words;
}

static const char *check_words(struct arena *arena)
{
	const char *words = "";

	for (size_t i = 0; all_checks[i]; i++)
		words = with(arena, words, all_checks[i]->words->name);
	for (size_t i = 0; all_checks[i]; i++)
		for (const struct guide *const *guide = all_checks[i]->words->guides;
		     *guide; guide++)
			words = with(arena, words, (*guide)->code);
	return words;
}

static bool is_first(const char *section, size_t check, size_t number)
{
	for (size_t i = 0; i <= check; i++)
		for (size_t j = 0; all_checks[i]->words->sections[j]; j++) {
			if (i == check && j == number)
				return true;
			if (text_equal(all_checks[i]->words->sections[j], section))
				return false;
		}
	return true;
}

/* Of the guide, each once. */
static const char *section_words(struct arena *arena)
{
	const char *words = "";

	for (size_t i = 0; all_checks[i]; i++) {
		const char *const *sections = all_checks[i]->words->sections;

		for (size_t j = 0; sections[j]; j++)
			if (is_first(sections[j], i, j))
				words = with(arena, words, sections[j]);
	}
	return words;
}

/* ---- what an option may be ---- */

static bool takes_file(const struct option_help *option)
{
	return text_equal(option->argument, "FILE") ||
	       text_equal(option->argument, "DIR");
}

/* The words to choose from; NULL when they are not known. */
static const char *option_values(const struct option_help *option, struct arena *arena)
{
	const char *words = "";

	for (size_t i = 0; option->choices && option->choices[i]; i++)
		words = with(arena, words, option->choices[i]);
	if (text_equal(option->name, "output"))
		for (size_t i = 0; all_renderers[i]; i++)
			words = with(arena, words, all_renderers[i]->name);
	if (text_equal(option->argument, "CHECK|CODE"))
		words = check_words(arena);
	return *words ? words : NULL;
}

/* "--name|-l". */
static const char *option_spellings(const struct option_help *option, struct arena *arena)
{
	if (!option->letter)
		return arena_format(arena, "--%s", option->name);
	return arena_format(arena, "--%s|-%c", option->name, option->letter);
}

/* ---- bash ---- */

static void bash_values(struct arena *arena)
{
	struct option_help option;

	for (size_t i = 0; option_describe(i, &option); i++) {
		const char *values;

		if (!option.argument)
			continue;
		values = option_values(&option, arena);
		printf("\t%s) ", option_spellings(&option, arena));
		if (values)
			printf("_wasmdiag_words '%s' ;;\n", values);
		else if (takes_file(&option))
			printf("_wasmdiag_files ;;\n");
		else
			printf(": ;;\n");
	}
}

/* What is offered for a word that is neither an option nor its value. */
static void bash_arguments(struct arena *arena)
{
	const char *checks = check_words(arena);

	printf("\tcase $command in\n"
	       "\t'') _wasmdiag_words '%s %s' ;;\n"
	       "\tmodule|match|diff|redact) _wasmdiag_files ;;\n"
	       "\tcompletion) _wasmdiag_words 'bash zsh fish' ;;\n"
	       "\tlist) _wasmdiag_words thresholds ;;\n"
	       "\texplain) _wasmdiag_words '%s %s' ;;\n"
	       "\tpod|collect|all) ;;\n"
	       "\t*) _wasmdiag_words '%s' ;;\n"
	       "\tesac\n"
	       "}\n"
	       "complete -F _wasmdiag wasmdiag\n",
	       command_words(arena), checks, checks, section_words(arena), checks);
}

static const char bash_head[] =
	"# bash completion of wasmdiag, made by `wasmdiag completion bash`\n"
	"_wasmdiag_words() { mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$current\"); }\n"
	"_wasmdiag_files() {\n"
	"\tcompopt -o filenames 2>/dev/null\n"
	"\tmapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
	"}\n"
	"_wasmdiag_value() { # of the option $1; false: it takes none\n"
	"\tcase $1 in\n";

/* --option=value comes as three words. */
static const char bash_start[] =
	"\t*) return 1 ;;\n"
	"\tesac\n"
	"}\n"
	"_wasmdiag() {\n"
	"\tlocal current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
	"\tlocal command='' i\n"
	"\tCOMPREPLY=()\n"
	"\tif [ \"$current\" = = ]; then\n"
	"\t\tcurrent=''\n"
	"\telif [ \"$previous\" = = ] && ((COMP_CWORD > 1)); then\n"
	"\t\tprevious=${COMP_WORDS[COMP_CWORD - 2]}\n"
	"\tfi\n"
	"\t_wasmdiag_value \"$previous\" && return\n";

/* The options; and those that are followed by a value, as a pattern. */
static void bash_options(struct arena *arena)
{
	const char *flags = "", *valued = "";
	struct option_help option;

	for (size_t i = 0; option_describe(i, &option); i++) {
		flags = with(arena, flags, arena_format(arena, "--%s", option.name));
		if (option.letter)
			flags = with(arena, flags,
				     arena_format(arena, "-%c", option.letter));
		if (option.argument)
			valued = arena_format(arena, "%s%s%s", valued, *valued ? "|" : "",
					      option_spellings(&option, arena));
	}
	printf("\tif [[ $current == -* ]]; then\n"
	       "\t\t_wasmdiag_words '%s'\n"
	       "\t\treturn\n"
	       "\tfi\n"
	       "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	       "\t\tcase ${COMP_WORDS[i]} in\n"
	       "\t\t%s)\n"
	       "\t\t\tif [ \"${COMP_WORDS[i + 1]}\" = = ]; then ((i += 2)); else ((i++)); fi ;;\n"
	       "\t\t-*) ;;\n"
	       "\t\t*) command=${COMP_WORDS[i]}; break ;;\n"
	       "\t\tesac\n"
	       "\tdone\n",
	       flags, valued);
}

static void print_bash(struct arena *arena)
{
	fputs(bash_head, stdout);
	bash_values(arena);
	fputs(bash_start, stdout);
	bash_options(arena);
	bash_arguments(arena);
}

/* ---- zsh ---- */

/* Inside '...[HERE]...': what _arguments and the quotes take for themselves. */
static void print_zsh_text(const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\''", stdout);
		else if (strchr("[]:\\", *text))
			printf("\\%c", *text);
		else
			putchar(*text);
	}
}

static void zsh_option(const struct option_help *option, struct arena *arena)
{
	const char *values = option_values(option, arena);

	printf("\t\t");
	if (option->letter)
		printf("'(-%c --%s)'{-%c,--%s%s}'[", option->letter, option->name,
		       option->letter, option->name, option->argument ? "=" : "");
	else
		printf("'*--%s%s[", option->name, option->argument ? "=" : "");
	print_zsh_text(option->help);
	putchar(']');
	if (option->argument) {
		putchar(':');
		print_zsh_text(option->argument);
		putchar(':');
		if (values)
			printf("(%s)", values);
		else if (takes_file(option))
			printf("_files");
	}
	printf("' \\\n");
}

static void print_zsh(struct arena *arena)
{
	struct option_help option;

	fputs("#compdef wasmdiag\n"
	      "# zsh completion of wasmdiag, made by `wasmdiag completion zsh`\n"
	      "_wasmdiag() {\n"
	      "\tlocal state\n"
	      "\tlocal -a commands\n"
	      "\tcommands=(\n",
	      stdout);
	for (size_t i = 0; i < command_count; i++) {
		if (!commands[i].run)
			continue;
		printf("\t\t'%s:", commands[i].name);
		print_zsh_text(commands[i].help);
		printf("'\n");
	}
	fputs("\t)\n\t_arguments -S \\\n", stdout);
	for (size_t i = 0; option_describe(i, &option); i++)
		zsh_option(&option, arena);
	printf("\t\t'1: :->command' '*: :->arguments'\n"
	       "\tcase $state in\n"
	       "\tcommand)\n"
	       "\t\t_describe command commands\n"
	       "\t\tcompadd %s ;;\n"
	       "\targuments)\n"
	       "\t\tcase ${(M)words:#(module|match|diff|redact|completion|explain|list|pod|collect)} in\n"
	       "\t\tmodule*|match*|diff*|redact*) _files ;;\n"
	       "\t\tcompletion*) compadd bash zsh fish ;;\n"
	       "\t\tlist*) compadd thresholds ;;\n"
	       "\t\texplain*) compadd %s %s ;;\n"
	       "\t\tpod*|collect*) ;;\n"
	       "\t\t*) compadd %s ;;\n"
	       "\t\tesac ;;\n"
	       "\tesac\n"
	       "}\n"
	       "if [ \"$funcstack[1]\" = _wasmdiag ]; then _wasmdiag \"$@\"; else compdef _wasmdiag wasmdiag; fi\n",
	       check_words(arena), check_words(arena), section_words(arena),
	       check_words(arena));
}

/* ---- fish ---- */

/* Inside '...'. */
static void print_fish_text(const char *text)
{
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			putchar('\\');
		putchar(*text);
	}
}

static void fish_option(const struct option_help *option, struct arena *arena)
{
	const char *values = option_values(option, arena);

	printf("complete -c wasmdiag -l %s", option->name);
	if (option->letter)
		printf(" -s %c", option->letter);
	if (values)
		printf(" -x -a '%s'", values);
	else if (takes_file(option))
		printf(" -r -F");
	else if (option->argument)
		printf(" -x");
	printf(" -d '");
	print_fish_text(option->help);
	printf("'\n");
}

static void print_fish(struct arena *arena)
{
	struct option_help option;

	fputs("# fish completion of wasmdiag, made by `wasmdiag completion fish`\n"
	      "complete -c wasmdiag -f\n",
	      stdout);
	for (size_t i = 0; i < command_count; i++) {
		if (!commands[i].run)
			continue;
		printf("complete -c wasmdiag -n __fish_use_subcommand -a %s -d '",
		       commands[i].name);
		print_fish_text(commands[i].help);
		printf("'\n");
	}
	printf("complete -c wasmdiag -n 'not __fish_seen_subcommand_from module match diff redact "
	       "completion list pod collect' -a '%s'\n"
	       "complete -c wasmdiag -n '__fish_seen_subcommand_from explain' -a '%s'\n"
	       "complete -c wasmdiag -n '__fish_seen_subcommand_from module match diff redact' -F\n"
	       "complete -c wasmdiag -n '__fish_seen_subcommand_from list' -a thresholds\n"
	       "complete -c wasmdiag -n '__fish_seen_subcommand_from completion' -a 'bash zsh "
	       "fish'\n",
	       check_words(arena), section_words(arena));
	for (size_t i = 0; option_describe(i, &option); i++)
		fish_option(&option, arena);
}

int run_completion(const struct options *options, struct arena *arena)
{
	static const struct {
		const char *name;
		void (*print)(struct arena *arena);
	} shells[] = { { "bash", print_bash },
		       { "zsh", print_zsh },
		       { "fish", print_fish } };
	const char *name = options->argument_count == 2 ? options->arguments[1] : NULL;
	struct error error;

	for (size_t i = 0; i < ARRAY_SIZE(shells); i++) {
		if (!text_equal(shells[i].name, name))
			continue;
		shells[i].print(arena);
		return 0;
	}
	fail(&error, ERROR_USAGE, "completion wants a shell: bash, zsh or fish");
	return report_error(&error);
}
