// SPDX-License-Identifier: Apache-2.0
#include "compile_words.h"

#include <string.h>

static const yaml_node_t *node_at(struct source_file *file, int index)
{
	return yaml_document_get_node(&file->document, index);
}

/* Calls visit for each key and value of a mapping. */
static void each_pair(struct source_file *file, const yaml_node_t *mapping, FILE *out,
		      void (*visit)(struct source_file *, const char *,
				    const yaml_node_t *, FILE *))
{
	const yaml_node_pair_t *pair;

	if (!mapping)
		return;
	for (pair = mapping->data.mapping.pairs.start;
	     pair < mapping->data.mapping.pairs.top; pair++)
		visit(file, words_text(file, node_at(file, pair->key)),
		      node_at(file, pair->value), out);
}

static size_t list_length(const yaml_node_t *list)
{
	return list ? (size_t)(list->data.sequence.items.top -
			       list->data.sequence.items.start)
		    : 0;
}

static const yaml_node_t *list_item(struct source_file *file, const yaml_node_t *list,
				    size_t index)
{
	return node_at(file, list->data.sequence.items.start[index]);
}

/* A C string literal, without the newline that ends a literal block. */
static void write_string(const char *text, FILE *out)
{
	size_t length = strlen(text);

	if (length && text[length - 1] == '\n')
		length--;
	fputc('"', out);
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '\n')
			fputs("\\n", out);
		else if (text[i] == '"' || text[i] == '\\' || text[i] == '?')
			fprintf(out, "\\%c", text[i]);
		else
			fputc(text[i], out);
	}
	fputc('"', out);
}

static void write_words(struct source_file *file, const yaml_node_t *node, FILE *out)
{
	fputs("{ { ", out);
	write_string(words_text(file, words_need(file, node, "en")), out);
	fputs(", ", out);
	write_string(words_text(file, words_need(file, node, "zh")), out);
	fputs(" } }", out);
}

/* An array of strings that ends with NULL; NULL for no list. */
static void write_strings(struct source_file *file, const yaml_node_t *list, FILE *out)
{
	if (!list) {
		fputs("NULL", out);
		return;
	}
	fputs("(const char *const[]){ ", out);
	for (size_t i = 0; i < list_length(list); i++) {
		write_string(words_text(file, list_item(file, list, i)), out);
		fputs(", ", out);
	}
	fputs("NULL }", out);
}

static void write_fixes(struct source_file *file, const yaml_node_t *list, FILE *out)
{
	if (list_length(list) == 0)
		return;
	fputs("\t.fixes = (const struct fix[]){\n", out);
	for (size_t i = 0; i < list_length(list); i++) {
		const yaml_node_t *fix = list_item(file, list, i);
		const yaml_node_t *commands = words_get(file, fix, "commands");

		fputs("\t\t{ ", out);
		write_words(file, words_need(file, fix, "text"), out);
		fputs(", ", out);
		if (commands)
			write_strings(file, commands, out);
		else
			fputs("(const char *const[]){ NULL }", out);
		fputs(" },\n", out);
	}
	fprintf(out, "\t},\n\t.fix_count = %zu,\n", list_length(list));
}

static void write_claims(struct source_file *file, const yaml_node_t *list, FILE *out)
{
	if (list_length(list) == 0)
		return;
	fputs("\t.claims = (const struct claim[]){\n", out);
	for (size_t i = 0; i < list_length(list); i++) {
		const yaml_node_t *claim = list_item(file, list, i);

		fputs("\t\t{ ", out);
		write_string(words_text(file, words_need(file, claim, "says")), out);
		fprintf(out, ", %s, ",
			words_text(file, words_need(file, claim, "holds")));
		write_words(file, words_need(file, claim, "instead"), out);
		fputs(", ", out);
		write_string(words_text(file, words_need(file, claim, "source")), out);
		fputs(" },\n", out);
	}
	fprintf(out, "\t},\n\t.claim_count = %zu,\n", list_length(list));
}

static void write_because(struct source_file *file, const yaml_node_t *list, FILE *out)
{
	if (list_length(list) == 0)
		return;
	fputs("\t.because = (const struct echo_rule[]){\n", out);
	for (size_t i = 0; i < list_length(list); i++) {
		const yaml_node_t *rule = list_item(file, list, i);

		fputs("\t\t{ ", out);
		write_string(words_text(file, words_need(file, rule, "code")), out);
		fputs(", ", out);
		write_strings(file, words_need(file, rule, "same"), out);
		fputs(" },\n", out);
	}
	fprintf(out, "\t},\n\t.because_count = %zu,\n", list_length(list));
}

