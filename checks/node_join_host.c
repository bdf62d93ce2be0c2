// SPDX-License-Identifier: Apache-2.0
/* What a node itself lacks: 3107, 3108, 3109, 3110, 3112. */
#include <wasmdiag/text.h>

#include "node_join.h"
#include "node_join.words.h"
#include "url_address.h"
#include "workload.h"

/* ---- 3107: certificates ---- */

/* K3s renews what has less than 90 days left, but only when it starts (docs.k3s.io): so a
 * month before the end nothing else is going to. */
#define SOON    ((int64_t)30 * 86400)
#define SHOWN   8
#define LOOPING 3

static void show_certificate(const struct joining *joining, const char *path,
			     int64_t not_after, struct finding *finding)
{
	finding_saw(finding, path, join_date(joining->report, not_after),
		    report_text(joining->report, "after %s",
				join_date(joining->report, report_now(joining->report))),
		    "notAfter");
}

static bool ends_before(const struct k3s_certificate *certificate, int64_t time)
{
	return certificate->path && certificate->not_after != UNSET &&
	       certificate->not_after < time;
}

/* A CA ends: restarting does not renew it. */
static void name_renewal(const struct joining *joining,
			 const struct k3s_certificate *certificate,
			 struct finding *finding)
{
	const char *directory = joining->host->k3s.data_dir;

	if (certificate->authority)
		finding_value(finding, "data_dir", "%s",
			      directory ? directory : "/var/lib/rancher/k3s");
	else
		finding_value(finding, "command", "restart");
}

static void judge_server_certificate(const struct joining *joining)
{
	const struct join *join = &joining->host->join;
	int64_t now = report_now(joining->report);
	struct url_address at;
	struct finding *finding;

	/* by the server's clock: ours may be wrong, which is 3106 */
	if (join->skew_s != UNSET && __builtin_add_overflow(now, join->skew_s, &now))
		return;
	if (join->not_after == UNSET || join->not_after >= now ||
	    !url_read_address(join->url, &at))
		return;
	finding = join_finding(joining, &WD3107);
	finding_value(finding, "file", "%s", join->url);
	finding_value(finding, "value", "%s",
		      join_date(joining->report, join->not_after));
	finding_value(finding, "peer", "%.*s:%.*s", at.host_length, at.host,
		      at.port_length, at.port);
	show_certificate(joining, join->url, join->not_after, finding);
}

void judge_certificates(const struct joining *joining)
{
	const struct host *host = joining->host;
	int64_t now = report_now(joining->report);
	struct finding *finding = NULL;
	size_t shown = 0;
	bool expired = false;

	judge_server_certificate(joining);
	for (size_t i = 0; i < host->k3s_certificate_count; i++)
		expired |= ends_before(&host->k3s_certificates[i], now);
	for (size_t i = 0; i < host->k3s_certificate_count && shown < SHOWN; i++) {
		const struct k3s_certificate *certificate = &host->k3s_certificates[i];

		if (!ends_before(certificate, expired ? now : now + SOON))
			continue;
		finding = join_finding(joining, &WD3107);
		finding_value(finding, "file", "%s", certificate->path);
		finding_value(finding, "value", "%s",
			      join_date(joining->report, certificate->not_after));
		name_renewal(joining, certificate, finding);
		show_certificate(joining, certificate->path, certificate->not_after,
				 finding);
		shown++;
	}
	if (finding && !expired)
		finding_severity(finding, SEVERITY_WARN);
}

/* ---- 3108: ports ---- */

static size_t count_nodes(const struct facts *facts, const char *label)
{
	size_t count = 0;

	for (size_t i = 0; i < facts->node_count; i++)
		count += !label || label_value(facts->nodes[i].labels,
					       facts->nodes[i].label_count, label);
	return count;
}

/* Does a peer connect to this port of this node (facts: cluster A5)? */
static bool is_needed(const struct joining *joining, int64_t port)
{
	const struct facts *facts = joining->facts;
	const struct host *host = joining->host;

	if (port == 10250) /* metrics-server, from another node */
		return facts->node_count != 1 || !knows_all_nodes(facts);
	if (!text_equal(host->k3s.role, "server"))
		return false;
	if (port == 2379 || port == 2380)
		return host->join.etcd &&
		       (!knows_all_nodes(facts) ||
			count_nodes(facts, "node-role.kubernetes.io/etcd") > 1);
	return true; /* the one that agents join by */
}

/* The tool that owns the rule has its own way to open a port. */
static void name_tool(const struct joining *joining, const char *rule,
		      struct finding *finding)
{
	if (text_has(rule, "ufw"))
		finding_value(finding, "program", "ufw");
	else if (text_has(rule, "firewalld") || text_has(rule, "IN_public"))
		finding_value(finding, "service", "firewalld");
	else
		finding_value(finding, "command", "%s",
			      text_or_empty(joining->host->firewall.tool));
}

