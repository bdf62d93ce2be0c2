// SPDX-License-Identifier: Apache-2.0
#include "cluster.h"

#include <err.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <wasmdiag/text.h>

enum {
	POD_COUNT_OF_WORKLOAD = 20,
	NAMESPACES = 200,
	VARIANTS = 16,
};

/* What a template is made of: bytes as they stand, then a value; the last has none. */
struct part {
	const char *text;
	size_t length;
	char value[16]; /* "pod" of "@pod@"; "" at the end */
};

struct template
{
	struct part *parts;
	size_t count;
};

struct list_templates {
	struct template base, wasm, sick[VARIANTS], sick_wasm[VARIANTS];
	size_t sick_count, sick_wasm_count;
};

struct cluster_model {
	struct cluster_shape shape;
	struct list_templates lists[CLUSTER_LIST_COUNT];
};

/* The item being written. */
struct item {
	const struct cluster_model *model;
	uint64_t chance; /* the same for the same item */
	size_t pod, node, workload;
};

static const char *const file_names[] = {
	"nodes", "pods", "events", "autoscalers", "node_metrics", "claims",
};

/* ---- templates ---- */

/* RFC 7386: null takes a member away. */
static void merge(json_t *into, json_t *patch)
{
	const char *name;
	json_t *value;

	json_object_foreach(patch, name, value)
	{
		json_t *old = json_object_get(into, name);

		if (json_is_null(value)) {
			json_object_del(into, name);
		} else if (json_is_object(value) && json_is_object(old)) {
			merge(old, value);
		} else {
			json_object_set(into, name, value);
		}
	}
}

static void add_part(struct template *template, const char *text, size_t length,
		     const char *value, size_t value_length)
{
	struct part part = { .text = text, .length = length };

	template->parts = realloc(template->parts,
				  (template->count + 1) * sizeof(*template->parts));
	if (!template->parts || value_length >= sizeof(part.value))
		errx(1, "template: no memory, or a name too long");
	memcpy(part.value, value, value_length);
	template->parts[template->count++] = part;
}

/* "@pod@" is a value; "@#count@" is one that is no string: its quotes go, too. */
static struct template compile(const json_t *object)
{
	struct template template = { 0 };
	const char *at = json_dumps(object, JSON_COMPACT), *start = at;

	if (!at)
		errx(1, "template: no memory");
	while ((at = strchr(at, '@'))) {
		const char *name = at + 1, *end = strchr(name, '@');
		bool bare = *name == '#' && at[-1] == '"' && end && end[1] == '"';

		if (!end ||
		    strspn(name, "#abcdefghijklmnopqrstuvwxyz") != (size_t)(end - name)) {
			at++; /* an address, or an image by its digest */
			continue;
		}
		name += *name == '#';
		add_part(&template, start, (size_t)(at - start) - bare, name,
			 (size_t)(end - name));
		at = start = end + 1 + bare;
	}
	add_part(&template, start, strlen(start), "", 0);
	return template;
}

static struct template compile_variant(const json_t *base, json_t *patch)
{
	json_auto_t *object = json_deep_copy(base);

	merge(object, patch);
	return compile(object);
}

static size_t compile_variants(const json_t *base, const json_t *patches,
			       struct template variants[VARIANTS])
{
	size_t count = json_array_size(patches);

	if (count > VARIANTS)
		errx(1, "template: more than %d variants", VARIANTS);
	for (size_t i = 0; i < count; i++)
		variants[i] = compile_variant(base, json_array_get(patches, i));
	return count;
}

static void load(const char *folder, const char *name, struct list_templates *list)
{
	json_auto_t *file = NULL;
	json_error_t error;
	json_t *base, *wasm;
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s.json", folder, name);
	file = json_load_file(path, 0, &error);
	base = json_object_get(file, "base");
	wasm = json_object_get(file, "wasm");
	if (!base)
		errx(1, "%s:%d: %s", path, error.line, error.text);
	list->base = compile(base);
	list->wasm = wasm ? compile_variant(base, wasm) : list->base;
	list->sick_count =
		compile_variants(base, json_object_get(file, "sick"), list->sick);
	list->sick_wasm_count = compile_variants(base, json_object_get(file, "sick_wasm"),
						 list->sick_wasm);
}

