// SPDX-License-Identifier: Apache-2.0
/*
 * write_schema: the JSON Schema of a snapshot, on standard output.  It comes from the
 * same rows that write and read snapshots; a test compares it with
 * docs/facts.schema.json.
 */
#include <jansson.h>
#include <stdio.h>

#include <wasmdiag/facts.h>
#include <wasmdiag/host.h>

#include "facts_rows.h"
#include "snapshot.h"

static json_t *of_record(const struct record *record);

static json_t *of_type(const char *type)
{
	return json_pack("{ss}", "type", type);
}

static json_t *of_words(const char *const *names)
{
	json_t *words = json_array();

	for (; *names; names++)
		json_array_append_new(words, json_string(*names));
	return json_pack("{so}", "enum", words);
}

static json_t *of_field(const struct field *field)
{
	switch (field->type) {
	case FIELD_STRING:
	case FIELD_PROSE:
		return of_type("string");
	case FIELD_BOOLEAN:
	case FIELD_PRESENT:
		return of_type("boolean");
	case FIELD_ENUM:
		return of_words(field->names);
	case FIELD_STRINGS:
		return json_pack("{ss so}", "type", "array", "items",
				 field->names ? of_words(field->names)
					      : of_type("string"));
	case FIELD_LABELS:
		return json_pack("{ss so}", "type", "object", "additionalProperties",
				 of_type("string"));
	case FIELD_LIST:
		return json_pack("{ss so}", "type", "array", "items",
				 of_record(field->record));
	case FIELD_RECORD:
	case FIELD_SHARED:
	case FIELD_CERTIFICATES:
		return of_record(field->record);
	case FIELD_TIME:
		return json_pack("{ss ss}", "type", "integer", "description",
				 "Unix seconds");
	case FIELD_BYTES:
		return json_pack("{ss ss}", "type", "integer", "description",
				 "bytes, or a number of things");
	case FIELD_MILLI:
		return json_pack("{ss ss}", "type", "integer", "description",
				 "thousandths");
	default:
		return of_type("integer");
	}
}

static json_t *of_record(const struct record *record)
{
	json_t *properties = json_object();

	for (size_t i = 0; i < record->field_count; i++) {
		const struct field *field = &record->fields[i];
		json_auto_t *value = of_field(field);

		if (field->type == FIELD_SHARED)
			json_object_update(properties,
					   json_object_get(value, "properties"));
		else
			json_object_set(properties, field->name, value);
	}
	return json_pack("{ss so}", "type", "object", "properties", properties);
}

static json_t *of_sources(const char *const *names, size_t count)
{
	json_t *properties = json_object();

	for (size_t i = 0; i < count; i++)
		json_object_set_new(properties, names[i], of_record(&source_record));
	return json_pack("{ss so so}", "type", "object", "properties", properties,
			 "additionalProperties", json_false());
}

static json_t *of_hosts(void)
{
	json_t *host = of_record(&host_record);

	json_object_set_new(json_object_get(host, "properties"), "sources",
			    of_sources(host_fact_names, HOST_FACT_COUNT));
	return json_pack("{ss so}", "type", "array", "items", host);
}

int main(void)
{
	json_auto_t *schema = json_object();
	json_t *facts = of_record(&facts_record);
	json_t *properties = json_object_get(facts, "properties");

	json_object_set_new(schema, "$schema",
			    json_string("https://json-schema.org/draft/2020-12/schema"));
	json_object_set_new(schema, "title", json_string("wasmdiag collect"));
	json_object_set_new(
		schema, "description",
		json_string(
			"All that a snapshot can hold: what has no row in src/*_rows.c "
			"is never kept. A member that is absent is not known or empty; "
			"sources says which."));
	json_object_update(schema, facts);
	json_object_set_new(properties, "schema",
			    json_pack("{ss}", "const", SNAPSHOT_SCHEMA));
	json_object_set_new(properties, "tool", of_type("string"));
	json_object_set_new(properties, "sources", of_sources(fact_names, FACT_COUNT));
	json_object_set_new(properties, "hosts", of_hosts());
	json_object_set_new(schema, "required", json_pack("[s]", "schema"));
	json_decref(facts);
	return json_dumpf(schema, stdout, JSON_INDENT(1)) || putchar('\n') == EOF;
}