static void write_guide(struct source_file *file, const char *code,
			const yaml_node_t *node, FILE *out)
{
	static const char *const words[] = { "title", "symptom", "cause" };
	const char *severity = words_text(file, words_need(file, node, "severity"));

	fprintf(out, "const struct guide %s = {\n\t.code = \"%s\",\n\t.section = ", code,
		code);
	write_string(words_text(file, words_need(file, node, "section")), out);
	fprintf(out, ",\n\t.severity = SEVERITY_%s,\n",
		strcmp(severity, "fail") == 0   ? "FAIL"
		: strcmp(severity, "warn") == 0 ? "WARN"
						: "INFO");
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		fprintf(out, "\t.%s = ", words[i]);
		write_words(file, words_need(file, node, words[i]), out);
		fputs(",\n", out);
	}
	write_fixes(file, words_get(file, node, "fix"), out);
	fputs("\t.verify = ", out);
	write_strings(file, words_get(file, node, "verify"), out);
	fputs(",\n", out);
	write_claims(file, words_get(file, node, "guide"), out);
	write_because(file, words_get(file, node, "because"), out);
	fputs("\t.match = ", out);
	write_strings(file, words_get(file, node, "match"), out);
	fputs(",\n};\n\n", out);
}

static void check_name(struct source_file *file, char *identifier, size_t size)
{
	const yaml_node_t *root = yaml_document_get_root_node(&file->document);

	words_identifier(words_text(file, words_need(file, root, "name")), identifier,
			 size);
}

static void write_reason(struct source_file *file, const char *key,
			 const yaml_node_t *node, FILE *out)
{
	char name[64];

	check_name(file, name, sizeof(name));
	fprintf(out, "const struct words %s_%s = ", name, key);
	write_words(file, node, out);
	fputs(";\n\n", out);
}

static void declare_reason(struct source_file *file, const char *key,
			   const yaml_node_t *node, FILE *out)
{
	char name[64];

	(void)node;
	check_name(file, name, sizeof(name));
	fprintf(out, "extern const struct words %s_%s;\n", name, key);
}

static void declare_guide(struct source_file *file, const char *code,
			  const yaml_node_t *node, FILE *out)
{
	(void)file;
	(void)node;
	fprintf(out, "extern const struct guide %s;\n", code);
}

static void list_guide(struct source_file *file, const char *code,
		       const yaml_node_t *node, FILE *out)
{
	(void)file;
	(void)node;
	fprintf(out, "&%s, ", code);
}

void words_write_header(struct source_file *file, FILE *out)
{
	const yaml_node_t *root = yaml_document_get_root_node(&file->document);
	char name[64];

	check_name(file, name, sizeof(name));
	fprintf(out, "/* Made from %s: edit that. */\n#pragma once\n\n", file->path);
	fputs("#include <wasmdiag/check.h>\n\n", out);
	fprintf(out, "extern const struct check_words words_%s;\n", name);
	each_pair(file, words_get(file, root, "reasons"), out, declare_reason);
	each_pair(file, words_need(file, root, "codes"), out, declare_guide);
}

void words_write_tables(struct source_file *file, FILE *out)
{
	const yaml_node_t *root = yaml_document_get_root_node(&file->document);
	char name[64];

	check_name(file, name, sizeof(name));
	fprintf(out, "/* Made from %s: edit that. */\n", file->path);
	fprintf(out, "#include \"%s.words.h\"\n\n", name);
	each_pair(file, words_get(file, root, "reasons"), out, write_reason);
	each_pair(file, words_need(file, root, "codes"), out, write_guide);
	fprintf(out, "const struct check_words words_%s = {\n\t.name = ", name);
	write_string(words_text(file, words_need(file, root, "name")), out);
	fputs(",\n\t.title = ", out);
	write_words(file, words_need(file, root, "title"), out);
	fputs(",\n\t.sections = ", out);
	write_strings(file, words_need(file, root, "sections"), out);
	fputs(",\n\t.guides = (const struct guide *const[]){ ", out);
	each_pair(file, words_need(file, root, "codes"), out, list_guide);
	fputs("NULL },\n};\n", out);
}
