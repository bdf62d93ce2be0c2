// SPDX-License-Identifier: Apache-2.0
/* 3202: what keeps a pod from every node, other than cpu and memory, by name. */
#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#include "common.h"
#include "pod_start.h"
#include "pod_start.words.h"
#include "scheduler_message.h"
#include "workload.h"

#define UNSEEN 60 /* seconds a scheduler may take to look at a pod */

static const char *const obstruction_names[OBSTRUCTION_COUNT] = {
	[OBSTRUCTION_TAINT] = "a taint",
	[OBSTRUCTION_CORDON] = "cordoned nodes",
	[OBSTRUCTION_SELECTOR] = "nodeSelector or node affinity",
	[OBSTRUCTION_POD_AFFINITY] = "pod affinity or anti-affinity",
	[OBSTRUCTION_SPREAD] = "topologySpreadConstraints",
	[OBSTRUCTION_PORTS] = "hostPort in use",
	[OBSTRUCTION_VOLUME] = "PersistentVolumeClaim",
	[OBSTRUCTION_RESOURCE] = "a resource other than cpu and memory",
	[OBSTRUCTION_NO_NODES] = "there is no node",
};

static const char *selector_text(struct report *report, const struct label *labels,
				 size_t count)
{
	const char *text = "";

	for (size_t i = 0; i < count && i < 20; i++)
		text = report_text(report, "%s%s%s=%s", text, i ? "," : "",
				   text_or_empty(labels[i].key),
				   text_or_empty(labels[i].value));
	return text;
}

/* The RuntimeClass whose scheduling.nodeSelector became the pod's (admission). */
static const struct runtime_class *selecting_class(const struct facts *facts,
						   const struct pod *pod)
{
	const struct runtime_class *class = find_runtime_class(facts, pod->runtime_class);

	if (!class || !class->node_selector_count ||
	    class->node_selector_count < pod->node_selector_count)
		return NULL;
	return class;
}

static bool has_taint(const struct node *node, const char *key)
{
	for (size_t i = 0; i < node->taint_count; i++)
		if (text_equal(node->taints[i].key, key))
			return true;
	return false;
}

/* A node with that taint; for NULL one without any, else the first. */
static const char *node_for(const struct facts *facts, const char *taint)
{
	for (size_t i = 0; i < facts->node_count; i++)
		if (taint ? has_taint(&facts->nodes[i], taint)
			  : facts->nodes[i].taint_count == 0)
			return facts->nodes[i].name;
	return !taint && facts->node_count ? facts->nodes[0].name : NULL;
}

struct hindrance {
	const struct pod *pod;
	const char *message;
	unsigned obstructions;
	char taint[512]; /* "dedicated=gpu"; "" when it names none */
	char claim[256];
};

static bool is_only(const struct hindrance *hindrance, enum obstruction obstruction)
{
	return hindrance->obstructions == OBSTRUCTION_BIT(obstruction);
}

/* What is at fault: the taint, the RuntimeClass or the claim where it is one thing. */
static struct subject hindrance_subject(const struct start_context *context,
					const struct hindrance *hindrance)
{
	const struct pod *pod = hindrance->pod;
	const struct runtime_class *class = selecting_class(context->facts, pod);

	if (is_only(hindrance, OBSTRUCTION_TAINT) && hindrance->taint[0])
		return (struct subject){ "Taint", NULL, hindrance->taint };
	if (is_only(hindrance, OBSTRUCTION_CORDON) ||
	    is_only(hindrance, OBSTRUCTION_NO_NODES))
		return (struct subject){ "Cluster", NULL, "nodes" };
	if (is_only(hindrance, OBSTRUCTION_SELECTOR) && class)
		return (struct subject){ "RuntimeClass", NULL, class->name };
	if (is_only(hindrance, OBSTRUCTION_VOLUME) && hindrance->claim[0])
		return (struct subject){ "PersistentVolumeClaim", pod->namespace,
					 hindrance->claim };
	return workload_of(pod, context->report);
}

/* The node lifecycle controller's own taints follow from a condition: with {node} they
 * are echoes of what ails the node; others are somebody's will. */
static void taint_values(struct finding *finding, const struct facts *facts,
			 const char *taint)
{
	char key[512];
	const char *node;

	memcpy(key, taint, strcspn(taint, "="));
	key[strcspn(taint, "=")] = '\0';
	node = node_for(facts, key);
	if (text_starts(key, "node.kubernetes.io/")) {
		finding_value(finding, "node", "%s", node ? node : "?");
		return;
	}
	if (node)
		finding_value(finding, "host", "%s", node);
	finding_value(finding, "taint", "%s", key);
}

