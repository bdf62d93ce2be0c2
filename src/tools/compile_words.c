// SPDX-License-Identifier: Apache-2.0
#include "compile_words.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

void words_error(const struct source_file *file, const yaml_node_t *node,
		 const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "%s:%zu: error: ", file->path,
		node ? node->start_mark.line + 1 : (size_t)1);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(1);
}

const char *words_text(struct source_file *file, const yaml_node_t *node)
{
	if (node->type != YAML_SCALAR_NODE)
		words_error(file, node, "this should be text");
	return (const char *)node->data.scalar.value;
}

const yaml_node_t *words_get(struct source_file *file, const yaml_node_t *mapping,
			     const char *key)
{
	const yaml_node_pair_t *pair;

	if (mapping->type != YAML_MAPPING_NODE)
		words_error(file, mapping, "this should be a mapping");
	for (pair = mapping->data.mapping.pairs.start;
	     pair < mapping->data.mapping.pairs.top; pair++) {
		const yaml_node_t *name =
			yaml_document_get_node(&file->document, pair->key);

		if (strcmp(words_text(file, name), key) == 0)
			return yaml_document_get_node(&file->document, pair->value);
	}
	return NULL;
}

const yaml_node_t *words_need(struct source_file *file, const yaml_node_t *mapping,
			      const char *key)
{
	const yaml_node_t *node = words_get(file, mapping, key);

	if (!node)
		words_error(file, mapping, "%s is missing", key);
	return node;
}

void words_identifier(const char *name, char *identifier, size_t size)
{
	snprintf(identifier, size, "%s", name);
	for (; *identifier; identifier++)
		if (*identifier == '-')
			*identifier = '_';
}

/* What may stand between braces in words and commands. */
/* clang-format off */
static const char *const placeholders[] = {
	"actual", "address", "advice", "api_service", "autoscaler", "bare_pod", "binary",
	"bundled_image", "bytes", "claim", "code", "command", "config_map",
	"configuration", "constraint", "container", "cordoned", "count", "cri_image",
	"data_dir", "device", "endpoint", "engine", "expected", "file", "first_line",
	"function", "group", "handler", "host", "image", "interface", "job", "key",
	"kind", "label", "library", "limit", "lookup", "lost_volume", "mac", "message",
	"metric", "module", "mtu", "name", "namespace", "network", "new_class",
	"new_handler", "node", "owner", "owner_kind", "package", "pages", "path",
	"pattern", "peer", "plugin", "pod", "port", "program", "proxy", "quota", "reason",
	"registry", "request", "resource", "rpm_package", "rules", "runtime_class",
	"scaled_object", "scheduler", "seconds", "secret", "service", "service_account",
	"storage_class", "subnet", "sysctl", "systemd_cgroup", "taint", "target",
	"template", "timeout", "tls_host", "trigger", "unit", "url", "usage", "user",
	"value", "verb", "version", "volume", "webhook", "workload",
};
/* clang-format on */

static bool known_placeholder(const char *name, size_t length)
{
	for (size_t i = 0; i < COUNT(placeholders); i++)
		if (strlen(placeholders[i]) == length &&
		    strncmp(placeholders[i], name, length) == 0)
			return true;
	return false;
}

/* {name} of lower-case letters is a placeholder; other braces are just braces. */
static void check_placeholders(struct source_file *file, const yaml_node_t *node)
{
	const char *text = words_text(file, node);

	for (; (text = strchr(text, '{')); text++) {
		size_t length = strspn(text + 1, "abcdefghijklmnopqrstuvwxyz_");

		if (length && text[length + 1] == '}' &&
		    !known_placeholder(text + 1, length))
			words_error(file, node, "unknown placeholder {%.*s}", (int)length,
				    text + 1);
	}
}

