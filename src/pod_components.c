// SPDX-License-Identifier: Apache-2.0
#include "pod_components.h"

#include <wasmdiag/host.h>
#include <wasmdiag/text.h>

#define WEBHOOKS_SHOWN 8

static struct component *add_component(struct pod_story *story, struct arena *arena,
				       struct words role, const char *object)
{
	struct component *component;

	story->components = arena_grow(arena, story->components, story->component_count,
				       sizeof(*story->components));
	component = &story->components[story->component_count++];
	*component = (struct component){
		.role = role,
		.object = object,
		.state = COMPONENT_UNKNOWN,
	};
	return component;
}

static void say_of(struct component *component, enum component_state state,
		   struct words detail)
{
	component->state = state;
	component->detail = detail;
}

static struct words same(const char *text)
{
	return (struct words){ { text, text } };
}

/* Why a fact is not known. */
static void say_unknown(struct component *component, const struct source *source)
{
	static const struct words not_looked = { { "not looked for", "未查询" } };

	say_of(component, COMPONENT_UNKNOWN,
	       source->reason ? same(source->reason) : not_looked);
}

static bool is_known(const struct facts *facts, enum fact fact)
{
	return facts->source[fact].state == FACT_KNOWN ||
	       facts->source[fact].state == FACT_ABSENT;
}

/* ---- the RuntimeClass and what runs it ---- */

static bool lists(const struct string_list *list, const char *text)
{
	for (size_t i = 0; i < list->count; i++)
		if (text_equal(list->items[i], text))
			return true;
	return false;
}

/* "crun 1.21 at /usr/bin/crun, WebAssembly by wasmedge". */
static struct words runtime_words(const struct host *host, const char *binary,
				  struct arena *arena)
{
	const struct runtime_binary *runtime = find_runtime(host, binary);

	if (!runtime || !runtime->version)
		return same(binary);
	if (runtime->wasm == ANSWER_YES)
		return (struct words){ {
			arena_format(arena, "%s %s at %s, WebAssembly by %s",
				     text_or_empty(runtime->program), runtime->version,
				     binary, text_or_empty(runtime->engine)),
			arena_format(arena, "%s %s（%s），Wasm 引擎 %s",
				     text_or_empty(runtime->program), runtime->version,
				     binary, text_or_empty(runtime->engine)),
		} };
	return (struct words){ {
		arena_format(arena, "%s %s at %s%s", text_or_empty(runtime->program),
			     runtime->version, binary,
			     runtime->wasm == ANSWER_NO ? ", no WebAssembly engine" : ""),
		arena_format(arena, "%s %s（%s）%s", text_or_empty(runtime->program),
			     runtime->version, binary,
			     runtime->wasm == ANSWER_NO ? "，无 Wasm 引擎" : ""),
	} };
}

/* What containerd of the node makes of a handler. */
static void judge_handler(struct component *component, const struct pod_story *story,
			  const char *name, struct arena *arena)
{
	const struct host *host = story->host;
	const struct runtime_handler *handler = find_handler(host, name);

	if (!handler)
		say_of(component, COMPONENT_BAD,
		       (struct words){ {
			       arena_format(arena, "containerd on %s has no handler %s",
					    story->node_name, name),
			       arena_format(arena, "%s 的 containerd 没有 handler %s",
					    story->node_name, name),
		       } });
	else if (!handler->binary)
		say_of(component, COMPONENT_BAD,
		       (struct words){ {
			       arena_format(arena,
					    "handler %s runs %s, which is not there",
					    name, text_or_empty(handler->binary_name)),
			       arena_format(arena, "handler %s 运行的 %s 不存在", name,
					    text_or_empty(handler->binary_name)),
		       } });
	else
		say_of(component, COMPONENT_OK,
		       runtime_words(host, handler->binary, arena));
}

/* Without the host, what the API tells of the node's handlers (Kubernetes 1.30 on). */
static void judge_handler_by_api(struct component *component,
				 const struct pod_story *story, const char *name,
				 struct arena *arena)
{
	const struct node *node = story->node;

