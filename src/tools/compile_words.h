// SPDX-License-Identifier: Apache-2.0
/*
 * The host tool that turns checks/NAME.yaml into tables: reading (compile_words.c) and
 * writing (write_words.c).  It runs at build time only, so it ends at the first error,
 * saying FILE:LINE.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <yaml.h>

/* A node of the document and what it takes to speak of it. */
struct source_file {
	const char *path;
	yaml_document_t document;
};

/* Say what is wrong at this node's line, and exit with status 1. */
void words_error(const struct source_file *file, const yaml_node_t *node,
		 const char *format, ...) __attribute__((noreturn, format(printf, 3, 4)));

/* The value of a mapping's key; NULL when it is not there. */
const yaml_node_t *words_get(struct source_file *file, const yaml_node_t *mapping,
			     const char *key);

/* As words_get(), but it must be there. */
const yaml_node_t *words_need(struct source_file *file, const yaml_node_t *mapping,
			      const char *key);

/* The text of a scalar, which it must be. */
const char *words_text(struct source_file *file, const yaml_node_t *node);

/* The name of the check's symbols: runtime-class -> runtime_class. */
void words_identifier(const char *name, char *identifier, size_t size);

/* Refuse what the schema does not know, wants and does not find. */
void words_validate(struct source_file *file);

void words_write_header(struct source_file *file, FILE *out);
void words_write_tables(struct source_file *file, FILE *out);
