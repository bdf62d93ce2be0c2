// SPDX-License-Identifier: Apache-2.0
#include "snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include <wasmdiag/host.h>
#include <wasmdiag/text.h>

#include "facts_rows.h"
#include "json_text.h"

#define UNPACKED_LIMIT ((size_t)64 << 20)
/* Snapshots shrink to a twentieth; gzip's most is 1032. */
#define BOMB_SIZE  ((size_t)4 << 20)
#define BOMB_RATIO 300
#define HOST_LIMIT ((size_t)10000)
/* "[]," is three bytes, and a hundred once it is parsed. */
#define VALUE_LIMIT ((size_t)2000000)

/* The member of a snapshot that holds each fact: when it is there, the fact is known. */
static const char *const fact_members[FACT_COUNT] = {
	[FACT_SERVER] = "server",
	[FACT_NODES] = "nodes",
	[FACT_PODS] = "pods",
	[FACT_EVENTS] = "events",
	[FACT_RUNTIME_CLASSES] = "runtime_classes",
	[FACT_VALIDATING_WEBHOOKS] = "validating_webhooks",
	[FACT_MUTATING_WEBHOOKS] = "mutating_webhooks",
	[FACT_API_SERVICES] = "api_services",
	[FACT_AUTOSCALERS] = "autoscalers",
	[FACT_NODE_METRICS] = "node_metrics",
	[FACT_SERVER_METRICS] = "admissions",
	[FACT_SERVICES] = "services",
	[FACT_ENDPOINTS] = "endpoints",
	[FACT_LOGS] = "logs",
	[FACT_PULLS] = "pulls",
	[FACT_CONSTRAINT_TEMPLATES] = "constraint_templates",
	[FACT_CONSTRAINTS] = "constraints",
	[FACT_GATEKEEPER_CONFIGS] = "gatekeeper_configs",
	[FACT_EXEMPT_NAMESPACES] = "exempt_namespaces",
	[FACT_REFUSED_CONTROLLERS] = "refused_controllers",
	[FACT_VOLUME_CLAIMS] = "volume_claims",
	[FACT_STORAGE_CLASSES] = "storage_classes",
	[FACT_SCALED_OBJECTS] = "scaled_objects",
};

static const char *const host_fact_members[HOST_FACT_COUNT] = {
	[HOST_SYSTEM] = "name",
	[HOST_CONTAINERD] = "containerd",
	[HOST_RUNTIMES] = "runtimes",
	[HOST_KERNEL_MODULES] = "kernel_modules",
	[HOST_SYSCTLS] = "sysctls",
	[HOST_LINKS] = "links",
	[HOST_ROUTES] = "routes",
	[HOST_NEIGHBOURS] = "neighbours",
	[HOST_FORWARDING] = "forwarding",
	[HOST_FLANNEL] = "flannel",
	[HOST_CNI] = "cni",
	[HOST_FIREWALL] = "firewall",
	[HOST_UDP] = "udp",
	[HOST_K3S] = "k3s",
	[HOST_UNITS] = "units",
	[HOST_DISKS] = "disks",
	[HOST_WASM_CONTAINERS] = "wasm_containers",
	[HOST_LOGS] = "logs",
	[HOST_WEBHOOK_PROBES] = "webhook_probes",
	[HOST_CONTAINER_RESOURCES] = "container_resources",
	[HOST_ENGINE_LIBRARIES] = "engine_libraries",
	[HOST_DATASTORE] = "datastore",
	[HOST_MISPLACED_CGROUPS] = "misplaced_cgroups",
	[HOST_CGROUPS] = "cgroup_controllers",
	[HOST_JOIN] = "join",
	[HOST_K3S_CERTIFICATES] = "k3s_certificates",
	[HOST_UNIT_LOGS] = "unit_logs",
};

/* The sources of one object: of the facts, or of one host. */
struct source_table {
	const char *const *names;
	const char *const *members;
	size_t count;
};

static const struct source_table fact_sources = { fact_names, fact_members, FACT_COUNT };
static const struct source_table host_sources = { host_fact_names, host_fact_members,
						  HOST_FACT_COUNT };

/* Not sought goes without saying, unless it has a reason, or data are there. */
static json_t *save_sources(const struct source_table *table,
			    const struct source *sources, const json_t *json)
{
	json_t *object = json_object();

	for (size_t i = 0; i < table->count; i++)
		if (sources[i].state != FACT_NOT_SOUGHT || sources[i].reason ||
		    json_object_get(json, table->members[i]))
			json_object_set_new(object, table->names[i],
					    record_save(&source_record, &sources[i]));
	return object;
}

