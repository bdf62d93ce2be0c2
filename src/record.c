// SPDX-License-Identifier: Apache-2.0
#include "record.h"

#include "json_text.h"
#include "scrub.h"

#include <string.h>

#include <wasmdiag/facts.h>
#include <wasmdiag/text.h>

#define LIST_LIMIT ((size_t)1000000)
#define TIME_END   ((int64_t)253402300800) /* the year 10000, as RFC 3339 has it */

static void *member(void *target, size_t offset)
{
	return (char *)target + offset;
}

static const void *const_member(const void *source, size_t offset)
{
	return (const char *)source + offset;
}

static bool is_number(enum field_type type)
{
	return type == FIELD_INTEGER || type == FIELD_TIME || type == FIELD_BYTES ||
	       type == FIELD_MILLI;
}

void record_clear(const struct record *record, void *target)
{
	memset(target, 0, record->size);
	for (size_t i = 0; i < record->field_count; i++) {
		const struct field *field = &record->fields[i];

		if (is_number(field->type))
			*(int64_t *)member(target, field->offset) = UNSET;
		else if (field->type == FIELD_RECORD || field->type == FIELD_CERTIFICATES)
			record_clear(field->record, member(target, field->offset));
	}
}

/* ---- saving ---- */

static json_t *save_strings(const struct string_list *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->count; i++)
		json_array_append_new(array, json_text(text_or_empty(list->items[i])));
	return array;
}

static json_t *save_labels(const struct label *labels, size_t count)
{
	json_t *object = json_object();

	for (size_t i = 0; i < count; i++)
		json_object_set_new(object, text_or_empty(labels[i].key),
				    json_text(text_or_empty(labels[i].value)));
	return object;
}

json_t *record_save_list(const struct record *record, const void *items, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(
			array,
			record_save(record, const_member(items, i * record->size)));
	return array;
}

/* The value of a member that a list holds; NULL when it is empty. */
static json_t *save_many(const struct field *field, const void *source)
{
	const void *at = const_member(source, field->offset);
	size_t count;

	if (field->type == FIELD_STRINGS) {
		const struct string_list *list = at;

		return list->count ? save_strings(list) : NULL;
	}
	count = *(const size_t *)const_member(source, field->count_offset);
	if (count == 0)
		return NULL;
	if (field->type == FIELD_LABELS)
		return save_labels(*(const struct label *const *)at, count);
	return record_save_list(field->record, *(const void *const *)at, count);
}

static json_t *save_number(const int64_t *number)
{
	return *number == UNSET ? NULL : json_integer(*number);
}

/* The list that a member is; false when it is none. */
static bool get_list(const struct field *field, const void *source,
		     const void **ret_items, size_t *ret_count)
{
	if (field->type != FIELD_LIST)
		return false;
	*ret_items = *(const void *const *)const_member(source, field->offset);
	*ret_count = *(const size_t *)const_member(source, field->count_offset);
	return true;
}

/* The value of one member; NULL when it is absent. */
static json_t *save_field(const struct field *field, const void *source)
{
	const void *at = const_member(source, field->offset);
	json_t *nested;

	switch (field->type) {
	case FIELD_STRING:
	case FIELD_PROSE:
		return *(const char *const *)at ? json_text(*(const char *const *)at)
						: NULL;
	case FIELD_BOOLEAN:
	case FIELD_PRESENT:
		return *(const bool *)at ? json_true() : NULL;
	case FIELD_ENUM:
		return *(const unsigned *)at
			       ? json_string(field->names[*(const unsigned *)at])
			       : NULL;
	case FIELD_RECORD:
	case FIELD_CERTIFICATES:
		nested = record_save(field->record, at);
		if (json_object_size(nested) > 0)
			return nested;
		json_decref(nested);
		return NULL;
	case FIELD_SHARED:
		return record_save(field->record, *(const void *const *)at);
	case FIELD_STRINGS:
	case FIELD_LABELS:
	case FIELD_LIST:
		return save_many(field, source);
	default:
		return save_number(at);
	}
}

/* With or without the items of its lists. */
static json_t *save(const struct record *record, const void *source, bool whole)
{
	json_t *object = json_object();

	for (size_t i = 0; i < record->field_count; i++) {
		const struct field *field = &record->fields[i];
		const void *items;
		size_t count;
		json_t *value;

		if (!whole && get_list(field, source, &items, &count))
			value = count ? json_array() : NULL;
		else
			value = save_field(field, source);
		if (field->type == FIELD_SHARED)
			json_object_update_new(object, value);
		else if (value)
			json_object_set_new(object, field->name, value);
	}
	return object;
}

json_t *record_save(const struct record *record, const void *source)
{
	return save(record, source, true);
}

json_t *record_save_frame(const struct record *record, const void *source)
{
	return save(record, source, false);
}

json_t *record_save_item(const struct record *record, const void *source,
			 const char *name, size_t index)
{
	for (size_t i = 0; i < record->field_count; i++) {
		const struct field *field = &record->fields[i];
		const void *items;
		size_t count;

		if (strcmp(field->name, name) == 0 &&
		    get_list(field, source, &items, &count) && index < count)
			return record_save(
				field->record,
				const_member(items, index * field->record->size));
	}
	return NULL;
}

/* ---- loading ---- */

struct loader {
	struct arena *arena;
	struct error *error;
};

static bool wrong_type(const struct loader *loader, const char *wanted)
{
	return fail(loader->error, ERROR_FORMAT, "should be %s", wanted);
}

static bool load_strings(const struct loader *loader, const json_t *json,
			 struct string_list *list)
{
	size_t count = json_array_size(json);