const struct cluster_model *cluster_open(const char *templates,
					 const struct cluster_shape *shape)
{
	struct cluster_model *model = calloc(1, sizeof(*model));

	if (!model || !shape->nodes || !shape->pods)
		errx(1, "a cluster has nodes and pods");
	model->shape = *shape;
	for (size_t i = 0; i < CLUSTER_LIST_COUNT; i++)
		load(templates, file_names[i], &model->lists[i]);
	return model;
}

size_t cluster_size(const struct cluster_model *model, enum cluster_list list)
{
	switch (list) {
	case CLUSTER_PODS:
		return model->shape.pods;
	case CLUSTER_EVENTS:
		return model->shape.events;
	case CLUSTER_AUTOSCALERS:
		return model->shape.autoscalers;
	case CLUSTER_CLAIMS:
		return model->shape.claims;
	default:
		return model->shape.nodes;
	}
}

/* ---- values ---- */

/* splitmix64 */
static uint64_t mix(uint64_t value)
{
	value += UINT64_C(0x9e3779b97f4a7c15);
	value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
	return value ^ value >> 31;
}

static void append(struct buffer *out, const char *bytes, size_t length)
{
	if (!buffer_append(out, bytes, length, BUFFER_LIMIT))
		errx(1, "no memory");
}

static __attribute__((format(printf, 2, 3))) void print(struct buffer *out,
							const char *format, ...)
{
	char text[256];
	va_list arguments;

	va_start(arguments, format);
	append(out, text, (size_t)vsnprintf(text, sizeof(text), format, arguments));
	va_end(arguments);
}

static void print_digits(struct buffer *out, uint64_t number, const char *digits,
			 size_t length)
{
	size_t base = strlen(digits);
	char text[64];

	for (size_t i = 0; i < length; i++) {
		text[i] = digits[number % base];
		number = i % 8 == 7 ? mix(number) : number / base;
	}
	append(out, text, length);
}

static void print_hex(struct buffer *out, uint64_t number, size_t length)
{
	print_digits(out, number, "0123456789abcdef", length);
}

/* As names of ReplicaSets and their pods end: no vowels, so that no words arise. */
static void print_suffix(struct buffer *out, uint64_t number, size_t length)
{
	print_digits(out, number, "bcdfghjklmnpqrstvwxz2456789", length);
}

static uint64_t workload_chance(const struct item *item)
{
	return mix(item->model->shape.seed ^ mix(item->workload));
}

static void print_names(const struct item *item, const char *value, struct buffer *out)
{
	uint64_t chance = workload_chance(item);

	print(out, "svc-%05zu", item->workload);
	if (text_equal(value, "app"))
		return;
	append(out, "-", 1);
	print_suffix(out, chance, 10);
	if (text_equal(value, "set"))
		return;
	append(out, "-", 1);
	print_suffix(out, mix(item->pod), 5);
}

static void print_number(const struct item *item, const char *value, struct buffer *out)
{
	const struct cluster_shape *shape = &item->model->shape;
	size_t number = item->chance % 100 + 1;

	if (text_equal(value, "nodes"))
		number = shape->nodes;
	else if (text_equal(value, "version"))
		number = item->chance % 1000000000;
	print(out, "%zu", number);
}

static void print_address(const struct item *item, const char *value, struct buffer *out)
{
	unsigned node = (unsigned)item->node;

	if (text_equal(value, "node"))
		print(out, "node-%05u", node);
	else if (text_equal(value, "host"))
		print(out, "172.%u.%u.%u", 16 + node / 65536, node / 256 % 256,
		      node % 256);
	else if (text_equal(value, "cidr"))
		print(out, "10.%u.%u.0/24", node / 256 % 256, node % 256);
	else if (text_equal(value, "ip"))
		print(out, "10.%u.%u.%u", node / 256 % 256, node % 256,
		      (unsigned)(item->chance % 254 + 1));
	else
		print(out, "02:00:00:%02x:%02x:%02x", node >> 16 & 255, node >> 8 & 255,
		      node & 255);
}

