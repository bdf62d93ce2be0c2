// SPDX-License-Identifier: Apache-2.0
#include "collect/k3s.h"

#include <fcntl.h>

#include <wasmdiag/text.h>

#include "cleanup.h"
#include "collect/chase.h"
#include "collect/folder.h"
#include "collect/host_system.h"
#include "collect/processes.h"

#define CONFIG_LIMIT ((size_t)1 << 20)

static const char config_file[] = "/etc/rancher/k3s/config.yaml";

struct reading {
	struct host_context *context;
	struct k3s_target target;
};

static void name_file(const struct reading *reading, const char *path)
{
	struct k3s_secrets *secrets = reading->target.secrets;

	if (secrets)
		secrets->file = arena_string(secrets->arena, path);
}

/* A file that is not there is fine; another error is kept as k3s's. */
static void read_config(const struct reading *reading, const char *path)
{
	struct error error = { 0 };
	struct bytes bytes = { 0 };
	struct arena scratch = { 0 };
	struct host_context reader = *reading->context;
	struct arena *arena = reading->context->arena;
	struct k3s *k3s = reading->target.k3s;

	reader.arena = &scratch; /* the file may hold secrets: let go of it */
	if (host_read(&reader, path, CONFIG_LIMIT, &bytes, &error)) {
		if (!k3s->config)
			k3s->config = arena_string(arena, path);
		name_file(reading, path);
		k3s_apply_config(&reading->target, path, bytes, &error);
	}
	if (error.kind && error.kind != ERROR_ABSENT && !k3s->error)
		k3s->error = arena_string(arena, error.text);
	arena_free(&scratch);
}

static void read_configs(const struct reading *reading)
{
	static const char *const endings[] = { ".yaml", ".yml", NULL };
	struct arena *arena = reading->context->arena;
	const char *folder = arena_format(arena, "%s.d", config_file);
	struct string_list names = folder_files(reading->context, folder, endings);

	read_config(reading, config_file);
	for (size_t i = 0; i < names.count; i++)
		read_config(reading,
			    arena_format(arena, "%s/%s", folder, names.items[i]));
}

static void read_environment(const struct reading *reading, struct host_context *reader,
			     const char *path)
{
	char *text = host_text(reader, path, NULL);

	if (!text)
		return;
	name_file(reading, path);
	k3s_apply_environment(&reading->target, text);
}

/* Its unit, and the environment files it names; all of them may hold secrets. */
static bool read_unit(const struct reading *reading, const char *name)
{
	struct arena scratch = { 0 };
	struct host_context reader = *reading->context;
	const char *path = arena_format(reading->context->arena,
					"/etc/systemd/system/%s.service", name);
	char *text;

	reader.arena = &scratch;
	text = host_text(&reader, path, NULL);
	/* in the order of the unit that install.sh writes: the last one wins */
	read_environment(reading, &reader,
			 arena_format(&scratch, "/etc/default/%s", name));
	read_environment(reading, &reader,
			 arena_format(&scratch, "/etc/sysconfig/%s", name));
	read_environment(reading, &reader, arena_format(&scratch, "%s.env", path));
	if (text) {
		name_file(reading, path);
		k3s_apply_unit(&reading->target, text);
	}
	arena_free(&scratch);
	return text != NULL;
}

bool k3s_read(struct host_context *context, const char *role, struct k3s *k3s,
	      struct k3s_secrets *secrets)
{
	const struct reading reading = { context, { context->arena, k3s, secrets } };
	bool is_server = text_equal(role, "server");
	bool has_unit;

	read_configs(&reading);
	/* a node has one of them; where both are left, the one that runs counts last */
	has_unit = read_unit(&reading, is_server ? "k3s-agent" : "k3s");
	has_unit |= read_unit(&reading, is_server ? "k3s" : "k3s-agent");
	return has_unit;
}

/* A process that is K3s here says which role it has by its name. */
static const char *running_role(struct host_context *context)
{
	const struct process_list *list = host_processes(context);

	for (size_t i = 0; i < list->count; i++) {
		if (!text_starts(list->items[i].name, "k3s-") ||
		    process_in_root(context, list->items[i].pid) != ANSWER_YES)
			continue;
		if (text_starts(list->items[i].name, "k3s-server"))
			return "server";
		if (text_starts(list->items[i].name, "k3s-agent"))
			return "agent";
	}
	return NULL;
}

static const char *find_binary(struct host_context *context)
{
	static const char *const paths[] = { "/usr/local/bin/k3s", "/opt/bin/k3s",
					     "/usr/bin/k3s" };

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		if (host_exists(context, paths[i]))
			return paths[i];
	return NULL;
}

/* "k3s version v1.31.6+k3s1 (6ab750f9)" */
static const char *ask_version(struct host_context *context, const char *binary)
{
	static const char start[] = "k3s version ";
	const char *const argv[] = { binary, "--version", NULL };
	char *output;

	if (!host_run(context, argv, &output, NULL) || !text_starts(output, start))
		return NULL;
	output += strlen(start);
	return arena_copy(context->arena, output, strcspn(output, " \n"));
}

void collect_k3s(struct host_context *context, struct host *host)
{
	struct source *source = &host->source[HOST_K3S];
	struct k3s *k3s = &host->k3s;
	const char *binary = find_binary(context);
	const char *role = running_role(context);
	bool has_unit;

	*k3s = (struct k3s){ 0 };
	has_unit = k3s_read(context, role, k3s, NULL);
	if (role)
		k3s->role = role;
	k3s->installed = binary || role || has_unit;
	if (!k3s->installed) {
		*k3s = (struct k3s){ 0 };
		host_fact_set(context, source, FACT_ABSENT, "K3s is not installed here");
		return;
	}
	if (!k3s->data_dir)
		k3s->data_dir = "/var/lib/rancher/k3s";
	if (binary)
		k3s->version = ask_version(context, binary);
	host_fact_set(context, source, FACT_KNOWN, NULL);
}