	if (!node || node->runtime_handlers.count == 0)
		say_of(component, COMPONENT_UNKNOWN,
		       (struct words){ {
			       arena_format(arena,
					    "handler %s; run wasmdiag on the node "
					    "to see what it leads to",
					    name),
			       arena_format(
				       arena,
				       "handler %s；在节点上运行 wasmdiag 可查看其指向",
				       name),
		       } });
	else if (lists(&node->runtime_handlers, name))
		say_of(component, COMPONENT_OK,
		       (struct words){ {
			       arena_format(arena, "handler %s, which %s has", name,
					    node->name),
			       arena_format(arena, "handler %s，%s 已配置", name,
					    node->name),
		       } });
	else
		say_of(component, COMPONENT_BAD,
		       (struct words){ {
			       arena_format(arena, "handler %s, which %s does not have",
					    name, node->name),
			       arena_format(arena, "handler %s，%s 未配置", name,
					    node->name),
		       } });
}

static void tell_runtime(struct pod_story *story, struct arena *arena)
{
	static const struct words role = { { "RuntimeClass", "RuntimeClass" } };
	static const struct words none = { { "none named: containerd's default runtime",
					     "未指定：使用 containerd 的默认运行时" } };
	static const struct words missing = { { "does not exist", "不存在" } };
	const struct facts *facts = story->facts;
	const char *name = story->pod ? story->pod->runtime_class : NULL;
	const struct runtime_class *class = find_runtime_class(facts, name);
	struct component *component;

	if (!story->pod)
		return;
	component =
		add_component(story, arena, role,
			      name ? arena_format(arena, "RuntimeClass %s", name) : NULL);
	if (!name)
		say_of(component, COMPONENT_UNUSED, none);
	else if (!is_known(facts, FACT_RUNTIME_CLASSES))
		say_unknown(component, &facts->source[FACT_RUNTIME_CLASSES]);
	else if (!class || !class->handler)
		say_of(component, COMPONENT_BAD, missing);
	else if (story->host && story->host->source[HOST_CONTAINERD].state == FACT_KNOWN)
		judge_handler(component, story, class->handler, arena);
	else
		judge_handler_by_api(component, story, class->handler, arena);
}

/* ---- services ---- */

struct readiness {
	size_t ready, all;
};

static struct readiness endpoints_of(const struct facts *facts, const char *namespace,
				     const char *service)
{
	struct readiness count = { 0 };

	for (size_t i = 0; i < facts->endpoint_count; i++) {
		const struct endpoint *endpoint = &facts->endpoints[i];

		if (!text_equal(endpoint->service, service) ||
		    !text_equal(endpoint->namespace, namespace))
			continue;
		count.all++;
		count.ready += endpoint->ready;
	}
	return count;
}

static bool is_ready(const struct pod *pod)
{
	const struct condition *ready =
		find_condition(pod->conditions, pod->condition_count, "Ready");

	return ready && text_equal(ready->status, "True");
}

/* Cluster DNS by its pods: they bear this label on K3s and kubeadm (facts G). */
static struct readiness dns_pods(const struct facts *facts)
{
	struct readiness count = { 0 };

	for (size_t i = 0; i < facts->pod_count; i++) {
		const struct pod *pod = &facts->pods[i];
		const char *label = label_value(pod->labels, pod->label_count, "k8s-app");

		if (!text_equal(label, "kube-dns"))
			continue;
		count.all++;
		count.ready += is_ready(pod);
	}
	return count;
}

static void say_count(struct component *component, struct readiness count,
		      struct words what, struct arena *arena)
{
	say_of(component, count.ready ? COMPONENT_OK : COMPONENT_BAD,
	       (struct words){ {
		       arena_format(arena, "%zu of %zu %s ready", count.ready, count.all,
				    what.in[LANGUAGE_EN]),
		       arena_format(arena, "%zu/%zu 个%s就绪", count.ready, count.all,
				    what.in[LANGUAGE_ZH]),
	       } });
}

static void tell_dns(struct pod_story *story, struct arena *arena)
{
	static const struct words role = { { "cluster DNS", "集群 DNS" } };
	static const struct words endpoints = { { "endpoints", "端点" } };
	static const struct words pods = { { "pods", " Pod " } };
	static const struct words none = { { "no pods of cluster DNS here",
					     "未安装集群 DNS 的 Pod" } };
	const struct facts *facts = story->facts;
	struct component *component =
		add_component(story, arena, role, "Service kube-system/kube-dns");
	struct readiness count = endpoints_of(facts, "kube-system", "kube-dns");

	if (count.all) {
		say_count(component, count, endpoints, arena);
		return;
	}
	if (!is_known(facts, FACT_PODS)) {
		say_unknown(component, &facts->source[FACT_PODS]);
		return;
	}
	count = dns_pods(facts);
	if (count.all)
		say_count(component, count, pods, arena);
	else
		say_of(component, COMPONENT_UNUSED, none);
}