static void print_uid(const struct item *item, struct buffer *out)
{
	static const size_t lengths[] = { 8, 4, 4, 4, 12 };

	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		if (i)
			append(out, "-", 1);
		print_hex(out, mix(item->chance + i), lengths[i]);
	}
}

/* A time of the past, or the cluster's now. */
static void print_time(const struct item *item, const char *value, struct buffer *out)
{
	time_t when = (time_t)item->model->shape.now;
	struct tm parts;

	if (text_equal(value, "time"))
		when -= (time_t)(86400 + item->chance % (UINT64_C(20) * 86400));
	gmtime_r(&when, &parts);
	print(out, "%04d-%02d-%02dT%02d:%02d:%02dZ", parts.tm_year + 1900,
	      parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

static bool is_one_of(const char *value, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_equal(value, names[i]))
			return true;
	return false;
}

static void print_value(const struct item *item, const char *value, struct buffer *out)
{
	static const char *const names[] = { "app", "set", "pod" };
	static const char *const numbers[] = { "count", "nodes", "version" };

	if (is_one_of(value, names, ARRAY_SIZE(names)))
		print_names(item, value, out);
	else if (is_one_of(value, numbers, ARRAY_SIZE(numbers)))
		print_number(item, value, out);
	else if (text_equal(value, "namespace"))
		print(out, "team-%03u", (unsigned)(workload_chance(item) % NAMESPACES));
	else if (text_equal(value, "uid"))
		print_uid(item, out);
	else if (text_equal(value, "digest") || text_equal(value, "container"))
		print_hex(out, item->chance ^ (unsigned char)*value, 64);
	else if (text_equal(value, "hash"))
		print_suffix(out, workload_chance(item), 10);
	else if (text_equal(value, "event"))
		print_hex(out, item->chance, 16);
	else if (text_equal(value, "time") || text_equal(value, "now"))
		print_time(item, value, out);
	else
		print_address(item, value, out);
}

/* ---- items ---- */

static struct item make_item(const struct cluster_model *model, enum cluster_list list,
			     size_t index)
{
	const struct cluster_shape *shape = &model->shape;
	uint64_t chance = mix(mix(shape->seed * CLUSTER_LIST_COUNT + list) + index);
	struct item item = { .model = model, .chance = chance, .pod = index };

	if (list == CLUSTER_EVENTS)
		item.pod = (chance >> 20) % shape->pods;
	else if (list == CLUSTER_AUTOSCALERS || list == CLUSTER_CLAIMS)
		item.pod = index * POD_COUNT_OF_WORKLOAD % shape->pods;
	item.workload = item.pod / POD_COUNT_OF_WORKLOAD;
	item.node = mix(shape->seed + item.pod) % shape->nodes;
	if (list == CLUSTER_NODES || list == CLUSTER_NODE_METRICS)
		item.node = index;
	return item;
}

static const struct template *choose(const struct item *item, enum cluster_list list)
{
	const struct cluster_model *model = item->model;
	const struct list_templates *templates = &model->lists[list];
	bool wasm = workload_chance(item) % 1000 < model->shape.wasm;
	bool sick = list == CLUSTER_EVENTS || item->chance % 1000 < model->shape.sick;
	uint64_t which = mix(item->chance);

	if (sick && wasm && templates->sick_wasm_count)
		return &templates->sick_wasm[which % templates->sick_wasm_count];
	if (sick && templates->sick_count)
		return &templates->sick[which % templates->sick_count];
	return wasm ? &templates->wasm : &templates->base;
}

void cluster_write(const struct cluster_model *model, enum cluster_list list,
		   size_t index, struct buffer *out)
{
	const struct item item = make_item(model, list, index);
	const struct template *template = choose(&item, list);

	for (size_t i = 0; i < template->count; i++) {
		const struct part *part = &template->parts[i];

		append(out, part->text, part->length);
		if (*part->value)
			print_value(&item, part->value, out);
	}
}
