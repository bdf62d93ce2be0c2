// SPDX-License-Identifier: Apache-2.0
#include "options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include <wasmdiag/text.h>

#include "collect/cluster.h"

enum option_kind {
	OPTION_FLAG, /* bool */
	OPTION_TEXT, /* const char * */
	OPTION_LIST, /* struct string_list; repeatable, commas separate */
	OPTION_REPEATED, /* struct string_list; repeatable, taken whole */
	OPTION_DURATION, /* int64_t, milliseconds */
	OPTION_CHOICE, /* unsigned: which of the words */
};

struct option_row {
	const char *name;
	char letter;
	const char *argument;
	enum option_kind kind;
	size_t offset;
	const char *const *choices;
	const char *help; /* NULL: a heading, in name */
};

static const char *const fail_on_words[] = { "fail", "warn", "unknown", "never", NULL };
static const char *const color_words[] = { "auto", "always", "never", NULL };
static const char *const scope_words[] = { "auto", "cluster", "node", NULL };
static const char *const language_words[] = { "en", "zh", NULL };

#define AT(member) offsetof(struct options, member)

/* clang-format off */
static const struct option_row rows[] = {
	{ .name = "The API server, as with kubectl" },
	{ "kubeconfig", 0, "FILE", OPTION_TEXT, AT(kube.kubeconfig), NULL, "instead of $KUBECONFIG, ~/.kube/config, K3s's, in-cluster" },
	{ "context", 0, "NAME", OPTION_TEXT, AT(kube.context), NULL, "the kubeconfig context" },
	{ "cluster", 0, "NAME", OPTION_TEXT, AT(kube.cluster), NULL, "the kubeconfig cluster" },
	{ "user", 0, "NAME", OPTION_TEXT, AT(kube.user), NULL, "the kubeconfig user" },
	{ "server", 's', "URL", OPTION_TEXT, AT(kube.server), NULL, "its address" },
	{ "token", 0, "TOKEN", OPTION_TEXT, AT(kube.token), NULL, "a bearer token" },
	{ "as", 0, "USER", OPTION_TEXT, AT(kube.as), NULL, "ask in this user's name" },
	{ "as-group", 0, "GROUP", OPTION_REPEATED, AT(kube.as_groups), NULL, "and as a member of this group; repeatable" },
	{ "request-timeout", 0, "TIME", OPTION_DURATION, AT(kube.request_timeout_ms), NULL, "for each request (default 10s)" },
	{ "insecure-skip-tls-verify", 0, NULL, OPTION_FLAG, AT(kube.insecure_skip_tls_verify), NULL, "do not verify its certificate" },
	{ "certificate-authority", 0, "FILE", OPTION_TEXT, AT(kube.certificate_authority), NULL, "the CA to verify it with" },
	{ "client-certificate", 0, "FILE", OPTION_TEXT, AT(kube.client_certificate), NULL, "the certificate to show" },
	{ "client-key", 0, "FILE", OPTION_TEXT, AT(kube.client_key), NULL, "and its key" },
	{ "tls-server-name", 0, "NAME", OPTION_TEXT, AT(kube.tls_server_name), NULL, "the name its certificate must have" },

	{ .name = "What to look at" },
	{ "namespace", 'n', "NAME", OPTION_TEXT, AT(kube.namespace), NULL, "pod: where it is (default: the context's)" },
	{ "node", 0, "NAME", OPTION_TEXT, AT(node), NULL, "the Node object that this machine is" },
	{ "root", 0, "DIR", OPTION_TEXT, AT(root), NULL, "the host's root file system, when run in a container" },
	{ "scope", 0, "WHAT", OPTION_CHOICE, AT(scope), scope_words, "ask about the whole cluster, or the node this is; auto (default): the node if the cluster is large" },
	{ "no-host", 0, NULL, OPTION_FLAG, AT(no_host), NULL, "do not look at this machine" },
	{ "no-api", 0, NULL, OPTION_FLAG, AT(no_api), NULL, "do not ask the API server" },
	{ "facts", 0, "FILE", OPTION_REPEATED, AT(facts), NULL, "judge a snapshot instead (see collect); repeatable" },
	{ "skip", 0, "CHECK|CODE", OPTION_LIST, AT(skip), NULL, "leave these out; repeatable, or separated by commas" },
	{ "config", 0, "FILE", OPTION_TEXT, AT(config), NULL, "thresholds, severities and suppressions, in YAML" },
	{ "threshold", 0, "NAME=VALUE", OPTION_REPEATED, AT(thresholds), NULL, "judge by this value; repeatable, see wasmdiag list thresholds" },
	{ "timeout", 0, "TIME", OPTION_DURATION, AT(timeout_ms), NULL, "give up what is not known by then (default 60s)" },

	{ .name = "What to say" },
	{ "output", 'o', "FORMAT[=FILE]", OPTION_REPEATED, AT(output_words), NULL, "text (default), short, json or markdown; repeatable" },
	{ "output-file", 'O', "FILE", OPTION_TEXT, AT(output_file), NULL, "write a snapshot of the facts here, in gzip when it ends in .gz" },
	{ "fail-on", 0, "WHAT", OPTION_CHOICE, AT(fail_on), fail_on_words, "exit non-zero from this on: fail (default), warn, unknown, never" },
	{ "allow-unknown", 0, NULL, OPTION_FLAG, AT(allow_unknown), NULL, "exit 0 although something could not be checked" },
	{ "lang", 0, "en|zh", OPTION_CHOICE, AT(language), language_words, "the language (default: from LC_ALL, LC_MESSAGES, LANG)" },
	{ "color", 0, "WHEN", OPTION_CHOICE, AT(color), color_words, "auto (default), always or never" },
	{ "quiet", 'q', NULL, OPTION_FLAG, AT(quiet), NULL, "only what is wrong" },
	{ "verbose", 'v', NULL, OPTION_FLAG, AT(verbose), NULL, "more: every object affected; requests and times on stderr" },
	{ "help", 'h', NULL, OPTION_FLAG, AT(help), NULL, "this" },
	{ "version", 0, NULL, OPTION_FLAG, AT(version), NULL, "the version" },
};
/* clang-format on */

