// SPDX-License-Identifier: Apache-2.0
/* Records out of the API's objects, by the paths of their rows. */
#include "record.h"

#include <ctype.h>
#include <string.h>

#include <wasmdiag/facts.h>
#include <wasmdiag/text.h>

#include "certificates.h"
#include "quantity.h"
#include "scrub.h"

#define STRING_LIMIT  ((size_t)4096)
#define ELEMENT_LIMIT ((size_t)10000)

static void *member(void *target, size_t offset)
{
	return (char *)target + offset;
}

/* One step of a path: a member's name, or "[...]" what stands between the brackets. */
struct step {
	char name[128];
	bool bracketed;
};

static bool next_step(const char **path, struct step *step)
{
	const char *start = *path, *end;

	if (*start == '.')
		start++;
	if (!*start)
		return false;
	step->bracketed = *start == '[';
	if (step->bracketed) {
		end = strchr(++start, ']');
		*path = end ? end + 1 : start + strlen(start);
	} else {
		end = start + strcspn(start, ".[");
		*path = end;
	}
	if (!end || (size_t)(end - start) >= sizeof(step->name))
		return false;
	memcpy(step->name, start, (size_t)(end - start));
	step->name[end - start] = '\0';
	return true;
}

/* Walk path down from json; stops at "[]", leaving *path behind it. */
static const json_t *walk(const json_t *json, const char **path, bool *ret_each)
{
	struct step step;

	*ret_each = false;
	while (json && next_step(path, &step)) {
		if (step.bracketed && !step.name[0]) {
			*ret_each = true;
			return json;
		}
		if (step.bracketed && isdigit((unsigned char)step.name[0]))
			json = json_array_get(json, (size_t)(step.name[0] - '0'));
		else
			json = json_object_get(json, step.name);
	}
	return json;
}

static const json_t *find(const json_t *json, const char *path)
{
	bool each;

	return walk(json, &path, &each);
}

/* The first of the alternatives in path, "a.b|c", that is there and not null. */
static const json_t *find_any(const json_t *json, const char *path)
{
	char one[256];

	for (;;) {
		size_t length = strcspn(path, "|");
		const json_t *found;

		if (length >= sizeof(one))
			return NULL;
		memcpy(one, path, length);
		one[length] = '\0';
		found = *one ? find(json, one) : json;
		if ((found && !json_is_null(found)) || !path[length])
			return found;
		path += length + 1;
	}
}

/* Where what is decoded is kept, and whether what is the same is kept once. */
struct keeper {
	struct arena *arena;
	struct pool *pool; /* or NULL */
};

static void decode(const struct record *record, const json_t *object, void *target,
		   const struct keeper *keeper);

/* How much of a text is kept: cut at a character. */
static size_t kept_length(const json_t *json)
{
	size_t length = json_string_length(json);
	const char *text = json_string_value(json);

	if (length <= STRING_LIMIT)
		return length;
	length = STRING_LIMIT;
	while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
		length--;
	return length;
}

static const char *keep_bytes(const char *text, size_t length,
			      const struct keeper *keeper)
{
	/* a text that is cut has no NUL there */
	if (keeper->pool && !text[length])
		return pool_copy(keeper->pool, keeper->arena, text, length + 1);
	return arena_copy(keeper->arena, text, length);
}

static const char *keep_text(const json_t *json, const struct keeper *keeper)
{
	const char *text = json_string_value(json);

	return text ? keep_bytes(text, kept_length(json), keeper) : NULL;
}

static const char *keep_prose(const json_t *json, const struct keeper *keeper)
{
	struct arena_mark mark = arena_mark(keeper->arena);
	const char *text = json_string_value(json);
	char *scrubbed;

	if (!text)
		return NULL;
	scrubbed = arena_copy(keeper->arena, text, kept_length(json));
	scrub(scrubbed);
	if (!keeper->pool)
		return scrubbed;
	return pool_share_text(keeper->pool, keeper->arena, mark, scrubbed);
}

/* A list or a struct of that many bytes, all that was made since the mark. */
static void *keep_made(const struct keeper *keeper, struct arena_mark mark, void *items,
		       size_t size)
{
	if (!keeper->pool)
		return items;
	if (size)
		return pool_share(keeper->pool, keeper->arena, mark, items, size);
	arena_rewind(keeper->arena, mark);
	return NULL;
}

