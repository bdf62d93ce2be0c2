// SPDX-License-Identifier: Apache-2.0
/* Does the API answer, and do the parts of the cluster work that every other part needs?
 */
#include "cluster.h"

#include "cluster.words.h"
#include "url_address.h"
#include "workload.h"

#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#define START_GRACE 120 /* seconds a pod may take to become ready */
#define RULES_MAX   64

static const struct subject the_cluster = { "Cluster", NULL, "cluster" };

/* ---- the server ---- */

/* A fix is shown when all it names is given: each outcome gives what its own fix needs.
 */
static void name_server(struct finding *finding, const struct server *server)
{
	struct url_address address;

	if (server->url)
		finding_value(finding, "url", "%s", server->url);
	if (!url_read_address(server->url, &address))
		return;
	switch (server->outcome) {
	case SERVER_UNRESOLVED:
		finding_value(finding, "host", "%.*s", address.host_length, address.host);
		break;
	case SERVER_UNREACHABLE:
	case SERVER_TIMEOUT:
		finding_value(finding, "unit", "k3s");
		break;
	case SERVER_TLS:
		finding_value(finding, "peer", "%.*s:%.*s", address.host_length,
			      address.host, address.port_length, address.port);
		break;
	default:
		finding_value(finding, "path", "%s/version", server->url);
		break;
	}
}

static const char *outcome_text(enum server_outcome outcome)
{
	static const char *const texts[SERVER_OUTCOME_COUNT] = {
		[SERVER_UNRESOLVED] = "unresolved",
		[SERVER_UNREACHABLE] = "unreachable",
		[SERVER_TIMEOUT] = "timeout",
		[SERVER_TLS] = "TLS",
		[SERVER_NOT_KUBERNETES] = "not Kubernetes",
		[SERVER_ERROR] = "error",
	};

	return outcome < SERVER_OUTCOME_COUNT && texts[outcome] ? texts[outcome]
								: "error";
}

static void report_server(struct report *report, const struct guide *guide,
			  const struct server *server)
{
	struct finding *finding = report_finding(report, guide, the_cluster);
	const char *error = server->error ? server->error : outcome_text(server->outcome);

	name_server(finding, server);
	finding_value(finding, "reason", "%s", error);
	finding_saw(finding, outcome_text(server->outcome), error, NULL, server->url);
}

static bool may_ask_readyz(const struct facts *facts)
{
	for (size_t i = 0; i < facts->denial_count; i++)
		if (text_starts(facts->denials[i].url, "/readyz"))
			return false;
	return true;
}

static void judge_ready(struct report *report, const struct facts *facts)
{
	const struct string_list *failing = &facts->server.not_ready;
	struct finding *finding;

	if (facts->server.ready || !may_ask_readyz(facts))
		return;
	finding = report_finding(report, &WD7104, the_cluster);
	finding_value(finding, "reason", "%s",
		      failing->count ? text_or_empty(failing->items[0]) : "/readyz");
	for (size_t i = 0; i < failing->count; i++)
		finding_saw(finding, "/readyz", text_or_empty(failing->items[i]), "ok",
			    facts->server.url);
}

/* ---- rights ---- */

