// SPDX-License-Identifier: Apache-2.0
/* Are the nodes in the cluster, and if not, what keeps them out? */
#include "node_join.h"

#include <time.h>

#include <wasmdiag/text.h>

#include "common.h"
#include "node_join.words.h"

/* Its own unit where that is known by name, else the one its role has. */
static const char *unit_of(const struct host *host)
{
	for (size_t i = 0; i < host->unit_count; i++)
		if (text_starts(host->units[i].name, "k3s") &&
		    text_equal(host->units[i].load_state, "loaded"))
			return host->units[i].name;
	return text_equal(host->k3s.role, "agent") ? "k3s-agent" : "k3s";
}

struct finding *join_finding(const struct joining *joining, const struct guide *guide)
{
	const struct host *host = joining->host;
	struct finding *finding =
		report_finding(joining->report, guide, host_subject(host));

	finding_value(finding, "unit", "%s",
		      host->k3s.installed ? unit_of(host) : "kubelet");
	if (host->join.url)
		finding_value(finding, "url", "%s", host->join.url);
	return finding;
}

const char *join_span(struct report *report, int64_t seconds)
{
	static const struct {
		uint64_t size;
		const char *name;
	} units[] = { { 86400, "d" }, { 3600, "h" }, { 60, "min" }, { 1, "s" } };
	uint64_t left = seconds < 0 ? -(uint64_t)seconds : (uint64_t)seconds;
	size_t i = 0;
	uint64_t rest;

	while (i + 1 < ARRAY_SIZE(units) && left < units[i].size)
		i++;
	rest = i < 2 ? left % units[i].size / units[i + 1].size : 0;
	if (rest)
		return report_text(report, "%llu %s %llu %s",
				   (unsigned long long)(left / units[i].size),
				   units[i].name, (unsigned long long)rest,
				   units[i + 1].name);
	return report_text(report, "%llu %s", (unsigned long long)(left / units[i].size),
			   units[i].name);
}

const char *join_date(struct report *report, int64_t time)
{
	struct tm parts;
	char text[64];
	time_t seconds = (time_t)time;

	if (time == UNSET || !gmtime_r(&seconds, &parts) ||
	    !strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &parts))
		return "?";
	return report_text(report, "%s", text);
}

/* The server's option or the URL is in a file that only root may read. */
static void admit_ignorance(const struct joining *joining)
{
	const struct host *host = joining->host;
	int64_t status = host->join.token_status;

	if (host->join.token_error)
		report_unknown(joining->report, &node_join_no_token,
			       host->join.token_error);
	if (status != UNSET && status != 200 && status != 401 && status != 403)
		report_unknown(
			joining->report, &node_join_no_verdict,
			report_text(joining->report, "HTTP %lld", (long long)status));
	if (!host->join.url && text_equal(host->k3s.role, "agent"))
		report_unknown(joining->report, &node_join_no_url, NULL);
}

static void judge_k3s(const struct joining *joining)
{
	const struct host *host = joining->host;

	if (report_knows_host(joining->report, host, HOST_JOIN)) {
		judge_way(joining);
		judge_proxy(joining);
		admit_ignorance(joining);
	}
	if (report_knows_host(joining->report, host, HOST_K3S_CERTIFICATES))
		judge_certificates(joining);
	if (report_knows_host(joining->report, host, HOST_FIREWALL))
		judge_ports(joining);
	if (report_knows_host(joining->report, host, HOST_UNITS))
		judge_service(joining);
	if (report_knows_host(joining->report, host, HOST_UNIT_LOGS))
		judge_journal(joining);
	report_knows_host(joining->report, host, HOST_CGROUPS);
}

/* False: there is no K3s here. */
static bool judge_host(const struct facts *facts, const struct host *host,
		       struct report *report)
{
	const struct joining joining = { facts, host, report };

	/* kubelet wants the controllers whoever starts it */
	judge_controllers(&joining);
	if (!host->k3s.installed)
		return host->source[HOST_K3S].state != FACT_KNOWN &&
				       host->source[HOST_K3S].state != FACT_ABSENT
			       ? report_knows_host(report, host, HOST_K3S)
			       : false;
	judge_k3s(&joining);
	return true;
}

static void run(const struct facts *facts, struct report *report)
{
	bool knows_nodes = report_knows(report, FACT_NODES);
	bool has_k3s = false;

	if (knows_nodes)
		judge_nodes(facts, report);
	for (size_t i = 0; i < facts->host_count; i++)
		has_k3s |= judge_host(facts, &facts->hosts[i], report);
	if (!has_k3s && !knows_nodes && facts->host_count)
		report_skip(report, &node_join_not_k3s);
}

const struct check check_node_join = {
	.words = &words_node_join,
	.needs = NEED(FACT_NODES) | NEED(FACT_EVENTS) | NEED(FACT_SERVER),
	.host_needs = NEED(HOST_SYSTEM) | NEED(HOST_K3S) | NEED(HOST_JOIN) |
		      NEED(HOST_K3S_CERTIFICATES) | NEED(HOST_FIREWALL) |
		      NEED(HOST_UNITS) | NEED(HOST_UNIT_LOGS) | NEED(HOST_CGROUPS),
	.run = run,
	.reach = REACH_NODE,
};