	if (!json_is_array(json))
		return wrong_type(loader, "an array of strings");
	list->items = arena_array(loader->arena, count, sizeof(*list->items));
	for (size_t i = 0; i < count; i++) {
		const char *text = json_string_value(json_array_get(json, i));

		if (!text)
			return wrong_type(loader, "an array of strings");
		list->items[list->count++] = arena_string(loader->arena, text);
	}
	return true;
}

static bool load_labels(const struct loader *loader, const json_t *json,
			struct label **ret_labels, size_t *ret_count)
{
	struct label *labels;
	const char *key;
	json_t *value;
	size_t count = 0;

	if (!json_is_object(json))
		return wrong_type(loader, "an object of strings");
	labels = arena_array(loader->arena, json_object_size(json), sizeof(*labels));
	json_object_foreach((json_t *)json, key, value)
	{
		if (!json_is_string(value))
			return wrong_type(loader, "an object of strings");
		labels[count++] = (struct label){
			arena_string(loader->arena, key),
			arena_string(loader->arena, json_string_value(value)),
		};
	}
	*ret_labels = labels;
	*ret_count = count;
	return true;
}

bool record_load_list(const struct record *record, const json_t *json,
		      struct arena *arena, struct record_list list, struct error *error)
{
	size_t count = json_array_size(json);
	void *items;

	if (!json_is_array(json))
		return fail(error, ERROR_FORMAT, "should be an array");
	if (count > LIST_LIMIT)
		return fail(error, ERROR_LIMIT, "has more than %zu elements", LIST_LIMIT);
	items = arena_array(arena, count, record->size);
	for (size_t i = 0; i < count; i++)
		if (!record_load(record, json_array_get(json, i),
				 member(items, i * record->size), arena, error))
			return fail_in(error, "element %zu", i);
	*list.items = items;
	*list.count = count;
	return true;
}

static bool find_word(const char *const *words, const char *text, unsigned *ret_index)
{
	for (unsigned i = 0; words[i]; i++) {
		if (strcmp(words[i], text) == 0) {
			*ret_index = i;
			return true;
		}
	}
	return false;
}

static bool load_enum(const struct loader *loader, const struct field *field,
		      const json_t *json, unsigned *ret_value)
{
	const char *word = json_string_value(json);

	if (word && find_word(field->names, word, ret_value))
		return true;
	return fail(loader->error, ERROR_FORMAT, "%s is none of the words known here",
		    word ? word : "this value");
}

static bool load_number(const struct loader *loader, enum field_type type,
			const json_t *json, int64_t *ret_value)
{
	int64_t number = json_integer_value(json);

	if (!json_is_integer(json))
		return wrong_type(loader, "a whole number");
	/* checks add to times and take them from each other: no sum may overflow */
	if (type == FIELD_TIME && (number < -TIME_END || number > TIME_END))
		number = UNSET;
	*ret_value = number;
	return true;
}

static bool load_scalar(const struct loader *loader, const struct field *field,
			const json_t *json, void *at)
{
	switch (field->type) {
	case FIELD_STRING:
	case FIELD_PROSE:
		if (!json_is_string(json))
			return wrong_type(loader, "a string");
		*(char **)at = arena_string(loader->arena, json_string_value(json));
		if (field->type == FIELD_PROSE)
			scrub(*(char **)at);
		return true;
	case FIELD_BOOLEAN:
	case FIELD_PRESENT:
		if (!json_is_boolean(json))
			return wrong_type(loader, "true or false");
		*(bool *)at = json_is_true(json);
		return true;
	case FIELD_ENUM:
		return load_enum(loader, field, json, at);
	default:
		return load_number(loader, field->type, json, at);
	}
}

static bool load_shared(const struct loader *loader, const struct record *record,
			const json_t *json, void **ret)
{
	*ret = arena_alloc(loader->arena, record->size);
	return record_load(record, json, *ret, loader->arena, loader->error);
}

static bool load_field(const struct loader *loader, const struct field *field,
		       const json_t *json, void *target)
{
	void *at = member(target, field->offset);

	switch (field->type) {
	case FIELD_STRINGS:
		return load_strings(loader, json, at);
	case FIELD_LABELS:
		return load_labels(loader, json, at, member(target, field->count_offset));
	case FIELD_RECORD:
	case FIELD_CERTIFICATES:
		return record_load(field->record, json, at, loader->arena, loader->error);
	case FIELD_SHARED:
		return load_shared(loader, field->record, json, at);
	case FIELD_LIST:
		return record_load_list(
			field->record, json, loader->arena,
			(struct record_list){ at, member(target, field->count_offset) },
			loader->error);
	default:
		return load_scalar(loader, field, json, at);
	}
}

bool record_load(const struct record *record, const json_t *json, void *target,
		 struct arena *arena, struct error *error)
{
	const struct loader loader = { arena, error };

	record_clear(record, target);
	if (!json_is_object(json))
		return fail(error, ERROR_FORMAT, "should be an object");
	for (size_t i = 0; i < record->field_count; i++) {
		const struct field *field = &record->fields[i];
		const json_t *value = field->type == FIELD_SHARED
					      ? json
					      : json_object_get(json, field->name);

		if (!value || json_is_null(value))
			continue;
		if (!load_field(&loader, field, value, target))
			return fail_in(error, "%s", field->name);
	}
	return true;
}

bool record_has_word(const struct record *record, const char *text)
{
	for (size_t i = 0; i < record->field_count; i++) {
		const struct field *field = &record->fields[i];
		unsigned index;

		if (field->type == FIELD_ENUM && find_word(field->names, text, &index))
			return true;
		if (field->record && record_has_word(field->record, text))
			return true;
	}
	return false;
}