/* What many objects say alike, so that they point to one. */
static const void *keep_shared(const struct record *record, const json_t *object,
			       const struct keeper *keeper)
{
	struct arena_mark mark = arena_mark(keeper->arena);
	void *kept = arena_alloc(keeper->arena, record->size);

	decode(record, object, kept, keeper);
	return keep_made(keeper, mark, kept, record->size);
}

/* A simple glob: '*' stands for anything. */
static bool key_matches(const char *pattern, const char *key)
{
	const char *star = strchr(pattern, '*');

	if (!star)
		return strcmp(pattern, key) == 0;
	if (strncmp(pattern, key, (size_t)(star - pattern)) != 0)
		return false;
	for (key += star - pattern;; key++) {
		if (key_matches(star + 1, key))
			return true;
		if (!*key)
			return false;
	}
}

static bool key_allowed(const char *const *names, const char *key)
{
	for (; *names; names++)
		if (key_matches(*names, key))
			return true;
	return false;
}

static void decode_strings(const struct field *field, const json_t *object,
			   struct string_list *list, const struct keeper *keeper)
{
	struct arena_mark mark = arena_mark(keeper->arena);
	const char *path = field->path;
	bool each;
	const json_t *array = walk(object, &path, &each);
	size_t count = json_array_size(array);

	if (count > ELEMENT_LIMIT)
		count = ELEMENT_LIMIT;
	list->items = arena_array(keeper->arena, count, sizeof(*list->items));
	for (size_t i = 0; i < count; i++) {
		const json_t *element = json_array_get(array, i);
		const char *text;

		if (each && *path)
			element = find(element, path);
		text = json_string_value(element);
		if (text && (!field->names || key_allowed(field->names, text)))
			list->items[list->count++] = keep_text(element, keeper);
	}
	list->items =
		keep_made(keeper, mark, list->items, list->count * sizeof(*list->items));
}

static void decode_labels(const struct field *field, const json_t *object, void *target,
			  const struct keeper *keeper)
{
	struct arena_mark mark = arena_mark(keeper->arena);
	const json_t *map = find(object, field->path);
	struct label *labels;
	size_t count = 0;
	const char *key;
	json_t *value;

	if (!json_is_object(map))
		return;
	labels = arena_array(keeper->arena, json_object_size(map), sizeof(*labels));
	json_object_foreach((json_t *)map, key, value)
	{
		if (json_is_string(value) && key_allowed(field->names, key))
			labels[count++] =
				(struct label){ keep_bytes(key, strlen(key), keeper),
						keep_text(value, keeper) };
	}
	*(struct label **)member(target, field->offset) =
		keep_made(keeper, mark, labels, count * sizeof(*labels));
	*(size_t *)member(target, field->count_offset) = count;
}

static void decode_list(const struct field *field, const json_t *object, void *target,
			const struct keeper *keeper)
{
	struct arena_mark mark = arena_mark(keeper->arena);
	const json_t *array = find(object, field->path);
	size_t count = json_array_size(array), size = field->record->size;
	void *items;

	if (count > ELEMENT_LIMIT)
		count = ELEMENT_LIMIT;
	items = arena_array(keeper->arena, count, size);
	for (size_t i = 0; i < count; i++)
		decode(field->record, json_array_get(array, i), member(items, i * size),
		       keeper);
	*(void **)member(target, field->offset) =
		keep_made(keeper, mark, items, count * size);
	*(size_t *)member(target, field->count_offset) = count;
}

/* A quantity may also be written as a plain number. */
static int64_t decode_number(enum field_type type, const json_t *json)
{
	const char *text = json_string_value(json);

	if (type == FIELD_TIME)
		return text ? time_parse(text) : UNSET;
	if (json_is_integer(json)) {
		json_int_t number = json_integer_value(json);

		if (type != FIELD_MILLI)
			return number;
		return number > INT64_MAX / 1000 || number < -INT64_MAX / 1000
			       ? INT64_MAX
			       : number * 1000;
	}
	if (!text || type == FIELD_INTEGER)
		return UNSET;
	return type == FIELD_MILLI ? quantity_milli(text) : quantity_units(text);
}