static void tell_metrics(struct pod_story *story, struct arena *arena)
{
	static const struct words role = { { "metrics", "指标" } };
	static const struct words none = { { "not registered", "未注册" } };
	static const struct words good = { { "available", "可用" } };
	static const struct words silent = { { "no condition Available",
					       "没有 Available 状况" } };
	const struct facts *facts = story->facts;
	struct component *component =
		add_component(story, arena, role, "APIService v1beta1.metrics.k8s.io");
	const struct condition *available;
	const struct api_service *service = NULL;

	if (!is_known(facts, FACT_API_SERVICES)) {
		say_unknown(component, &facts->source[FACT_API_SERVICES]);
		return;
	}
	for (size_t i = 0; i < facts->api_service_count; i++)
		if (text_equal(facts->api_services[i].name, "v1beta1.metrics.k8s.io"))
			service = &facts->api_services[i];
	available = service ? find_condition(service->conditions,
					     service->condition_count, "Available")
			    : NULL;
	if (!service)
		say_of(component, COMPONENT_UNUSED, none);
	else if (available && text_equal(available->status, "True"))
		say_of(component, COMPONENT_OK, good);
	else if (!available)
		say_of(component, COMPONENT_UNKNOWN, silent);
	else
		say_of(component, COMPONENT_BAD,
		       same(arena_format(arena, "%s: %s",
					 text_or_empty(available->reason),
					 text_or_empty(available->message))));
}

/* ---- webhooks, which every pod passes when it is made ---- */

static void judge_webhook(struct component *component, const struct facts *facts,
			  const struct webhook *webhook, struct arena *arena)
{
	const char *policy = text_or_empty(webhook->failure_policy);
	struct readiness count;

	if (!webhook->service_name) {
		say_of(component, COMPONENT_UNKNOWN,
		       same(arena_format(arena, "%s (failurePolicy %s)",
					 text_or_empty(webhook->url), policy)));
		return;
	}
	if (!is_known(facts, FACT_ENDPOINTS)) {
		say_unknown(component, &facts->source[FACT_ENDPOINTS]);
		return;
	}
	count = endpoints_of(facts, webhook->service_namespace, webhook->service_name);
	say_count(component, count,
		  (struct words){ {
			  arena_format(arena, "endpoints of %s/%s (failurePolicy %s)",
				       text_or_empty(webhook->service_namespace),
				       webhook->service_name, policy),
			  arena_format(arena, " %s/%s 的端点（failurePolicy %s）",
				       text_or_empty(webhook->service_namespace),
				       webhook->service_name, policy),
		  } },
		  arena);
}

static void tell_webhooks(struct pod_story *story, struct arena *arena, enum fact fact)
{
	static const struct words role = { { "webhook", "Webhook" } };
	const struct facts *facts = story->facts;
	bool validating = fact == FACT_VALIDATING_WEBHOOKS;
	const struct webhook_configuration *list =
		validating ? facts->validating_webhooks : facts->mutating_webhooks;
	size_t count = validating ? facts->validating_webhook_count
				  : facts->mutating_webhook_count;

	for (size_t i = 0; i < count && i < WEBHOOKS_SHOWN; i++)
		for (size_t j = 0; j < list[i].webhook_count && j < WEBHOOKS_SHOWN; j++)
			judge_webhook(add_component(story, arena, role,
						    list[i].webhooks[j].name),
				      facts, &list[i].webhooks[j], arena);
}

void tell_components(struct pod_story *story, struct arena *arena)
{
	tell_runtime(story, arena);
	tell_dns(story, arena);
	tell_metrics(story, arena);
	tell_webhooks(story, arena, FACT_VALIDATING_WEBHOOKS);
	tell_webhooks(story, arena, FACT_MUTATING_WEBHOOKS);
}
