// SPDX-License-Identifier: Apache-2.0
#include "wasm_container.h"

#include <wasmdiag/text.h>

#include "common.h"
#include "workload.h"

struct finding *wasm_finding(struct report *report, const struct facts *facts,
			     const struct guide *guide, const struct host *host,
			     const struct wasm_container *wasm)
{
	struct place place = { wasm->namespace, wasm->pod, wasm->container };
	struct finding *finding = container_finding(report, facts, guide, &place);

	finding_value(finding, "node", "%s", text_or_empty(host_subject(host).name));
	return finding;
}

bool runs_wasm(const struct facts *facts, const struct pod *pod)
{
	if (pod_is_wasm(pod))
		return true;
	for (size_t i = 0; i < pod->container_count; i++) {
		struct place place = { pod->namespace, pod->name,
				       pod->containers[i].name };

		if (find_wasm_container(facts, &place))
			return true;
	}
	return false;
}

const struct container *declared_container(const struct facts *facts,
					   const struct wasm_container *wasm)
{
	const struct pod *pod = find_pod(facts, wasm->namespace, wasm->pod);

	return pod && wasm->container ? find_container(pod, wasm->container) : NULL;
}

/* ---- numbers ---- */

static const char *three_digits(struct report *report, double number, const char *unit)
{
	int decimals = number >= 99.95 ? 0 : number >= 9.995 ? 1 : 2;

	return report_text(report, "%.*f %s", decimals, number, unit);
}

const char *bytes_text(struct report *report, int64_t bytes)
{
	static const char *const units[] = { "KiB", "MiB", "GiB" };
	double number = (double)bytes / 1024;
	size_t unit = 0;

	if (bytes < 1024)
		return report_text(report, "%lld bytes", (long long)bytes);
	while (number >= 1024 && unit + 1 < ARRAY_SIZE(units)) {
		number /= 1024;
		unit++;
	}
	return three_digits(report, number, units[unit]);
}

const char *time_text(struct report *report, int64_t ms)
{
	if (ms < 1000)
		return report_text(report, "%lld ms", (long long)ms);
	return three_digits(report, (double)ms / 1000, "s");
}
