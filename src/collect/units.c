// SPDX-License-Identifier: Apache-2.0
#include "collect/units.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include <wasmdiag/text.h>

#include "collect/chase.h"
#include "collect/host_system.h"

#define MAX_UNITS 32

static const struct unit empty = { .restarts = UNSET, .started = UNSET };

static int64_t number(const char *value)
{
	int64_t result;
	char *end;

	errno = 0;
	result = strtoll(value, &end, 10);
	return errno || end == value || *end ? UNSET : result;
}

/* The Unix time of a moment that systemd counts in microseconds from boot, 0: never. */
static int64_t moment(int64_t boot, const char *value)
{
	int64_t microseconds = number(value);

	return microseconds <= 0 || boot == UNSET ? UNSET : boot + microseconds / 1000000;
}

static void set_property(struct unit *unit, int64_t boot, const char *name, char *value)
{
	if (text_equal(name, "Id")) {
		if (text_ends(value, ".service"))
			value[strlen(value) - strlen(".service")] = '\0';
		unit->name = value;
	} else if (text_equal(name, "LoadState")) {
		unit->load_state = value;
	} else if (text_equal(name, "ActiveState")) {
		unit->active_state = value;
	} else if (text_equal(name, "SubState")) {
		unit->sub_state = value;
	} else if (text_equal(name, "Result")) {
		unit->result = value;
	} else if (text_equal(name, "NRestarts")) {
		unit->restarts = number(value);
	} else if (text_equal(name, "ExecMainStartTimestampMonotonic")) {
		unit->started = moment(boot, value);
	}
}

static void keep_unit(struct arena *arena, struct host *host, const struct unit *unit)
{
	if (!unit->name || text_equal(unit->load_state, "not-found") ||
	    host->unit_count == MAX_UNITS)
		return;
	host->units =
		arena_grow(arena, host->units, host->unit_count, sizeof(*host->units));
	host->units[host->unit_count++] = *unit;
}

void units_parse(struct arena *arena, char *output, int64_t boot, struct host *host)
{
	struct unit unit = empty;
	char *line, *equals;

	while ((line = strsep(&output, "\n"))) {
		equals = strchr(line, '=');
		if (equals) {
			*equals = '\0';
			set_property(&unit, boot, line, equals + 1);
		} else if (!*line) {
			keep_unit(arena, host, &unit);
			unit = empty;
		}
	}
	keep_unit(arena, host, &unit);
}

/* When the clock that systemd counts by stood at zero. */
static int64_t boot_time(void)
{
	struct timespec now, since;

	if (clock_gettime(CLOCK_REALTIME, &now) || clock_gettime(CLOCK_MONOTONIC, &since))
		return UNSET;
	return now.tv_sec - since.tv_sec;
}

void collect_units(struct host_context *context, struct host *host)
{
	static const char properties[] = "Id,LoadState,ActiveState,SubState,Result,"
					 "NRestarts,ExecMainStartTimestampMonotonic";
	const char *const argv[] = {
		host_tool(context, "systemctl"),
		"show",
		"-p",
		properties,
		"k3s",
		"k3s-agent",
		"containerd",
		"kubelet",
		NULL,
	};
	struct source *source = &host->source[HOST_UNITS];
	struct error error = { 0 };
	char *output;

	if (!argv[0] || !host_exists(context, "/run/systemd/system")) {
		host_fact_set(context, source, FACT_ABSENT, "there is no systemd here");
	} else if (!host_run(context, argv, &output, &error)) {
		/* to be told no is one thing; a missing bus is a failure, not "absent" */
		if (error.kind == ERROR_ABSENT)
			error.kind = ERROR_SYSTEM;
		host_fact_error(context, source, &error);
	} else {
		units_parse(context->arena, output, boot_time(), host);
		host_fact_set(context, source, FACT_KNOWN, NULL);
	}
}