static const struct option_row *find_letter(int letter)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].letter && rows[i].letter == letter)
			return &rows[i];
	return NULL;
}

/* A number and its unit; moves *text past them, -1 when there is none. */
static int64_t duration_part(const char **text)
{
	static const struct {
		const char *unit;
		double ms;
	} units[] = { { "ms", 1 }, { "h", 3600000 }, { "m", 60000 }, { "s", 1000 } };
	char *end;
	double number;

	if (!strchr("0123456789.", **text))
		return -1;
	number = strtod(*text, &end);
	if (end == *text || number < 0 || number > 1e9)
		return -1;
	*text = end;
	if (!*end)
		return (int64_t)(number * 1000);
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (text_starts(end, units[i].unit)) {
			*text = end + strlen(units[i].unit);
			return (int64_t)(number * units[i].ms);
		}
	}
	return -1;
}

int64_t parse_duration_ms(const char *text)
{
	int64_t total = 0;

	if (!*text)
		return -1;
	while (*text) {
		int64_t part = duration_part(&text);

		if (part < 0)
			return -1;
		total += part;
		if (total > (int64_t)24 * 3600 * 1000)
			return -1;
	}
	return total;
}

static void add_word(struct string_list *list, struct arena *arena, const char *word)
{
	list->items = arena_grow(arena, list->items, list->count, sizeof(*list->items));
	list->items[list->count++] = word;
}

static void add_words(struct string_list *list, struct arena *arena, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, ",");

		if (length)
			add_word(list, arena, arena_copy(arena, text, length));
		text += length + (text[length] == ',');
	}
}

static const char *joined_choices(struct arena *arena, const char *const *choices)
{
	const char *text = *choices;

	while (*++choices)
		text = arena_format(arena, "%s%s%s", text, choices[1] ? ", " : " or ",
				    *choices);
	return text;
}

static bool set_choice(const struct option_row *row, unsigned *choice, const char *value,
		       struct arena *arena, struct error *error)
{
	for (unsigned i = 0; row->choices[i]; i++) {
		if (text_equal(row->choices[i], value)) {
			*choice = i;
			return true;
		}
	}
	return fail(error, ERROR_USAGE, "--%s %s: should be %s", row->name, value,
		    joined_choices(arena, row->choices));
}

static bool set_option(const struct option_row *row, struct options *options,
		       const char *value, struct arena *arena, struct error *error)
{
	void *at = (char *)options + row->offset;

	switch (row->kind) {
	case OPTION_FLAG:
		if (value && !text_equal(value, "true") && !text_equal(value, "false"))
			return fail(error, ERROR_USAGE,
				    "--%s takes true, false or nothing", row->name);
		*(bool *)at = !text_equal(value, "false");
		return true;
	case OPTION_TEXT:
		*(const char **)at = value;
		return true;
	case OPTION_LIST:
		add_words(at, arena, value);
		return true;
	case OPTION_REPEATED:
		add_word(at, arena, value);
		return true;
	case OPTION_DURATION:
		*(int64_t *)at = parse_duration_ms(value);
		if (*(int64_t *)at < 0)
			return fail(error, ERROR_USAGE,
				    "--%s %s: should be a time such as 30s or 5m",
				    row->name, value);
		return true;
	case OPTION_CHOICE:
		if (row->offset == AT(language))
			options->language_set = true;
		return set_choice(row, at, value, arena, error);
	}
	return true;
}

