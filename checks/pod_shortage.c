// SPDX-License-Identifier: Apache-2.0
/* 3201: a resource that no node has left, in numbers. */
#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#include "common.h"
#include "pod_start.h"
#include "pod_start.words.h"
#include "scheduler_message.h"
#include "workload.h"

#define MEBIBYTE       (INT64_C(1) << 20)
#define GIBIBYTE       (INT64_C(1) << 30)
#define ROOMS_MAX      5 /* nodes shown */
#define CONTAINERS_MAX 32 /* of a pod that a request is suggested for */

struct room {
	const struct node *node;
	int64_t allocatable;
	int64_t requested; /* UNSET: not known */
	int64_t left; /* may be below 0 */
};

/* One resource that one pod lacks, and the nodes that lack it, the roomiest first. */
struct shortage {
	enum obstruction resource;
	int64_t wanted;
	struct room rooms[ROOMS_MAX];
	size_t count;
	size_t short_nodes; /* all of them */
	bool fits_an_empty_node;
};

static const char *const resource_names[] = {
	[OBSTRUCTION_CPU] = "cpu",
	[OBSTRUCTION_MEMORY] = "memory",
	[OBSTRUCTION_PODS] = "pods",
};

static int64_t wanted_of(const struct pod *pod, enum obstruction resource)
{
	struct pod_requests requests = pod_requests(pod);

	return resource == OBSTRUCTION_CPU      ? requests.cpu
	       : resource == OBSTRUCTION_MEMORY ? requests.memory
						: 1;
}

static struct room room_of(const struct node *node, enum obstruction resource)
{
	struct room room = { .node = node };

	switch (resource) {
	case OBSTRUCTION_CPU:
		room.allocatable = node->cpu;
		room.requested = node->requested_cpu;
		break;
	case OBSTRUCTION_MEMORY:
		room.allocatable = node->memory;
		room.requested = node->requested_memory;
		break;
	default:
		room.allocatable = node->pods;
		room.requested = node->requested_pods;
		break;
	}
	if (room.allocatable >= 0)
		room.left = room.allocatable - (room.requested > 0 ? room.requested : 0);
	return room;
}

static void insert_room(struct shortage *shortage, struct room room)
{
	size_t at = shortage->count;

	if (at == ROOMS_MAX && shortage->rooms[at - 1].left >= room.left)
		return;
	if (at < ROOMS_MAX)
		shortage->count++;
	else
		at--;
	for (; at > 0 && shortage->rooms[at - 1].left < room.left; at--)
		shortage->rooms[at] = shortage->rooms[at - 1];
	shortage->rooms[at] = room;
}

static struct shortage find_shortage(const struct facts *facts, const struct pod *pod,
				     enum obstruction resource)
{
	struct shortage shortage = { .resource = resource,
				     .wanted = wanted_of(pod, resource) };

	for (size_t i = 0; i < facts->node_count; i++) {
		struct room room = room_of(&facts->nodes[i], resource);

		if (!room.node->name || room.allocatable < 0 ||
		    room.left >= shortage.wanted)
			continue;
		shortage.short_nodes++;
		shortage.fits_an_empty_node |= room.allocatable >= shortage.wanted;
		insert_room(&shortage, room);
	}
	return shortage;
}

/* 1500 -> "1.5" for cpu; bytes -> "512 MiB"; pods as they are. */
static const char *amount(struct report *report, enum obstruction resource, int64_t value)
{
	int64_t whole = value / 1000, rest = value % 1000;
	int digits = 3;

	if (value == UNSET || value < 0)
		return "?";
	if (resource == OBSTRUCTION_PODS)
		return report_text(report, "%lld", (long long)value);
	if (resource == OBSTRUCTION_MEMORY)
		return value >= 10 * GIBIBYTE
			       ? report_text(report, "%.1f GiB",
					     (double)value / (double)GIBIBYTE)
			       : report_text(report, "%lld MiB",
					     (long long)(value / MEBIBYTE));
	if (!rest)
		return report_text(report, "%lld", (long long)whole);
	for (; rest % 10 == 0; rest /= 10)
		digits--;
	return report_text(report, "%lld.%0*lld", (long long)whole, digits,
			   (long long)rest);
}

static void show_rooms(struct finding *finding, struct report *report,
		       const struct shortage *shortage)
{
	const char *name = resource_names[shortage->resource];

	for (size_t i = 0; i < shortage->count; i++) {
		const struct room *room = &shortage->rooms[i];

		finding_saw(
			finding, report_text(report, "%s on %s", name, room->node->name),
			report_text(report, "%s of %s allocatable requested by %s pods",
				    amount(report, shortage->resource, room->requested),
				    amount(report, shortage->resource, room->allocatable),
				    amount(report, OBSTRUCTION_PODS,
					   room->node->requested_pods)),
			report_text(report, "%s free",
				    amount(report, shortage->resource, shortage->wanted)),
			NULL);
	}
	if (shortage->short_nodes > shortage->count)
		finding_saw(finding, name,
			    report_text(report, "%zu more nodes have less room",
					shortage->short_nodes - shortage->count),
			    NULL, NULL);
}

static int64_t request_of(const struct container *container, enum obstruction resource)
{
	int64_t request = resource == OBSTRUCTION_CPU ? container->cpu_request
						      : container->memory_request;

	return request > 0 ? request : 0;
}

/* The container that requests most of it; NULL when none requests any. */
static const struct container *largest_container(const struct pod *pod,
						 enum obstruction resource)
{
	const struct container *largest = NULL;
	int64_t most = 0;

