// SPDX-License-Identifier: Apache-2.0
#include "thresholds.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <wasmdiag/facts.h>
#include <wasmdiag/text.h>

#include "options.h"
#include "quantity.h"

#define MIB ((int64_t)1 << 20)

/* clang-format off */
const struct threshold_row threshold_rows[THRESHOLD_COUNT] = {
	[THRESHOLD_CRUN_VERSION] = { "crun-version", UNIT_VERSION, 1008005, "1.8.5",
		{ { "crun older than this is old (WD2102)", "早于此版本的 crun 视为过旧（WD2102）" } } },
	[THRESHOLD_PULL] = { "pull", UNIT_MILLISECONDS, 5000, NULL,
		{ { "an image pull longer than this is slow (WD6101)", "镜像拉取超过此时长视为缓慢（WD6101）" } } },
	[THRESHOLD_START] = { "start", UNIT_MILLISECONDS, 500, "10ms",
		{ { "creating and starting a container longer than this is slow (WD6103)",
		    "创建并启动容器超过此时长视为缓慢（WD6103）" } } },
	[THRESHOLD_MEMORY] = { "memory", UNIT_BYTES, 64 * MIB, "10M",
		{ { "a Wasm container using more than this is large (WD6201)",
		    "Wasm 容器内存超过此值视为偏高（WD6201）" } } },
	[THRESHOLD_MEMORY_SHARE] = { "memory-share", UNIT_PERCENT, 80, NULL,
		{ { "using more than this share of its limit is near it (WD6202)",
		    "内存超过上限的这一比例视为接近上限（WD6202）" } } },
	[THRESHOLD_CLOCK_SKEW] = { "clock-skew", UNIT_MILLISECONDS, 60000, NULL,
		{ { "clocks further apart than this disagree (WD3106)", "时钟相差超过此值视为偏差（WD3106）" } } },
	[THRESHOLD_SILENCE] = { "silence", UNIT_MILLISECONDS, 60000, NULL,
		{ { "a module that could write and has not for longer than this is silent (WD2110)",
		    "模块能够输出却超过此时长没有输出视为静默（WD2110）" } } },
	[THRESHOLD_THROTTLED] = { "throttled", UNIT_PERCENT, 25, NULL,
		{ { "stopped by its cpu limit in more than this share of periods is throttled (WD6104)",
		    "被 CPU 限制暂停的周期超过此比例视为限流（WD6104）" } } },
	[THRESHOLD_MODULE_SIZE] = { "module-size", UNIT_BYTES, 16 * MIB, NULL,
		{ { "a module larger than this is heavy (WD6102)", "大于此值的模块视为过大（WD6102）" } } },
	[THRESHOLD_DEBUG_SIZE] = { "debug-size", UNIT_BYTES, 1 * MIB, NULL,
		{ { "a module with more debug information than this is heavy (WD6102)",
		    "调试信息超过此值的模块视为过大（WD6102）" } } },
	[THRESHOLD_IMAGE_SIZE] = { "image-size", UNIT_BYTES, 100 * MIB, NULL,
		{ { "an image of a Wasm pod larger than this is heavy (WD6102)",
		    "Wasm Pod 的镜像大于此值视为过大（WD6102）" } } },
	[THRESHOLD_MEMORY_GROWTH] = { "memory-growth", UNIT_BYTES, 4 * MIB, NULL,
		{ { "growing by more than this an hour between two snapshots is a leak to look at (WD6203)",
		    "两次快照间每小时增长超过此值应检查泄漏（WD6203）" } } },
	/* three intervals of 60 s, Gatekeeper's default (facts D6) */
	[THRESHOLD_AUDIT] = { "audit", UNIT_MILLISECONDS, 180000, NULL,
		{ { "no audit of Gatekeeper's for longer than this is stale (WD4205)",
		    "Gatekeeper 超过此时长未审计视为停滞（WD4205）" } } },
	[THRESHOLD_WAL] = { "wal", UNIT_BYTES, 128 * MIB, NULL,
		{ { "a state.db-wal larger than this has run away (WD3304)",
		    "state.db-wal 超过此值视为失控（WD3304）" } } },
	[THRESHOLD_DISK_MARGIN] = { "disk-margin", UNIT_PERCENT, 5, NULL,
		{ { "free space within this many points of where kubelet evicts is low (WD3302, WD3303)",
		    "可用空间距 kubelet 驱逐阈值不足此百分点视为偏低（WD3302、WD3303）" } } },
};
/* clang-format on */