/* Every key of a mapping must be one of these, and stand there once. */
static void check_keys(struct source_file *file, const yaml_node_t *mapping,
		       const char *const *allowed)
{
	const yaml_node_pair_t *pair, *start;

	if (mapping->type != YAML_MAPPING_NODE)
		words_error(file, mapping, "this should be a mapping");
	start = mapping->data.mapping.pairs.start;
	for (pair = start; pair < mapping->data.mapping.pairs.top; pair++) {
		const yaml_node_t *key =
			yaml_document_get_node(&file->document, pair->key);
		const char *name = words_text(file, key);
		const char *const *known = allowed;

		while (*known && strcmp(*known, name) != 0)
			known++;
		if (!*known)
			words_error(file, key, "unknown key %s", name);
		if (words_get(file, mapping, name) !=
		    yaml_document_get_node(&file->document, pair->value))
			words_error(file, key, "%s stands here twice", name);
	}
}

/* Both languages, not empty. */
static void check_languages(struct source_file *file, const yaml_node_t *node)
{
	static const char *const languages[] = { "en", "zh", NULL };

	check_keys(file, node, languages);
	for (size_t i = 0; languages[i]; i++) {
		const yaml_node_t *words = words_need(file, node, languages[i]);

		if (!*words_text(file, words))
			words_error(file, words, "%s is empty", languages[i]);
		check_placeholders(file, words);
	}
}

typedef void check_item(struct source_file *file, const yaml_node_t *item);

static void check_list(struct source_file *file, const yaml_node_t *node,
		       check_item *check)
{
	const yaml_node_item_t *item;

	if (!node)
		return;
	if (node->type != YAML_SEQUENCE_NODE)
		words_error(file, node, "this should be a list");
	for (item = node->data.sequence.items.start; item < node->data.sequence.items.top;
	     item++)
		check(file, yaml_document_get_node(&file->document, *item));
}

static void check_command(struct source_file *file, const yaml_node_t *node)
{
	if (!*words_text(file, node))
		words_error(file, node, "an empty command");
	check_placeholders(file, node);
}

static void check_fix(struct source_file *file, const yaml_node_t *node)
{
	static const char *const keys[] = { "text", "commands", NULL };

	check_keys(file, node, keys);
	check_languages(file, words_need(file, node, "text"));
	check_list(file, words_get(file, node, "commands"), check_command);
}

static void check_claim(struct source_file *file, const yaml_node_t *node)
{
	static const char *const keys[] = { "says", "holds", "instead", "source", NULL };
	const yaml_node_t *holds;

	check_keys(file, node, keys);
	words_text(file, words_need(file, node, "says"));
	words_text(file, words_need(file, node, "source"));
	check_languages(file, words_need(file, node, "instead"));
	holds = words_need(file, node, "holds");
	if (strcmp(words_text(file, holds), "true") != 0 &&
	    strcmp(words_text(file, holds), "false") != 0)
		words_error(file, holds, "holds should be true or false");
}

static bool is_code(const char *text)
{
	return strlen(text) == 6 && strncmp(text, "WD", 2) == 0 &&
	       strspn(text + 2, "0123456789") == 4;
}

static void check_same(struct source_file *file, const yaml_node_t *node)
{
	const char *name = words_text(file, node);

	if (!known_placeholder(name, strlen(name)))
		words_error(file, node, "unknown value %s", name);
}

static void check_because(struct source_file *file, const yaml_node_t *node)
{
	static const char *const keys[] = { "code", "same", NULL };
	const yaml_node_t *code;

	check_keys(file, node, keys);
	code = words_need(file, node, "code");
	if (!is_code(words_text(file, code)))
		words_error(file, code, "%s is no code", words_text(file, code));
	check_list(file, words_need(file, node, "same"), check_same);
}

static void check_match(struct source_file *file, const yaml_node_t *node)
{
	size_t length = strlen(words_text(file, node));

	if (length < 4 || length > 200)
		words_error(file, node, "a match text has 4 to 200 bytes");
}

static void check_text(struct source_file *file, const yaml_node_t *node)
{
	words_text(file, node);
}

static void check_severity(struct source_file *file, const yaml_node_t *node)
{
	const char *word = words_text(file, node);

	if (strcmp(word, "info") != 0 && strcmp(word, "warn") != 0 &&
	    strcmp(word, "fail") != 0)
		words_error(file, node, "severity should be info, warn or fail");
}

