// SPDX-License-Identifier: Apache-2.0
/* What the Node objects alone tell of the pod network. */
#include "flannel.h"

#include <wasmdiag/text.h>

#include "flannel.words.h"

static struct subject node_subject(const struct node *node)
{
	return (struct subject){ "Node", NULL, text_or_empty(node->name) };
}

/* ---- 3402: podCIDR ---- */

/* The prefix behind the highest that any node has; false when none has, or not all of
 * them were asked. */
static bool free_subnet(const struct facts *facts, struct cidr *ret_free)
{
	struct cidr highest = { .size = 0 }, cidr;

	for (size_t i = 0; i < facts->node_count; i++)
		if (flannel_pod_cidr(&facts->nodes[i], &cidr) &&
		    memcmp(cidr.address, highest.address, sizeof(cidr.address)) >= 0)
			highest = cidr;
	return knows_all_nodes(facts) && highest.size > 0 &&
	       cidr_next(&highest, ret_free);
}

/* Of the hosts' flannels, the network that all nodes' prefixes lie in. */
static bool is_in_network(const struct facts *facts, const struct cidr *cidr)
{
	struct cidr network;

	for (size_t i = 0; i < facts->host_count; i++)
		if (cidr_parse(facts->hosts[i].flannel.network, &network))
			return cidr_holds(&network, cidr);
	return false;
}

static void judge_pod_cidr(const struct facts *facts, const struct node *node,
			   struct report *report)
{
	struct finding *finding;
	char text[CIDR_TEXT];
	struct cidr cidr;

	if ((node->pod_cidr && *node->pod_cidr) || node->pod_cidrs.count > 0)
		return;
	finding = report_finding(report, &WD3402, node_subject(node));
	finding_saw(finding, "spec.podCIDR", "none", NULL, "kubectl get node");
	if (free_subnet(facts, &cidr) && is_in_network(facts, &cidr))
		finding_value(finding, "subnet", "%s", cidr_text(&cidr, text));
}

/* ---- 3415: NetworkUnavailable ---- */

static void judge_condition(const struct node *node, struct report *report)
{
	const struct condition *condition = find_condition(
		node->conditions, node->condition_count, "NetworkUnavailable");
	struct finding *finding;

	if (!condition || !text_equal(condition->status, "True"))
		return;
	finding = report_finding(report, &WD3415, node_subject(node));
	finding_value(finding, "reason", "%s", text_or_empty(condition->reason));
	finding_value(finding, "message", "%s", text_or_empty(condition->message));
	finding_saw(finding, "NetworkUnavailable", "True", "False", "status.conditions");
	if (condition->message)
		finding_saw(finding, text_or_empty(condition->reason), condition->message,
			    NULL, "status.conditions");
}

/* ---- 3416: one backend for all ---- */

/* The backend of most nodes, by counting as Boyer and Moore do; the first on a tie. */
static const char *common_backend(const struct facts *facts)
{
	const char *common = NULL;
	size_t votes = 0;

	for (size_t i = 0; i < facts->node_count; i++) {
		const char *type = facts->nodes[i].flannel_backend_type;

		if (!type)
			continue;
		if (votes == 0)
			common = type;
		votes += text_equal(type, common) ? 1 : (size_t)-1;
	}
	for (size_t i = 0; !common && i < facts->node_count; i++)
		common = facts->nodes[i].flannel_backend_type;
	return common;
}

static void judge_backends(const struct facts *facts, struct report *report)
{
	const char *common = common_backend(facts);

	for (size_t i = 0; common && i < facts->node_count; i++) {
		const struct node *node = &facts->nodes[i];
		struct finding *finding;

		if (!node->flannel_backend_type ||
		    text_equal(node->flannel_backend_type, common))
			continue;
		finding = report_finding(report, &WD3416,
					 (struct subject){ "Cluster", NULL, "flannel" });
		finding_value(finding, "actual", "%s", node->flannel_backend_type);
		finding_value(finding, "expected", "%s", common);
		finding_value(finding, "node", "%s", text_or_empty(node->name));
		finding_saw(finding, "backend-type", node->flannel_backend_type, common,
			    "flannel.alpha.coreos.com/backend-type");
		finding_witness(finding, node_subject(node));
	}
}

