// SPDX-License-Identifier: Apache-2.0
#include <wasmdiag/facts.h>

#include <wasmdiag/text.h>

/* Quantities come from strangers: absent and negative ones count nothing. */
static int64_t add(int64_t sum, int64_t more)
{
	if (more <= 0)
		return sum;
	return sum > INT64_MAX - more ? INT64_MAX : sum + more;
}

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static struct pod_requests with(struct pod_requests sum, int64_t cpu, int64_t memory)
{
	return (struct pod_requests){ add(sum.cpu, cpu), add(sum.memory, memory) };
}

/* Init containers run one after the other, beside the sidecars started before them. */
static struct pod_requests requests_of_all(const struct pod *pod)
{
	struct pod_requests sum = { 0 }, sidecars = { 0 }, most = { 0 };

	for (size_t i = 0; i < pod->container_count; i++)
		sum = with(sum, pod->containers[i].cpu_request,
			   pod->containers[i].memory_request);
	for (size_t i = 0; i < pod->init_container_count; i++) {
		const struct container *init = &pod->init_containers[i];
		struct pod_requests now =
			with(sidecars, init->cpu_request, init->memory_request);

		if (text_equal(init->restart_policy, "Always")) {
			sidecars = now;
			sum = with(sum, init->cpu_request, init->memory_request);
		}
		most.cpu = larger(most.cpu, now.cpu);
		most.memory = larger(most.memory, now.memory);
	}
	return (struct pod_requests){ larger(sum.cpu, most.cpu),
				      larger(sum.memory, most.memory) };
}

struct pod_requests pod_requests(const struct pod *pod)
{
	struct pod_requests requests = requests_of_all(pod);

	if (pod->cpu_request >= 0)
		requests.cpu = pod->cpu_request;
	if (pod->memory_request >= 0)
		requests.memory = pod->memory_request;
	return with(requests, pod->cpu_overhead, pod->memory_overhead);
}