	for (size_t i = 0; i < pod->container_count; i++) {
		int64_t request = request_of(&pod->containers[i], resource);

		if (request <= most)
			continue;
		most = request;
		largest = &pod->containers[i];
	}
	return largest;
}

/*
 * The quantity of this container's request with which the pod would fit on the roomiest
 * node; 0 when lowering it alone does not do.  An init container that wants most itself
 * leaves nothing to gain here.
 */
static int64_t fitting_request(const struct pod *pod, const struct container *container,
			       const struct shortage *shortage)
{
	struct pod_requests now = pod_requests(pod), without;
	struct container containers[CONTAINERS_MAX];
	struct pod less = *pod;
	int64_t kept, fits;
	bool cpu = shortage->resource == OBSTRUCTION_CPU;

	if (pod->container_count > CONTAINERS_MAX || pod->container_count == 0)
		return 0;
	memcpy(containers, pod->containers, pod->container_count * sizeof(*containers));
	less.containers = containers;
	containers[container - pod->containers].cpu_request = 0;
	containers[container - pod->containers].memory_request = 0;
	without = pod_requests(&less);
	kept = cpu ? without.cpu : without.memory;
	if (kept >= (cpu ? now.cpu : now.memory) ||
	    __builtin_sub_overflow(shortage->rooms[0].left, kept, &fits) || fits <= 0)
		return 0;
	return cpu ? fits / 10 * 10 : fits / MEBIBYTE * MEBIBYTE;
}

/* {container}, the one that requests most of what is short first, and with it {expected}
 * of cpu or {bytes} of memory. */
static void suggest_request(struct finding *finding, const struct pod *pod,
			    const struct shortage *shortage, enum obstruction first)
{
	const struct container *container = largest_container(pod, first);
	int64_t fits = container ? fitting_request(pod, container, shortage) : 0;

	if (fits <= 0 || !container->name ||
	    fits >= request_of(container, shortage->resource))
		return;
	finding_value(finding, "container", "%s", container->name);
	if (shortage->resource == OBSTRUCTION_CPU)
		finding_value(finding, "expected", "%lldm", (long long)fits);
	else
		finding_value(finding, "bytes", "%lldMi", (long long)(fits / MEBIBYTE));
}

static void show_overhead(struct finding *finding, struct report *report,
			  const struct pod *pod, enum obstruction resource)
{
	int64_t overhead = resource == OBSTRUCTION_CPU      ? pod->cpu_overhead
			   : resource == OBSTRUCTION_MEMORY ? pod->memory_overhead
							    : 0;

	if (overhead > 0)
		finding_saw(finding,
			    report_text(report, "%s overhead of the RuntimeClass",
					resource_names[resource]),
			    amount(report, resource, overhead), NULL, pod->runtime_class);
}

static void shortage_values(struct finding *finding, struct report *report,
			    const struct shortage *shortage)
{
	const struct room *room = shortage->count ? &shortage->rooms[0] : NULL;
	enum obstruction resource = shortage->resource;

	finding_value(finding, "key", "%s", resource_names[resource]);
	finding_value(finding, "value", "%s", amount(report, resource, shortage->wanted));
	finding_value(finding, "limit", "%s",
		      room ? amount(report, resource, room->allocatable) : "?");
	finding_value(finding, "actual", "%s",
		      room ? amount(report, resource, room->requested) : "?");
	finding_value(finding, "host", "%s", room ? room->node->name : "?");
	if (room)
		finding_value(finding, "node", "%s", room->node->name);
}

/*
 * A pod that no empty node could take is its workload's own fault; when nodes are full,
 * all who wait for the same resource are one finding.
 */
static void report_resource(const struct start_context *context, const struct pod *pod,
			    const struct shortage *shortage, enum obstruction first)
{
	struct report *report = context->report;
	enum obstruction resource = shortage->resource;
	struct subject subject =
		shortage->fits_an_empty_node
			? (struct subject){ "Cluster", NULL, resource_names[resource] }
			: workload_of(pod, report);
	struct finding *finding = report_finding(report, &WD3201, subject);
	const struct condition *scheduled =
		find_condition(pod->conditions, pod->condition_count, "PodScheduled");

	finding_witness(finding, pod_subject(pod));
	if (finding_seen(finding) && shortage->fits_an_empty_node)
		return;
	shortage_values(finding, report, shortage);
	owner_values(finding, pod, report);
	if (scheduled && scheduled->message && !finding_seen(finding))
		finding_saw(finding, "PodScheduled", scheduled->message, "True",
			    report_text(report, "Pod %s/%s",
					text_or_empty(pod->namespace),
					text_or_empty(pod->name)));
	show_rooms(finding, report, shortage);
	show_overhead(finding, report, pod, resource);
	if (resource != OBSTRUCTION_PODS && first != OBSTRUCTION_PODS && shortage->count)
		suggest_request(finding, pod, shortage, first);
}

void start_report_shortage(const struct start_context *context, const struct pod *pod,
			   unsigned obstructions)
{
	static const enum obstruction resources[] = { OBSTRUCTION_CPU, OBSTRUCTION_MEMORY,
						      OBSTRUCTION_PODS };
	enum obstruction first = OBSTRUCTION_COUNT;

	for (size_t i = 0; i < ARRAY_SIZE(resources); i++) {
		struct shortage shortage;

		if (!(obstructions & OBSTRUCTION_BIT(resources[i])))
			continue;
		if (first == OBSTRUCTION_COUNT)
			first = resources[i];
		shortage = find_shortage(context->facts, pod, resources[i]);
		report_resource(context, pod, &shortage, first);
	}
}