static void selector_values(struct finding *finding, const struct start_context *context,
			    const struct pod *pod)
{
	const char *node = node_for(context->facts, NULL);
	const char *text = selector_text(context->report, pod->node_selector,
					 pod->node_selector_count);

	if (!pod->node_selector_count)
		return;
	finding_value(finding, "pattern", "%s", text);
	if (pod->node_selector_count == 1 && node) {
		finding_value(finding, "label", "%s", text);
		finding_value(finding, "host", "%s", node);
	}
	finding_saw(finding, "spec.nodeSelector", text, NULL,
		    selecting_class(context->facts, pod)
			    ? report_text(context->report, "RuntimeClass %s",
					  pod->runtime_class)
			    : NULL);
}

/* "taint dedicated=gpu, hostPort in use" */
static const char *name_hindrance(struct report *report,
				  const struct hindrance *hindrance)
{
	const char *text = "";

	for (unsigned i = 0; i < OBSTRUCTION_COUNT; i++) {
		const char *name = obstruction_names[i];

		if (!(hindrance->obstructions & OBSTRUCTION_BIT(i)) || !name)
			continue;
		if (i == OBSTRUCTION_TAINT && hindrance->taint[0])
			name = report_text(report, "taint %s", hindrance->taint);
		if (i == OBSTRUCTION_VOLUME && hindrance->claim[0])
			name = report_text(report, "PersistentVolumeClaim %s",
					   hindrance->claim);
		text = report_text(report, "%s%s%s", text, *text ? ", " : "", name);
	}
	return *text ? text : hindrance->message;
}

static void hindrance_values(struct finding *finding, const struct start_context *context,
			     const struct hindrance *hindrance)
{
	const char *node;

	finding_value(finding, "reason", "%s",
		      name_hindrance(context->report, hindrance));
	if (hindrance->taint[0] &&
	    (hindrance->obstructions & OBSTRUCTION_BIT(OBSTRUCTION_TAINT)))
		taint_values(finding, context->facts, hindrance->taint);
	if (hindrance->obstructions & OBSTRUCTION_BIT(OBSTRUCTION_SELECTOR))
		selector_values(finding, context, hindrance->pod);
	node = node_for(context->facts, "node.kubernetes.io/unschedulable");
	if ((hindrance->obstructions & OBSTRUCTION_BIT(OBSTRUCTION_CORDON)) && node)
		finding_value(finding, "cordoned", "%s", node);
	if (hindrance->claim[0])
		finding_value(finding, "claim", "%s", hindrance->claim);
	else if (hindrance->obstructions & OBSTRUCTION_BIT(OBSTRUCTION_VOLUME))
		finding_value(finding, "value", "pvc");
	if (hindrance->obstructions & OBSTRUCTION_BIT(OBSTRUCTION_PORTS))
		finding_value(finding, "port", "hostPort");
	owner_values(finding, hindrance->pod, context->report);
}

void start_report_hindrance(const struct start_context *context, const struct pod *pod,
			    const char *message)
{
	struct hindrance hindrance = { .pod = pod, .message = message };
	struct finding *finding;

	hindrance.obstructions = scheduler_obstructions(message);
	if (hindrance.obstructions & OBSTRUCTION_BIT(OBSTRUCTION_CORDON))
		hindrance.obstructions &= ~OBSTRUCTION_BIT(OBSTRUCTION_TAINT);
	if (!scheduler_taint(message, hindrance.taint, sizeof(hindrance.taint)))
		hindrance.taint[0] = '\0';
	if (!scheduler_claim(message, hindrance.claim, sizeof(hindrance.claim)))
		hindrance.claim[0] = '\0';
	finding = report_finding(context->report, &WD3202,
				 hindrance_subject(context, &hindrance));
	finding_witness(finding, pod_subject(pod));
	if (finding_seen(finding))
		return;
	finding_saw(finding, "PodScheduled", message, "True",
		    report_text(context->report, "Pod %s/%s",
				text_or_empty(pod->namespace), text_or_empty(pod->name)));
	hindrance_values(finding, context, &hindrance);
}

/* No scheduler has said anything: it is down, or the pod names one that is not there. */
void start_report_unseen(const struct start_context *context, const struct pod *pod)
{
	int64_t age = seconds_since(pod->created, report_now(context->report));
	const char *scheduler = pod->scheduler ? pod->scheduler : "default-scheduler";
	struct finding *finding;

	if (pod->created == UNSET || age < UNSEEN)
		return;
	finding = report_finding(context->report, &WD3202,
				 (struct subject){ "Scheduler", NULL, scheduler });
	finding_witness(finding, pod_subject(pod));
	finding_value(finding, "reason", "no word from the scheduler %s", scheduler);
	finding_value(finding, "scheduler", "%s", scheduler);
	owner_values(finding, pod, context->report);
	if (!finding_seen(finding))
		finding_saw(finding, "spec.schedulerName", scheduler, NULL,
			    report_text(context->report, "Pod %s/%s, %lld s old",
					text_or_empty(pod->namespace),
					text_or_empty(pod->name), (long long)age));
}