static json_t *save_host(const struct host *host)
{
	json_t *json = record_save(&host_record, host);

	json_object_set_new(json, "sources",
			    save_sources(&host_sources, host->source, json));
	return json;
}

/* All but the items of lists. */
static json_t *save_frame(const struct facts *facts)
{
	json_t *json = record_save_frame(&facts_record, facts);

	json_object_set_new(json, "schema", json_string(SNAPSHOT_SCHEMA));
	json_object_set_new(json, "tool", json_string(WASMDIAG_VERSION));
	json_object_set_new(json, "sources",
			    save_sources(&fact_sources, facts->source, json));
	if (facts->host_count > 0)
		json_object_set_new(json, "hosts", json_array());
	return json;
}

static json_t *save_item(const void *context, const char *key, size_t index)
{
	const struct facts *facts = context;

	if (text_equal(key, "hosts"))
		return index < facts->host_count ? save_host(&facts->hosts[index]) : NULL;
	return record_save_item(&facts_record, facts, key, index);
}

json_t *snapshot_save(const struct facts *facts)
{
	json_t *json = save_frame(facts), *list, *item;
	const char *key;

	json_object_foreach(json, key, list)
	{
		for (size_t i = 0; (item = save_item(facts, key, i)); i++)
			json_array_append_new(list, item);
	}
	return json;
}

void facts_clear(struct facts *facts)
{
	record_clear(&facts_record, facts);
}

/* A fact that no source speaks of is known when its data are there. */
static bool load_sources(const struct source_table *table, const json_t *json,
			 struct source *sources, struct arena *arena, struct error *error)
{
	const json_t *object = json_object_get(json, "sources");

	for (size_t i = 0; i < table->count; i++) {
		const json_t *source = json_object_get(object, table->names[i]);

		sources[i] = (struct source){ FACT_NOT_SOUGHT, NULL };
		if (!source) {
			if (json_object_get(json, table->members[i]))
				sources[i].state = FACT_KNOWN;
		} else if (!record_load(&source_record, source, &sources[i], arena,
					error)) {
			return fail_in(error, "sources: %s", table->names[i]);
		}
	}
	return true;
}

static bool load_hosts(const json_t *json, struct facts *facts, struct arena *arena,
		       struct error *error)
{
	size_t count = json_array_size(json);

	if (json && !json_is_array(json))
		return fail(error, ERROR_FORMAT, "hosts: should be an array");
	if (count > HOST_LIMIT)
		return fail(error, ERROR_LIMIT, "holds more than %zu hosts", HOST_LIMIT);
	facts->hosts = arena_array(arena, count, sizeof(*facts->hosts));
	for (size_t i = 0; i < count; i++) {
		const json_t *item = json_array_get(json, i);
		struct host *host = &facts->hosts[i];

		if (!record_load(&host_record, item, host, arena, error) ||
		    !load_sources(&host_sources, item, host->source, arena, error))
			return fail_in(error, "host %zu", i);
		facts->host_count++;
	}
	return true;
}

static bool check_schema(const json_t *json, struct error *error)
{
	const char *schema = json_string_value(json_object_get(json, "schema"));

	if (!schema)
		return fail(error, ERROR_FORMAT,
			    "this is no snapshot of wasmdiag: it has no schema");
	if (text_equal(schema, SNAPSHOT_SCHEMA))
		return true;
	if (text_starts(schema, "wasmdiag.facts/"))
		return fail(
			error, ERROR_FORMAT,
			"the snapshot is of schema %.40s, this wasmdiag %s reads %s: use the "
			"version that wrote it",
			schema, WASMDIAG_VERSION, SNAPSHOT_SCHEMA);
	return fail(error, ERROR_FORMAT,
		    "this is no snapshot of wasmdiag: its schema is %.40s", schema);
}

bool snapshot_parse(const json_t *json, struct facts *facts, struct arena *arena,
		    struct error *error)
{
	if (!check_schema(json, error))
		return false;
	if (!record_load(&facts_record, json, facts, arena, error))
		return false;
	if (!load_sources(&fact_sources, json, facts->source, arena, error))
		return false;
	return load_hosts(json_object_get(json, "hosts"), facts, arena, error);
}