static const char *const unit_examples[] = {
	[UNIT_MILLISECONDS] = "a time such as 500ms or 5s",
	[UNIT_BYTES] = "a size such as 64Mi or 10M",
	[UNIT_PERCENT] = "a percentage from 0 to 100",
	[UNIT_VERSION] = "a version such as 1.8.5",
};

void thresholds_default(int64_t values[THRESHOLD_COUNT])
{
	for (size_t i = 0; i < THRESHOLD_COUNT; i++)
		values[i] = threshold_rows[i].value;
}

static int64_t parse_percent(const char *text)
{
	char *end;
	long value;

	if (!isdigit((unsigned char)*text))
		return UNSET;
	value = strtol(text, &end, 10);
	if (*end == '%')
		end++;
	return *end || value > 100 ? UNSET : value;
}

static int64_t parse_version(const char *text)
{
	int64_t version = 0;

	for (int i = 0; i < 3; i++) {
		char *end;
		long part = 0;

		if (i == 0 || *text) {
			if (!isdigit((unsigned char)*text))
				return UNSET;
			part = strtol(text, &end, 10);
			if (part > 999 || (*end && *end != '.'))
				return UNSET;
			text = end + (*end == '.');
		}
		version = version * 1000 + part;
	}
	return *text ? UNSET : version;
}

static int64_t parse_value(enum threshold_unit unit, const char *text)
{
	int64_t value = UNSET;

	switch (unit) {
	case UNIT_MILLISECONDS:
		value = parse_duration_ms(text);
		break;
	case UNIT_BYTES:
		value = quantity_units(text);
		break;
	case UNIT_PERCENT:
		return parse_percent(text);
	case UNIT_VERSION:
		return parse_version(text);
	}
	return value < 0 ? UNSET : value;
}

static bool no_such_threshold(const char *name, struct error *error)
{
	char names[256] = "";
	size_t length = 0;

	for (size_t i = 0; i < THRESHOLD_COUNT && length < sizeof(names); i++)
		length += (size_t)snprintf(names + length, sizeof(names) - length, "%s%s",
					   i ? ", " : "", threshold_rows[i].name);
	return fail(error, ERROR_USAGE, "there is no threshold %s: there are %s", name,
		    names);
}

bool threshold_set(int64_t values[THRESHOLD_COUNT], const char *name, const char *value,
		   struct error *error)
{
	for (size_t i = 0; i < THRESHOLD_COUNT; i++) {
		const struct threshold_row *row = &threshold_rows[i];
		int64_t number;

		if (!text_equal(row->name, name))
			continue;
		number = parse_value(row->unit, value);
		if (number == UNSET)
			return fail(error, ERROR_USAGE, "%s: %s should be %s", name,
				    value, unit_examples[row->unit]);
		values[i] = number;
		return true;
	}
	return no_such_threshold(name, error);
}

void threshold_write(enum threshold_unit unit, int64_t value, char *out, size_t size)
{
	long long number = (long long)value;

	switch (unit) {
	case UNIT_MILLISECONDS:
		if (number % 1000)
			snprintf(out, size, "%lldms", number);
		else
			snprintf(out, size, "%llds", number / 1000);
		break;
	case UNIT_BYTES:
		if (number % MIB)
			snprintf(out, size, "%lld", number);
		else
			snprintf(out, size, "%lldMi", number / MIB);
		break;
	case UNIT_PERCENT:
		snprintf(out, size, "%lld%%", number);
		break;
	case UNIT_VERSION:
		snprintf(out, size, "%lld.%lld.%lld", number / 1000000,
			 number / 1000 % 1000, number % 1000);
		break;
	}
}
