// SPDX-License-Identifier: Apache-2.0
/* Steps 4 and 5: what is around the pod. */
#include "pod_text.h"

#include <inttypes.h>

#include <wasmdiag/host.h>
#include <wasmdiag/text.h>

#define NODES_SHOWN 5

/* ---- 4 the node ---- */

static void say_resources(const struct pod_text *context, const struct node *node,
			  const struct node_metrics *usage)
{
	pod_line(context, COLOR_NONE,
		 arena_format(
			 context->arena,
			 PICK(context, "allocatable: cpu %s, memory %s, pods %s",
			      "可分配：cpu %s，内存 %s，Pod %s"),
			 pod_cores(context, node->cpu), pod_bytes(context, node->memory),
			 node->pods == UNSET
				 ? "?"
				 : arena_format(context->arena, "%" PRId64, node->pods)));
	if (usage)
		pod_line(context, COLOR_NONE,
			 arena_format(context->arena,
				      PICK(context, "in use %s ago: cpu %s, memory %s",
					   "%s 前的用量：cpu %s，内存 %s"),
				      pod_age(context, usage->timestamp),
				      pod_cores(context, usage->cpu),
				      pod_bytes(context, usage->memory)));
}

/* Ready should be true, every other condition false. */
static void say_node_conditions(const struct pod_text *context, const struct node *node)
{
	for (size_t i = 0; i < node->condition_count; i++) {
		const struct condition *condition = node->conditions[i].what;
		bool good = text_equal(condition->status,
				       text_equal(condition->type, "Ready") ? "True"
									    : "False");

		if (good && !context->options->verbose)
			continue;
		pod_line(context, good ? COLOR_NONE : COLOR_RED,
			 arena_format(context->arena, "%s %s (%s): %s %s",
				      text_or_empty(condition->type),
				      text_or_empty(condition->status),
				      pod_age(context, node->conditions[i].since),
				      text_or_empty(condition->reason),
				      text_or_empty(condition->message)));
	}
	for (size_t i = 0; i < node->taint_count; i++)
		pod_line(context, COLOR_NONE,
			 arena_format(context->arena, "%s %s%s%s:%s",
				      PICK(context, "taint", "污点"),
				      text_or_empty(node->taints[i].key),
				      node->taints[i].value ? "=" : "",
				      text_or_empty(node->taints[i].value),
				      text_or_empty(node->taints[i].effect)));
}

static void say_node(const struct pod_text *context, const struct node *node,
		     const struct node_metrics *usage)
{
	const struct condition *ready =
		find_condition(node->conditions, node->condition_count, "Ready");

	pod_line(context, COLOR_NONE,
		 arena_format(context->arena, "%s: %s, kubelet %s, %s, %s",
			      text_or_empty(node->name),
			      ready && text_equal(ready->status, "True")
				      ? PICK(context, "ready", "就绪")
				      : PICK(context, "NOT ready", "未就绪"),
			      text_or_empty(node->kubelet),
			      text_or_empty(node->container_runtime),
			      text_or_empty(node->architecture)));
	say_resources(context, node, usage);
	say_node_conditions(context, node);
}

/* What the pod asks for, beside what there is. */
static void say_requests(const struct pod_text *context, const struct pod *pod)
{
	for (size_t i = 0; i < pod->container_count; i++) {
		const struct container *container = &pod->containers[i];
		const char *none = PICK(context, "none", "无");

		pod_line(
			context, COLOR_NONE,
			arena_format(
				context->arena,
				PICK(context,
				     "container %s: cpu request %s, limit %s; memory "
				     "request %s, limit %s",
				     "容器 %s：cpu 请求 %s，限制 %s；内存请求 %s，限制 %s"),
				text_or_empty(container->name),
				container->cpu_request == UNSET
					? none
					: pod_cores(context, container->cpu_request),
				container->cpu_limit == UNSET
					? none
					: pod_cores(context, container->cpu_limit),
				container->memory_request == UNSET
					? none
					: pod_bytes(context, container->memory_request),
				container->memory_limit == UNSET
					? none
					: pod_bytes(context, container->memory_limit)));
	}
}

static void say_disks(const struct pod_text *context, const struct host *host)
{
	for (size_t i = 0; i < host->disk_count; i++)
		pod_line(context, COLOR_NONE,
			 arena_format(
				 context->arena,
				 PICK(context, "%s: %s of %s free", "%s：可用 %s，共 %s"),
				 text_or_empty(host->disks[i].path),
				 pod_bytes(context, host->disks[i].available),
				 pod_bytes(context, host->disks[i].total)));
}

void pod_say_node(const struct pod_text *context)
{
	const struct pod_story *story = context->story;
	const struct facts *facts = story->facts;

	pod_heading(context, 4, "Node", "节点资源");
	if (story->node)
		say_node(context, story->node, story->usage);
	else if (facts->source[FACT_NODES].state != FACT_KNOWN)
		pod_missing(context, &facts->source[FACT_NODES]);
	else if (story->node_name)
		pod_line(context, COLOR_RED,
			 arena_format(context->arena,
				      PICK(context, "there is no node %s", "没有节点 %s"),
				      story->node_name));
	else if (!story->pod)
		pod_line(context, COLOR_NONE,
			 PICK(context, "its events do not tell", "事件中没有记录"));
	else
		pod_line(context, COLOR_NONE,
			 PICK(context, "not assigned to one; these are there:",
			      "尚未分配；现有节点："));
	for (size_t i = 0; story->pod && !story->node_name && i < facts->node_count &&
			   (i < NODES_SHOWN || context->options->verbose);
	     i++)
		say_node(context, &facts->nodes[i], NULL);
	if (story->host)
		say_disks(context, story->host);
	if (story->pod)
		say_requests(context, story->pod);
}

/* ---- 5 components ---- */

void pod_say_components(const struct pod_text *context)
{
	static const struct words states[COMPONENT_STATE_COUNT] = {
		[COMPONENT_OK] = { { "ok", "正常" } },
		[COMPONENT_BAD] = { { "BAD", "异常" } },
		[COMPONENT_UNKNOWN] = { { "unknown", "未知" } },
		[COMPONENT_UNUSED] = { { "-", "-" } },
	};
	static const enum color colors[COMPONENT_STATE_COUNT] = {
		[COMPONENT_OK] = COLOR_GREEN,
		[COMPONENT_BAD] = COLOR_RED,
		[COMPONENT_UNKNOWN] = COLOR_CYAN,
		[COMPONENT_UNUSED] = COLOR_DIM,
	};
	const struct pod_story *story = context->story;

	pod_heading(context, 5, "System components it needs", "所需系统组件");
	for (size_t i = 0; i < story->component_count; i++) {
		const struct component *component = &story->components[i];
		const char *state = say(context->options, &states[component->state]);

		fprintf(context->printer.out, "%*s", POD_INDENT, "");
		print_color(&context->printer, colors[component->state], state);
		fprintf(context->printer.out, "%*s", 9 - text_columns(state), "");
		print_wrapped(&context->printer,
			      arena_format(context->arena, "%s: %s",
					   component->object ? component->object
							     : say(context->options,
								   &component->role),
					   say(context->options, &component->detail)),
			      POD_INDENT + 9, POD_INDENT + 9);
	}
}