/* The long options and the letters, as getopt_long() wants them. */
static void build_tables(struct option longs[ARRAY_SIZE(rows) + 1],
			 char letters[2 * ARRAY_SIZE(rows) + 2])
{
	size_t count = 0;
	char *letter = letters;

	*letter++ = ':';
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!rows[i].help)
			continue;
		longs[count++] = (struct option){
			.name = rows[i].name,
			.has_arg =
				rows[i].argument ? required_argument : optional_argument,
			.val = (int)(256 + i),
		};
		if (!rows[i].letter)
			continue;
		*letter++ = rows[i].letter;
		if (rows[i].argument)
			*letter++ = ':';
	}
	longs[count] = (struct option){ 0 };
	*letter = '\0';
}

static bool read_outputs(struct options *options, struct arena *arena,
			 struct error *error)
{
	const struct string_list *words = &options->output_words;

	if (words->count == 0)
		add_word(&options->output_words, arena, "text");
	options->outputs = arena_array(arena, words->count, sizeof(*options->outputs));
	for (size_t i = 0; i < words->count; i++) {
		const char *equals = strchr(words->items[i], '=');
		struct output *output = &options->outputs[options->output_count++];

		output->format = words->items[i];
		if (equals) {
			output->format = arena_copy(arena, words->items[i],
						    (size_t)(equals - words->items[i]));
			output->file = equals + 1;
		}
		if (!find_renderer(output->format))
			return fail(
				error, ERROR_USAGE,
				"-o %s: no such format: text, short, json or markdown",
				output->format);
		if (equals && !*output->file)
			return fail(error, ERROR_USAGE, "-o %s=: names no file",
				    output->format);
	}
	return true;
}

static void default_language(struct options *options)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; !options->language_set && i < ARRAY_SIZE(names); i++) {
		const char *value = getenv(names[i]);

		if (value && *value) {
			options->language =
				text_starts(value, "zh") ? LANGUAGE_ZH : LANGUAGE_EN;
			return;
		}
	}
}

/* The row that getopt_long() found, or NULL and an error. */
static const struct option_row *found_row(int found, char **argv, struct error *error)
{
	const char *word = argv[optind - 1];

	if (found == ':')
		fail(error, ERROR_USAGE, "%s wants a value: see wasmdiag --help", word);
	else if (found == '?')
		fail(error, ERROR_USAGE, "unknown option %s: see wasmdiag --help", word);
	else if (found >= 256)
		return &rows[found - 256];
	else
		return find_letter(found);
	return NULL;
}

bool options_parse(int argc, char **argv, struct arena *arena, struct options *options,
		   struct error *error)
{
	struct option longs[ARRAY_SIZE(rows) + 1];
	char letters[2 * ARRAY_SIZE(rows) + 2];
	int found;

	*options = (struct options){ .timeout_ms = 60000, .root = "" };
	build_tables(longs, letters);
	optind = 1;
	while ((found = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		const struct option_row *row = found_row(found, argv, error);

		if (!row || !set_option(row, options, optarg, arena, error))
			return false;
	}
	options->arguments = (const char *const *)argv + optind;
	options->argument_count = (size_t)(argc - optind);
	default_language(options);
	if (options->no_host && options->no_api && options->facts.count == 0)
		return fail(error, ERROR_USAGE,
			    "--no-host and --no-api together leave nothing to look at");
	if (options->no_host && options->scope == SCOPE_NODE)
		return fail(error, ERROR_USAGE,
			    "--scope node and --no-host exclude each other");
	return read_outputs(options, arena, error);
}

bool option_describe(size_t index, struct option_help *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct option_row *row = &rows[i];

		if (!row->help || index-- > 0)
			continue;
		*ret = (struct option_help){ row->name, row->letter, row->argument,
					     row->choices, row->help };
		return true;
	}
	return false;
}

void options_help(FILE *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct option_row *row = &rows[i];
		char left[64];

		if (!row->help) {
			fprintf(out, "\n%s:\n", row->name);
			continue;
		}
		snprintf(left, sizeof(left), "%c%c%c --%s%s%s", row->letter ? '-' : ' ',
			 row->letter ? row->letter : ' ', row->letter ? ',' : ' ',
			 row->name, row->argument ? " " : "",
			 text_or_empty(row->argument));
		fprintf(out, "  %-34s %s\n", left, row->help);
	}
}