static void decode_one(const struct field *field, const json_t *value, void *at,
		       const struct keeper *keeper)
{
	switch (field->type) {
	case FIELD_STRING:
		*(const char **)at = keep_text(value, keeper);
		break;
	case FIELD_PROSE:
		*(const char **)at = keep_prose(value, keeper);
		break;
	case FIELD_BOOLEAN:
		*(bool *)at = json_is_true(value);
		break;
	case FIELD_PRESENT:
		*(bool *)at = !json_is_null(value) &&
			      !(json_is_string(value) && !json_string_length(value));
		break;
	case FIELD_RECORD:
		if (json_is_object(value))
			decode(field->record, value, at, keeper);
		break;
	case FIELD_SHARED:
		*(const void **)at = keep_shared(field->record, value, keeper);
		break;
	case FIELD_CERTIFICATES:
		if (json_string_length(value) > 0)
			certificates_read_base64(json_string_value(value), keeper->arena,
						 at);
		break;
	default:
		*(int64_t *)at = decode_number(field->type, value);
		break;
	}
}

static void decode(const struct record *record, const json_t *object, void *target,
		   const struct keeper *keeper)
{
	record_clear(record, target);
	for (size_t i = 0; i < record->field_count; i++) {
		const struct field *field = &record->fields[i];
		void *at = member(target, field->offset);
		const json_t *value;

		if (!field->path)
			continue;
		if (field->type == FIELD_STRINGS)
			decode_strings(field, object, at, keeper);
		else if (field->type == FIELD_LABELS)
			decode_labels(field, object, target, keeper);
		else if (field->type == FIELD_LIST)
			decode_list(field, object, target, keeper);
		else if ((value = find_any(object, field->path)))
			decode_one(field, value, at, keeper);
	}
}

void record_decode(const struct record *record, const json_t *object, void *target,
		   struct arena *arena)
{
	const struct keeper keeper = { arena, NULL };

	decode(record, object, target, &keeper);
}

void record_decode_shared(const struct record *record, const json_t *object, void *target,
			  struct arena *arena, struct pool *pool)
{
	const struct keeper keeper = { arena, pool };

	decode(record, object, target, &keeper);
}

struct path_list {
	const char **items;
	size_t count;
};

static void add_path(struct path_list *list, struct arena *arena, const char *path)
{
	list->items = arena_grow(arena, list->items, list->count, sizeof(*list->items));
	list->items[list->count++] = path;
}

static const char *join(struct arena *arena, const char *prefix, const char *path)
{
	const char *dot = *prefix && *path && *path != '[' ? "." : "";

	return arena_format(arena, "%s%s%s", prefix, dot, path);
}

static void add_alternatives(struct path_list *list, struct arena *arena,
			     const char *prefix, const char *path)
{
	while (*path) {
		size_t length = strcspn(path, "|");

		add_path(list, arena,
			 join(arena, prefix, arena_copy(arena, path, length)));
		path += length + (path[length] == '|');
	}
}

static void add_paths(struct path_list *list, struct arena *arena,
		      const struct record *record, const char *prefix)
{
	for (size_t i = 0; i < record->field_count; i++) {
		const struct field *field = &record->fields[i];
		const char *path;

		if (!field->path)
			continue;
		path = join(arena, prefix, field->path);
		if (field->type == FIELD_LIST)
			add_paths(list, arena, field->record,
				  arena_format(arena, "%s[]", path));
		else if (field->type == FIELD_RECORD || field->type == FIELD_SHARED)
			add_paths(list, arena, field->record, path);
		else if (field->type == FIELD_LABELS)
			for (size_t j = 0; field->names[j]; j++)
				add_path(list, arena,
					 arena_format(arena, "%s[%s]", path,
						      field->names[j]));
		else if (field->type == FIELD_STRINGS && field->names)
			for (size_t j = 0; field->names[j]; j++)
				add_path(list, arena,
					 arena_format(arena, "%s=%s", path,
						      field->names[j]));
		else
			add_alternatives(list, arena, prefix, field->path);
	}
}

const char **record_paths(const struct record *record, struct arena *arena, size_t *count)
{
	struct path_list list = { 0 };

	add_paths(&list, arena, record, "");
	*count = list.count;
	return list.items;
}
