// SPDX-License-Identifier: Apache-2.0
#include "collect/eviction.h"

#include <stdlib.h>

#include <wasmdiag/text.h>

#include "collect/chase.h"
#include "collect/folder.h"
#include "collect/host_system.h"
#include "collect/yaml.h"
#include "quantity.h"

#define CONFIG_LIMIT ((size_t)1 << 20)

static const char nodefs[] = "nodefs.available";
static const char imagefs[] = "imagefs.available";

/* The evictionHard of one file, if it has one. */
static bool read_file(struct host_context *context, const char *path,
		      struct eviction *eviction)
{
	struct arena scratch = { 0 };
	struct host_context reader = *context;
	const struct yaml_node *tree = NULL, *map = NULL;
	struct bytes bytes;

	reader.arena = &scratch;
	if (host_read(&reader, path, CONFIG_LIMIT, &bytes, NULL) &&
	    yaml_parse(path, bytes, &scratch, &tree, NULL))
		map = yaml_get(tree, "evictionHard");
	if (map && map->kind != YAML_MAPPING)
		map = NULL;
	if (map)
		*eviction = (struct eviction){
			arena_string(context->arena, yaml_text(yaml_get(map, nodefs))),
			arena_string(context->arena, yaml_text(yaml_get(map, imagefs))),
		};
	arena_free(&scratch);
	return map != NULL;
}

static bool read_drop_ins(struct host_context *context, const char *data_dir,
			  struct eviction *eviction)
{
	static const char *const endings[] = { ".conf", NULL };
	const char *folder =
		arena_format(context->arena, "%s/agent/etc/kubelet.conf.d", data_dir);
	struct string_list names = folder_files(context, folder, endings);
	bool found = false;

	for (size_t i = 0; i < names.count; i++)
		found |= read_file(
			context,
			arena_format(context->arena, "%s/%s", folder, names.items[i]),
			eviction);
	return found;
}

/* nodefs.available<5%,imagefs.available<1Gi */
static void read_flag(struct host_context *context, const char *flag,
		      struct eviction *eviction)
{
	char *rest = arena_string(context->arena, flag), *item, *value;

	*eviction = (struct eviction){ 0 };
	while ((item = strsep(&rest, ","))) {
		value = strchr(item, '<');
		if (!value)
			continue;
		*value++ = '\0';
		if (text_equal(item, nodefs))
			eviction->nodefs = value;
		else if (text_equal(item, imagefs))
			eviction->imagefs = value;
	}
}

bool eviction_read(struct host_context *context, const char *data_dir,
		   struct eviction *ret)
{
	const char *file = host_kubelet_option(context, "--config");
	const char *flag = host_kubelet_option(context, "--eviction-hard");
	bool found;

	*ret = (struct eviction){ 0 };
	found = read_file(context, file ? file : "/var/lib/kubelet/config.yaml", ret);
	found |= read_drop_ins(context, data_dir, ret);
	if (flag)
		read_flag(context, flag, ret);
	return found || flag;
}

int64_t eviction_reserve(const char *threshold, int64_t total)
{
	char *end;
	double percent;

	if (!threshold)
		return 0;
	if (!text_ends(threshold, "%"))
		return quantity_units(threshold);
	percent = strtod(threshold, &end);
	if (end == threshold || *end != '%' || !(percent >= 0 && percent <= 100) ||
	    total < 0)
		return UNSET;
	return (int64_t)((double)total / 100 * percent);
}