/* gzread() also reads what is not compressed. */
struct reader {
	gzFile file;
	size_t total;
	size_t values;
	bool too_large;
	bool broken;
};

static bool is_bomb(const struct reader *reader)
{
	z_off_t packed = gzoffset(reader->file);

	return reader->total > BOMB_SIZE && !gzdirect(reader->file) && packed > 0 &&
	       reader->total / (size_t)packed > BOMB_RATIO;
}

/* Values begin behind these, seldom anything else; those in strings count as well. */
static size_t count_values(const char *bytes, size_t length)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += bytes[i] == ',' || bytes[i] == '[' || bytes[i] == '{';
	return count;
}

static size_t read_more(void *buffer, size_t size, void *data)
{
	struct reader *reader = data;
	int got = gzread(reader->file, buffer, (unsigned)size);

	if (got < 0) {
		reader->broken = true;
		return (size_t)-1;
	}
	reader->total += (size_t)got;
	reader->values += count_values(buffer, (size_t)got);
	if (reader->total > UNPACKED_LIMIT || reader->values > VALUE_LIMIT ||
	    is_bomb(reader)) {
		reader->too_large = true;
		return (size_t)-1;
	}
	return (size_t)got;
}

static bool parse_stream(gzFile file, struct facts *facts, struct arena *arena,
			 struct error *error)
{
	struct reader reader = { .file = file };
	json_error_t problem;
	json_auto_t *json = json_load_callback(
		read_more, &reader, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &problem);
	int status = Z_OK;

	if (reader.too_large)
		return fail(error, ERROR_LIMIT,
			    "is larger than 64 MiB when unpacked, has more than 2 "
			    "million values, or is a gzip bomb");
	gzerror(file, &status);
	if (reader.broken || status == Z_BUF_ERROR)
		return fail(error, ERROR_FORMAT,
			    "is truncated or damaged: its gzip data do not unpack");
	if (!json)
		return fail(error, ERROR_FORMAT, "is no snapshot: line %d: %s",
			    problem.line, problem.text);
	return snapshot_parse(json, facts, arena, error);
}

bool snapshot_load(const char *path, struct facts *facts, struct arena *arena,
		   struct error *error)
{
	bool standard_input = text_equal(path, "-"), loaded;
	int fd = standard_input ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	gzFile file;

	if (fd < 0)
		return fail_errno(error, errno, "%s", path);
	file = gzdopen(fd, "rb");
	if (!file) {
		close(fd);
		return fail(error, ERROR_SYSTEM, "%s: cannot be read", path);
	}
	loaded = parse_stream(file, facts, arena, error);
	gzclose_r(file);
	return loaded ? true
		      : fail_in(error, "%s", standard_input ? "standard input" : path);
}

static ssize_t write_gzip(void *file, const char *bytes, size_t size)
{
	return gzwrite(file, bytes, (unsigned)size);
}

bool snapshot_print(const struct facts *facts, FILE *out)
{
	const struct json_lists lists = { save_item, facts };
	json_auto_t *frame = save_frame(facts);

	return json_print_long(frame, &lists, JSON_INDENT(1) | JSON_SORT_KEYS, out);
}

static bool write_facts(const struct facts *facts, gzFile file)
{
	const cookie_io_functions_t functions = { .write = write_gzip };
	FILE *out = fopencookie(file, "w", functions);
	bool written;

	if (!out)
		return false;
	written = snapshot_print(facts, out);
	return fclose(out) == 0 && written;
}

bool snapshot_write(const struct facts *facts, const char *path, struct error *error)
{
	bool standard_output = text_equal(path, "-");
	bool pack = text_ends(path, ".gz");
	bool written;
	gzFile file;
	int fd;

	fd = standard_output ? dup(STDOUT_FILENO)
			     : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail_errno(error, errno, "%s", path);
	file = gzdopen(fd, pack ? "wb" : "wbT");
	if (!file) {
		close(fd);
		return fail(error, ERROR_SYSTEM, "%s: cannot be written", path);
	}
	written = write_facts(facts, file);
	if (gzclose_w(file) != Z_OK || !written)
		return fail(error, ERROR_SYSTEM, "%s: cannot be written: %s", path,
			    strerror(errno));
	return true;
}

bool snapshot_has_word(const char *text)
{
	return record_has_word(&facts_record, text) ||
	       record_has_word(&host_record, text) ||
	       record_has_word(&source_record, text);
}