static void check_code(struct source_file *file, const yaml_node_t *node)
{
	static const char *const keys[] = { "section", "severity", "title",  "symptom",
					    "cause",   "fix",      "verify", "guide",
					    "because", "match",    NULL };

	check_keys(file, node, keys);
	check_text(file, words_need(file, node, "section"));
	check_severity(file, words_need(file, node, "severity"));
	check_languages(file, words_need(file, node, "title"));
	check_languages(file, words_need(file, node, "symptom"));
	check_languages(file, words_need(file, node, "cause"));
	check_list(file, words_need(file, node, "fix"), check_fix);
	check_list(file, words_get(file, node, "verify"), check_command);
	check_list(file, words_get(file, node, "guide"), check_claim);
	check_list(file, words_get(file, node, "because"), check_because);
	check_list(file, words_get(file, node, "match"), check_match);
}

static void check_codes(struct source_file *file, const yaml_node_t *codes)
{
	const yaml_node_pair_t *pair;

	if (codes->type != YAML_MAPPING_NODE)
		words_error(file, codes, "codes should be a mapping");
	for (pair = codes->data.mapping.pairs.start; pair < codes->data.mapping.pairs.top;
	     pair++) {
		const yaml_node_t *key =
			yaml_document_get_node(&file->document, pair->key);

		if (!is_code(words_text(file, key)))
			words_error(file, key, "%s is no code: WD and four digits",
				    words_text(file, key));
		check_code(file, yaml_document_get_node(&file->document, pair->value));
	}
}

static void check_reasons(struct source_file *file, const yaml_node_t *reasons)
{
	const yaml_node_pair_t *pair;

	if (!reasons)
		return;
	if (reasons->type != YAML_MAPPING_NODE)
		words_error(file, reasons, "reasons should be a mapping");
	for (pair = reasons->data.mapping.pairs.start;
	     pair < reasons->data.mapping.pairs.top; pair++)
		check_languages(file,
				yaml_document_get_node(&file->document, pair->value));
}

void words_validate(struct source_file *file)
{
	static const char *const keys[] = { "name",    "title", "sections",
					    "reasons", "codes", NULL };
	const yaml_node_t *root = yaml_document_get_root_node(&file->document);

	if (!root)
		words_error(file, NULL, "the file is empty");
	check_keys(file, root, keys);
	words_text(file, words_need(file, root, "name"));
	check_languages(file, words_need(file, root, "title"));
	check_list(file, words_need(file, root, "sections"), check_text);
	check_reasons(file, words_get(file, root, "reasons"));
	check_codes(file, words_need(file, root, "codes"));
}

static void load(struct source_file *file)
{
	FILE *in = fopen(file->path, "rb");
	yaml_parser_t parser;

	if (!in) {
		perror(file->path);
		exit(1);
	}
	yaml_parser_initialize(&parser);
	yaml_parser_set_input_file(&parser, in);
	if (!yaml_parser_load(&parser, &file->document)) {
		fprintf(stderr, "%s:%zu: error: %s\n", file->path,
			parser.problem_mark.line + 1, parser.problem);
		exit(1);
	}
	yaml_parser_delete(&parser);
	fclose(in);
}

static void write_file(struct source_file *file, const char *path,
		       void (*write)(struct source_file *, FILE *))
{
	FILE *out = fopen(path, "w");

	if (!out) {
		perror(path);
		exit(1);
	}
	write(file, out);
	if (fclose(out) != 0) {
		perror(path);
		exit(1);
	}
}

int main(int argc, char **argv)
{
	struct source_file file = { 0 };

	if (argc != 4) {
		fputs("usage: compile_words FILE.yaml OUT.words.h OUT.words.c\n", stderr);
		return 2;
	}
	file.path = argv[1];
	load(&file);
	words_validate(&file);
	write_file(&file, argv[2], words_write_header);
	write_file(&file, argv[3], words_write_tables);
	yaml_document_delete(&file.document);
	return 0;
}
