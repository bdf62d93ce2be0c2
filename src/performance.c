// SPDX-License-Identifier: Apache-2.0
/* What follows from <wasmdiag/performance.h>: pure. */
#include <wasmdiag/performance.h>

#include <wasmdiag/host.h>
#include <wasmdiag/text.h>

int64_t container_charged(const struct container_resources *resources)
{
	int64_t cache = resources->memory_reclaimable;

	if (resources->memory < 0)
		return UNSET;
	if (cache <= 0)
		return resources->memory;
	return cache < resources->memory ? resources->memory - cache : 0;
}

int64_t container_memory(const struct container_resources *resources)
{
	int64_t charged = container_charged(resources);

	if (resources->resident > charged && resources->resident >= 0)
		return resources->resident;
	return charged;
}

int64_t container_start_ms(const struct container_resources *resources)
{
	if (resources->created_ms <= 0 || resources->started_ms < resources->created_ms)
		return UNSET;
	return resources->started_ms - resources->created_ms;
}

/* Numbers of a snapshot may be anything: stop at what fits. */
static int64_t hourly(int64_t bytes, int64_t seconds)
{
	double rate = (double)bytes * 3600 / (double)seconds;

	if (rate >= (double)INT64_MAX)
		return INT64_MAX;
	return rate <= -(double)INT64_MAX ? -INT64_MAX : (int64_t)rate;
}

bool memory_compare(const struct container_resources *before,
		    const struct container_resources *after, struct memory_growth *growth)
{
	*growth = (struct memory_growth){
		.before = container_memory(before),
		.after = container_memory(after),
	};
	if (!before->container_id ||
	    !text_equal(before->container_id, after->container_id) ||
	    growth->before == UNSET || growth->after == UNSET || before->sampled < 0 ||
	    after->sampled <= before->sampled)
		return false;
	growth->seconds = after->sampled - before->sampled;
	growth->per_hour = hourly(growth->after - growth->before, growth->seconds);
	return true;
}

static const struct container_resources *find(const struct container_resources *list,
					      size_t count, const char *container_id)
{
	for (size_t i = 0; container_id && i < count; i++)
		if (text_equal(list[i].container_id, container_id))
			return &list[i];
	return NULL;
}

const struct container_resources *find_resources(const struct host *host,
						 const char *container_id)
{
	return find(host->container_resources, host->container_resources_count,
		    container_id);
}

const struct container_resources *find_previous_resources(const struct host *host,
							  const char *container_id)
{
	return find(host->previous_resources, host->previous_resources_count,
		    container_id);
}

const struct engine_library *find_engine_library(const struct host *host,
						 const char *path)
{
	for (size_t i = 0; path && i < host->engine_library_count; i++)
		if (text_equal(host->engine_libraries[i].path, path))
			return &host->engine_libraries[i];
	return NULL;
}