void judge_ports(const struct joining *joining)
{
	const struct host *host = joining->host;
	const char *ports = NULL, *rule = NULL;
	struct finding *finding;

	for (size_t i = 0; i < host->tcp_port_count; i++) {
		const struct tcp_port *port = &host->tcp_ports[i];

		if (port->open != ANSWER_NO || !is_needed(joining, port->port))
			continue;
		ports = report_text(joining->report, "%s%s%lld", ports ? ports : "",
				    ports ? "," : "", (long long)port->port);
		rule = port->rule ? port->rule : "DROP";
		finding = join_finding(joining, &WD3108);
		finding_saw(finding,
			    report_text(joining->report, "tcp dport %lld",
					(long long)port->port),
			    rule, "accept", host->firewall.tool);
	}
	if (!ports)
		return;
	finding = join_finding(joining, &WD3108);
	finding_value(finding, "port", "%s", ports);
	finding_value(finding, "rules", "%s", rule);
	name_tool(joining, rule, finding);
}

/* ---- 3109: cgroup controllers ---- */

static bool has_controller(const struct host *host, const char *name)
{
	for (size_t i = 0; i < host->cgroup_controllers.count; i++)
		if (text_equal(host->cgroup_controllers.items[i], name))
			return true;
	return false;
}

void judge_controllers(const struct joining *joining)
{
	/* without these K3s ends (pkg/cgroups, pkg/daemons/agent); of v1 it only warns of
	 * cpu and cpuset */
	static const char *const needed[] = { "memory", "pids", "cpu", "cpuset" };
	const struct host *host = joining->host;
	bool is_v2 = text_equal(host->cgroups, "v2");
	struct finding *finding;

	if (host->source[HOST_CGROUPS].state != FACT_KNOWN)
		return;
	for (size_t i = 0; i < (is_v2 ? ARRAY_SIZE(needed) : 2); i++) {
		if (has_controller(host, needed[i]))
			continue;
		finding = join_finding(joining, &WD3109);
		finding_value(finding, "name", "%s", needed[i]);
		if (text_equal(needed[i], "memory"))
			finding_value(finding, "key", "memory");
		finding_saw(finding, needed[i], "missing", "enabled",
			    is_v2 ? "/sys/fs/cgroup/cgroup.controllers"
				  : "/proc/cgroups");
	}
}

/* ---- 3110: a proxy for what is its own ---- */

void judge_proxy(const struct joining *joining)
{
	const struct join *join = &joining->host->join;
	struct finding *finding;

	if (!join->proxy_file || !join->proxy_catches_loopback)
		return;
	finding = join_finding(joining, &WD3110);
	finding_value(finding, "file", "%s", join->proxy_file);
	finding_saw(finding, "NO_PROXY", "lacks 127.0.0.0/8", "127.0.0.0/8,...",
		    join->proxy_file);
}

/* ---- 3112: the service ---- */

/* Restart=always and RestartSec=5s hide a loop: it is active most of the time. */
static bool is_looping(const struct unit *unit, int64_t now)
{
	if (unit->restarts == UNSET || unit->restarts < LOOPING)
		return false;
	return text_equal(unit->active_state, "activating") ||
	       (unit->started != UNSET && seconds_since(unit->started, now) < 300);
}

static bool has_failed(const struct unit *unit)
{
	return text_equal(unit->active_state, "failed") ||
	       text_equal(unit->sub_state, "auto-restart");
}

static void show_last_words(const struct joining *joining, const struct unit *unit,
			    struct finding *finding)
{
	const struct host *host = joining->host;

	for (size_t i = 0; i < host->unit_log_count; i++) {
		const struct unit_log *log = &host->unit_logs[i];

		if (log->lines.count && text_equal(log->unit, unit->name))
			finding_saw(finding, "journal",
				    text_or_empty(log->lines.items[log->lines.count - 1]),
				    NULL, "journalctl");
	}
}

static void judge_unit(const struct joining *joining, const struct unit *unit)
{
	bool failed = has_failed(unit);
	struct finding *finding;

	if (!text_starts(unit->name, "k3s") || !text_equal(unit->load_state, "loaded") ||
	    (!failed && !is_looping(unit, report_now(joining->report))))
		return;
	finding = join_finding(joining, &WD3112);
	finding_value(finding, "service", "%s", unit->name);
	finding_value(finding, "reason", "%s",
		      failed ? text_or_empty(unit->active_state) : "restarting");
	finding_value(finding, "count", "%lld",
		      unit->restarts == UNSET ? 0LL : (long long)unit->restarts);
	if (failed)
		finding_saw(finding, unit->name,
			    report_text(joining->report, "%s (%s), result %s",
					text_or_empty(unit->active_state),
					text_or_empty(unit->sub_state),
					text_or_empty(unit->result)),
			    "active (running)", "systemctl show");
	if (unit->restarts != UNSET)
		finding_saw(finding, "NRestarts",
			    report_text(joining->report, "%lld, the last at %s",
					(long long)unit->restarts,
					join_date(joining->report, unit->started)),
			    NULL, "systemctl show");
	show_last_words(joining, unit, finding);
}

void judge_service(const struct joining *joining)
{
	for (size_t i = 0; i < joining->host->unit_count; i++)
		judge_unit(joining, &joining->host->units[i]);
}
