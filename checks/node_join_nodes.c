// SPDX-License-Identifier: Apache-2.0
/* What the API says of nodes: 3101, 3105 by event, 3113. */
#include <wasmdiag/text.h>

#include "common.h"
#include "node_join.h"
#include "node_join.words.h"
#include "workload.h"

static struct subject node_subject(const struct node *node)
{
	return (struct subject){ "Node", NULL, text_or_empty(node->name) };
}

static bool is_k3s(const struct node *node)
{
	return text_has(node->kubelet, "+k3s");
}

static bool is_server(const struct node *node)
{
	static const char *const roles[] = { "node-role.kubernetes.io/control-plane",
					     "node-role.kubernetes.io/master" };

	for (size_t i = 0; i < ARRAY_SIZE(roles); i++)
		if (label_value(node->labels, node->label_count, roles[i]))
			return true;
	return false;
}

static const char *unit_of(const struct node *node)
{
	if (!is_k3s(node))
		return "kubelet";
	return is_server(node) ? "k3s" : "k3s-agent";
}

/* ---- 3101: not ready ---- */

/* kubelet says these of its runtime; see pkg/kubelet runtime.go and container/runtime. */
static bool blames_network(const char *message)
{
	return text_has(message, "NetworkPluginNotReady") ||
	       text_has(message, "NetworkReady=false") ||
	       text_has(message, "cni plugin not initialized") ||
	       text_has(message, "cni config uninitialized");
}

static bool blames_runtime(const char *message)
{
	return text_has(message, "container runtime is down") ||
	       text_has(message, "container runtime not ready") ||
	       text_has(message, "RuntimeReady=false") ||
	       text_has(message, "PLEG is not healthy");
}

/* Each cause has a fix of its own, shown when what it names is given. */
static void name_fix(const struct facts *facts, const struct node *node,
		     const struct condition *ready, struct finding *finding)
{
	const struct host *host = find_host(facts, node->name);
	const char *directory = host ? host->cni.directory : NULL;

	if (blames_network(ready->message)) {
		if (!directory)
			directory = is_k3s(node)
					    ? "/var/lib/rancher/k3s/agent/etc/cni/net.d"
					    : "/etc/cni/net.d";
		finding_value(finding, "path", "%s", directory);
		finding_value(finding, "plugin", "cni");
	} else if (blames_runtime(ready->message)) {
		/* K3s runs containerd itself */
		finding_value(finding, "program", "%s",
			      is_k3s(node) ? unit_of(node) : "containerd");
	} else {
		finding_value(finding, "unit", "%s", unit_of(node));
	}
}

static void judge_ready(const struct facts *facts, const struct node *node,
			struct report *report)
{
	const struct condition *ready =
		find_condition(node->conditions, node->condition_count, "Ready");
	int64_t since = condition_since(node->conditions, node->condition_count, "Ready");
	int64_t age = seconds_since(since, report_now(report));
	struct finding *finding;

	if (!ready || text_equal(ready->status, "True"))
		return;
	finding = report_finding(report, &WD3101, node_subject(node));
	finding_value(finding, "message", "%s",
		      ready->message  ? ready->message
		      : ready->reason ? ready->reason
				      : text_or_empty(ready->status));
	finding_value(finding, "seconds", "%s",
		      age == INT64_MAX ? "?" : join_span(report, age));
	finding_saw(finding,
		    report_text(report, "Ready, since %s", join_date(report, since)),
		    text_or_empty(ready->status), "True", "status.conditions");
	finding_saw(finding, ready->reason ? ready->reason : "message",
		    text_or_empty(ready->message), NULL, "status.conditions");
	name_fix(facts, node, ready, finding);
}

/* ---- 3105: the node's password ---- */

static void judge_event(const struct facts *facts, const struct event *event,
			struct report *report)
{
	struct finding *finding;

	if (!text_equal(event->reason, "NodePasswordValidationFailed") ||
	    !text_equal(event->kind, "Node") || !event->name ||
	    event_is_stale(facts, event))
		return;
	finding = report_finding(report, &WD3105,
				 (struct subject){ "Node", NULL, event->name });
	finding_value(finding, "unit", "k3s-agent");
	finding_saw(finding, event->reason, text_or_empty(event->message), NULL,
		    "kubectl get events -A");
}

/* ---- 3113: newer than its server ---- */

/* "v1.31.6+k3s1": 1031; UNSET when it does not read like that. */
static int64_t minor_version(const char *version)
{
	int64_t parts[2] = { 0, 0 };

	if (!text_starts(version, "v"))
		return UNSET;
	version++;
	for (size_t i = 0; i < 2; i++) {
		if (*version < '0' || *version > '9')
			return UNSET;
		for (; *version >= '0' && *version <= '9' && parts[i] < 1000; version++)
			parts[i] = parts[i] * 10 + (*version - '0');
		version += *version == '.';
	}
	return parts[0] * 1000 + parts[1];
}

static void judge_version(const struct facts *facts, const struct node *node,
			  struct report *report)
{
	int64_t ours = minor_version(node->kubelet);
	int64_t servers = minor_version(facts->server.version);
	struct finding *finding;

	if (ours == UNSET || servers == UNSET || ours <= servers)
		return;
	finding = report_finding(report, &WD3113, node_subject(node));
	finding_value(finding, "actual", "%s", node->kubelet);
	finding_value(finding, "expected", "%s", facts->server.version);
	if (is_k3s(node)) {
		finding_value(finding, "unit", "%s", unit_of(node));
		finding_value(finding, "version", "%s", facts->server.version);
	}
	finding_saw(finding, "kubeletVersion", node->kubelet,
		    report_text(report, "at most %s", facts->server.version),
		    "status.nodeInfo");
}

void judge_nodes(const struct facts *facts, struct report *report)
{
	for (size_t i = 0; i < facts->node_count; i++) {
		judge_ready(facts, &facts->nodes[i], report);
		judge_version(facts, &facts->nodes[i], report);
	}
	if (!report_knows(report, FACT_EVENTS))
		return;
	for (size_t i = 0; i < facts->event_count; i++)
		judge_event(facts, &facts->events[i], report);
}