/* ---- 3417: one address, two nodes ---- */

/* Which of many texts may have been seen before: rarely wrong, never missing one. */
struct sieve {
	uint64_t bits[1024];
};

static bool sieve_saw(struct sieve *sieve, const char *text)
{
	uint32_t hash = 2166136261; /* FNV-1a */
	uint64_t bit;
	bool seen;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619;
	hash ^= hash >> 16;
	bit = UINT64_C(1) << (hash & 63);
	seen = sieve->bits[hash >> 6 & 1023] & bit;
	sieve->bits[hash >> 6 & 1023] |= bit;
	return seen;
}

static const struct node *earlier_owner(const struct facts *facts, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (text_equal(facts->nodes[i].flannel_public_ip,
			       facts->nodes[index].flannel_public_ip))
			return &facts->nodes[i];
	return NULL;
}

static void judge_addresses(const struct facts *facts, struct report *report)
{
	struct sieve sieve = { 0 };

	for (size_t i = 0; i < facts->node_count; i++) {
		const struct node *node = &facts->nodes[i], *owner;
		struct finding *finding;

		if (!node->flannel_public_ip ||
		    !sieve_saw(&sieve, node->flannel_public_ip))
			continue;
		owner = earlier_owner(facts, i);
		if (!owner)
			continue;
		finding = report_finding(report, &WD3417, node_subject(owner));
		finding_value(finding, "address", "%s", node->flannel_public_ip);
		finding_value(finding, "peer", "%s", text_or_empty(node->name));
		finding_saw(finding, "public-ip", node->flannel_public_ip, NULL,
			    "flannel.alpha.coreos.com/public-ip");
		finding_witness(finding, node_subject(node));
	}
}

void flannel_judge_nodes(const struct facts *facts, bool in_use, struct report *report)
{
	for (size_t i = 0; i < facts->node_count; i++) {
		if (!facts->nodes[i].name)
			continue;
		judge_condition(&facts->nodes[i], report);
		if (in_use)
			judge_pod_cidr(facts, &facts->nodes[i], report);
	}
	if (!in_use)
		return;
	judge_backends(facts, report);
	judge_addresses(facts, report);
}

/* ---- 3413: a second flannel ---- */

/* K3s runs flannel inside itself on this host. */
static bool is_embedded(const struct host *host)
{
	return host->k3s.installed && !text_equal(host->k3s.flannel_backend, "none") &&
	       text_has(host->flannel.net_conf, "/agent/etc/flannel/");
}

static const struct host *embedding_host(const struct facts *facts)
{
	for (size_t i = 0; i < facts->host_count; i++)
		if (is_embedded(&facts->hosts[i]))
			return &facts->hosts[i];
	return NULL;
}

static const char *flannel_set(const struct pod *pod)
{
	if (!text_equal(label_value(pod->labels, pod->label_count, "app"), "flannel"))
		return NULL;
	for (size_t i = 0; i < pod->owner_count; i++)
		if (text_equal(pod->owners[i].kind, "DaemonSet"))
			return pod->owners[i].name;
	return NULL;
}

void flannel_judge_upstream(const struct facts *facts, struct report *report)
{
	const struct host *host = embedding_host(facts);

	if (!host || !report_knows(report, FACT_PODS))
		return;
	for (size_t i = 0; i < facts->pod_count; i++) {
		const struct pod *pod = &facts->pods[i];
		const char *set = flannel_set(pod);
		struct finding *finding;

		if (!set)
			continue;
		finding = report_finding(
			report, &WD3413,
			(struct subject){ "DaemonSet", pod->namespace, set });
		finding_value(finding, "unit", "%s", flannel_k3s_unit(host));
		finding_saw(finding, "net-conf.json", host->flannel.net_conf, NULL,
			    "K3s");
		finding_witness(finding, (struct subject){ "Pod", pod->namespace,
							   text_or_empty(pod->name) });
	}
}