/* What is written into a ClusterRole must not be able to say more than it seems to. */
static bool is_plain(const char *text)
{
	return text && !text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789./*_:-")];
}

/* One rule as JSON, which a single line of shell can hold; "" for what is no name. */
static const char *rule_text(struct report *report, const struct denial *denial)
{
	const char *group = text_or_empty(denial->group);

	if (!is_plain(denial->verb))
		return "";
	if (is_plain(denial->url))
		return report_text(report,
				   "{\"nonResourceURLs\":[\"%s\"],\"verbs\":[\"%s\"]}",
				   denial->url, denial->verb);
	if (denial->url || !is_plain(denial->resource) || !is_plain(group))
		return "";
	return report_text(report,
			   "{\"apiGroups\":[\"%s\"],\"resources\":[\"%s\"],"
			   "\"verbs\":[\"%s\"]}",
			   group, denial->resource, denial->verb);
}

static const char *denial_text(struct report *report, const struct denial *denial)
{
	const char *group = text_or_empty(denial->group);

	if (denial->url)
		return report_text(report, "%s %s", text_or_empty(denial->verb),
				   denial->url);
	return report_text(report, "%s %s%s%s", text_or_empty(denial->verb),
			   text_or_empty(denial->resource), *group ? "." : "", group);
}

/* The API server names who asked: User "jane" cannot list resource ... */
static void name_user(struct finding *finding, const struct facts *facts)
{
	for (size_t i = 0; i < FACT_COUNT; i++) {
		const char *at = facts->source[i].reason
					 ? strstr(facts->source[i].reason, "User \"")
					 : NULL;

		if (at) {
			at += strlen("User \"");
			finding_value(finding, "user", "%.*s", (int)strcspn(at, "\""),
				      at);
		}
	}
}

static void name_rules(struct finding *finding, const struct facts *facts,
		       struct report *report)
{
	const char *rules = "";

	for (size_t i = 0; i < facts->denial_count && i < RULES_MAX; i++) {
		const char *rule = rule_text(report, &facts->denials[i]);

		rules = report_text(report, "%s%s%s", rules, *rules && *rule ? "," : "",
				    rule);
	}
	if (*rules)
		finding_value(finding, "rules",
			      "{\"apiVersion\":\"rbac.authorization.k8s.io/v1\","
			      "\"kind\":\"ClusterRole\",\"metadata\":{\"name\":"
			      "\"wasmdiag\"},\"rules\":[%s]}",
			      rules);
}

static void judge_rights(struct report *report, const struct facts *facts)
{
	struct finding *finding;

	if (facts->denial_count == 0 && facts->server.outcome != SERVER_FORBIDDEN)
		return;
	finding = report_finding(report, &WD7103, the_cluster);
	finding_value(finding, "count", "%zu", facts->denial_count);
	name_rules(finding, facts, report);
	name_user(finding, facts);
	for (size_t i = 0; i < facts->denial_count && i < RULES_MAX; i++)
		finding_saw(finding, denial_text(report, &facts->denials[i]), "forbidden",
			    "allowed", facts->server.url);
	if (facts->server.error)
		finding_saw(finding, "API server", facts->server.error, NULL,
			    facts->server.url);
}

/* ---- system components ---- */

static bool is_system(const struct pod *pod)
{
	static const char *const namespaces[] = { "kube-system", "gatekeeper-system",
						  "keda", "kube-flannel" };

	for (size_t i = 0; i < ARRAY_SIZE(namespaces); i++)
		if (text_equal(namespaces[i], pod->namespace))
			return true;
	return false;
}

static void judge_component(struct report *report, const struct facts *facts,
			    const struct pod *pod)
{
	int64_t since = pod_unready_since(pod);
	struct subject workload;
	struct finding *finding;

	if (pod_is_over(pod) || pod_is_ready(pod) ||
	    seconds_since(since, report_now(report)) < START_GRACE)
		return;
	workload = workload_of(pod, report);
	finding = report_finding(report, &WD7106, workload);
	name_workload(finding, pod, report);
	/* A pod that waits for the only node there is fails with that node. */
	if (!pod->node && facts->node_count == 1 && facts->nodes[0].name)
		finding_value(finding, "node", "%s", facts->nodes[0].name);
	if (text_equal(workload.name, "metrics-server"))
		finding_value(finding, "service", "metrics-server");
	finding_value(finding, "reason", "%s", pod_trouble(pod));
	show_pod(finding, pod, report);
}

static void judge_components(struct report *report, const struct facts *facts)
{
	if (!report_knows(report, FACT_PODS))
		return;
	for (size_t i = 0; i < facts->pod_count; i++)
		if (is_system(&facts->pods[i]))
			judge_component(report, facts, &facts->pods[i]);
}

/* ---- all of it ---- */

static void judge_inside(struct report *report, const struct facts *facts)
{
	report_knows(report, FACT_NODES);
	judge_ready(report, facts);
	judge_rights(report, facts);
	judge_components(report, facts);
	judge_warnings(report, facts);
}

static void run(const struct facts *facts, struct report *report)
{
	switch (facts->server.outcome) {
	case SERVER_NOT_ASKED:
		/* asked in vain, as without a kubeconfig, is not known */
		if (facts->source[FACT_SERVER].state == FACT_NOT_SOUGHT ||
		    report_knows(report, FACT_SERVER))
			report_skip(report, &cluster_not_asked);
		return;
	case SERVER_OK:
		report_knows(report, FACT_SERVER);
		judge_inside(report, facts);
		return;
	case SERVER_UNAUTHORIZED:
		report_server(report, &WD7102, &facts->server);
		return;
	case SERVER_FORBIDDEN:
		judge_rights(report, facts);
		return;
	default:
		report_server(report, &WD7101, &facts->server);
		return;
	}
}

const struct check check_cluster = {
	.words = &words_cluster,
	.needs = NEED(FACT_SERVER) | NEED(FACT_NODES) | NEED(FACT_PODS) |
		 NEED(FACT_EVENTS) | NEED(FACT_REFUSED_CONTROLLERS),
	.run = run,
	.reach = REACH_NODE,
};
