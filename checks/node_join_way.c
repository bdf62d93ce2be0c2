// SPDX-License-Identifier: Apache-2.0
/* From the node to its server: 3102, 3103, 3104, 3106, 3111. */
#include <wasmdiag/text.h>

#include "node_join.h"
#include "node_join.words.h"
#include "url_address.h"
#include "workload.h"

/* ---- 3102: unreachable ---- */

static const char *step(enum join_outcome outcome)
{
	static const char *const steps[JOIN_OUTCOME_COUNT] = {
		[JOIN_BAD_URL] = "URL",
		[JOIN_UNRESOLVED] = "resolve",
		[JOIN_UNREACHABLE] = "TCP connect",
		[JOIN_TIMEOUT] = "reply",
		[JOIN_TLS] = "TLS",
		[JOIN_NO_PONG] = "/ping",
	};

	return outcome < JOIN_OUTCOME_COUNT && steps[outcome] ? steps[outcome] : "?";
}

/* Each step has a fix of its own, shown when what it names is given. */
static void name_step(const struct join *join, struct finding *finding)
{
	struct url_address at;

	if (join->outcome == JOIN_BAD_URL || !url_read_address(join->url, &at)) {
		finding_value(finding, "file", "%s",
			      join->url_file ? join->url_file
					     : "/etc/rancher/k3s/config.yaml");
		return;
	}
	switch (join->outcome) {
	case JOIN_UNRESOLVED:
		finding_value(finding, "name", "%.*s", at.host_length, at.host);
		break;
	case JOIN_UNREACHABLE:
	case JOIN_TIMEOUT:
		finding_value(finding, "host", "%.*s", at.host_length, at.host);
		finding_value(finding, "port", "%.*s", at.port_length, at.port);
		break;
	case JOIN_TLS:
		finding_value(finding, "peer", "%.*s:%.*s", at.host_length, at.host,
			      at.port_length, at.port);
		finding_value(finding, "address", "%.*s", at.host_length, at.host);
		break;
	default:
		finding_value(finding, "path", "%s/ping", join->url);
		break;
	}
}

static void judge_reach(const struct joining *joining)
{
	const struct join *join = &joining->host->join;
	const char *why = join->error ? join->error : step(join->outcome);
	struct finding *finding = join_finding(joining, &WD3102);

	finding_value(finding, "key", "%s", step(join->outcome));
	finding_value(finding, "reason", "%s", why);
	name_step(join, finding);
	finding_saw(finding, step(join->outcome), why, NULL, join->url);
}

/* ---- 3103, 3104: the token ---- */

static struct finding *token_finding(const struct joining *joining,
				     const struct guide *guide)
{
	const struct join *join = &joining->host->join;
	struct finding *finding = join_finding(joining, guide);

	finding_value(finding, "file", "%s",
		      join->token_file ? join->token_file
				       : "/etc/rancher/k3s/config.yaml");
	return finding;
}

static bool has_certificate(const struct joining *joining)
{
	const struct host *host = joining->host;

	for (size_t i = 0; i < host->k3s_certificate_count; i++) {
		const struct k3s_certificate *certificate = &host->k3s_certificates[i];

		if (text_ends(certificate->path, "/agent/client-kubelet.crt"))
			return certificate->not_after > report_now(joining->report);
	}
	return false;
}

/* It is in the cluster: it goes on by its certificate, whatever becomes of its token. */
static bool has_joined(const struct joining *joining)
{
	const struct node *node = find_node(joining->facts, joining->host->node);
	const struct condition *ready;

	if (joining->facts->source[FACT_NODES].state != FACT_KNOWN)
		return has_certificate(joining);
	ready = node ? find_condition(node->conditions, node->condition_count, "Ready")
		     : NULL;
	return ready && text_equal(ready->status, "True");
}

/* K3s looks at the form and the hash whenever it starts. */
static void judge_form(const struct joining *joining)
{
	const struct join *join = &joining->host->join;
	bool is_other = join->ca_matches == ANSWER_NO;
	struct finding *finding = token_finding(joining, is_other ? &WD3103 : &WD3104);

	if (is_other) {
		finding_saw(finding, "K10<CA hash>", "another cluster's",
			    "that of /cacerts", join->token_file);
	} else {
		finding_value(finding, "reason", "its form is wrong");
		finding_saw(finding, "token", "malformed", "K10<hash>::<user>:<secret>",
			    join->token_file);
	}
	if (has_joined(joining))
		finding_severity(finding, SEVERITY_WARN);
}

static void judge_status(const struct joining *joining)
{
	const struct join *join = &joining->host->join;
	struct finding *finding = token_finding(joining, &WD3104);

	finding_value(finding, "reason", "HTTP %d", (int)join->token_status);
	finding_saw(finding, "GET /v1-k3s/config",
		    join->token_status == 401
			    ? "401: the secret in it is wrong, or has expired"
			    : "403: it is known, and may not join as this role",
		    "200", join->url);
	if (has_joined(joining))
		finding_severity(finding, SEVERITY_INFO);
}

static void judge_token(const struct joining *joining)
{
	const struct join *join = &joining->host->join;

	if (join->ca_matches == ANSWER_NO || join->token == TOKEN_MALFORMED)
		judge_form(joining);
	else if (join->token_status == 401 || join->token_status == 403)
		judge_status(joining);
}

/* ---- 3106: clocks ---- */

static struct finding *skew_finding(const struct joining *joining, int64_t skew,
				    const char *url)
{
	struct finding *finding = join_finding(joining, &WD3106);

	finding_value(finding, "seconds", "%s", join_span(joining->report, skew));
	if (url)
		finding_value(finding, "url", "%s", url);
	finding_saw(finding, "Date - clock",
		    report_text(joining->report, "%lld s", (long long)skew),
		    report_text(joining->report, "within %lld s",
				(long long)(report_threshold(joining->report,
							     THRESHOLD_CLOCK_SKEW) /
					    1000)),
		    url);
	return finding;
}

static bool is_within(const struct join *join, int64_t time)
{
	return join->not_before <= time && time <= join->not_after;
}

/* The certificate holds by the server's clock and not by ours: nobody can join so. */
static bool crosses(const struct join *join, int64_t now, int64_t skew)
{
	return join->not_before != UNSET && join->not_after != UNSET &&
	       !is_within(join, now) && is_within(join, now + skew);
}

/* Beyond a century it is no clock. */
static bool is_skew(const struct report *report, int64_t skew)
{
	int64_t limit = report_threshold(report, THRESHOLD_CLOCK_SKEW) / 1000;

	return skew != UNSET && (skew > limit || skew < -limit) &&
	       skew < INT64_C(3200000000) && skew > -INT64_C(3200000000);
}

static void judge_clock(const struct joining *joining)
{
	const struct join *join = &joining->host->join;
	const struct server *server = &joining->facts->server;
	struct report *report = joining->report;
	struct finding *finding;

	if (is_skew(report, join->skew_s)) {
		finding = skew_finding(joining, join->skew_s, join->url);
		if (!crosses(join, report_now(report), join->skew_s)) {
			finding_severity(finding, SEVERITY_WARN);
			return;
		}
		finding_saw(finding, "certificate",
			    report_text(report, "%s to %s",
					join_date(report, join->not_before),
					join_date(report, join->not_after)),
			    NULL, join->url);
	} else if (join->skew_s == UNSET && joining->facts->host_count == 1 &&
		   is_skew(report, server->skew_s)) {
		/* this host asked the API server; of several snapshots one did */
		finding = skew_finding(joining, server->skew_s, server->url);
		finding_severity(finding, SEVERITY_WARN);
	}
}

/* ---- 3111: the agent's load balancer ---- */

static void judge_balancer(const struct joining *joining)
{
	const struct join *join = &joining->host->join;
	struct finding *finding;

	if (!join->balancer_file || join->balancer_answers != ANSWER_NO)
		return;
	finding = join_finding(joining, &WD3111);
	finding_value(finding, "file", "%s", join->balancer_file);
	for (size_t i = 0; i < join->balancer_servers.count; i++)
		finding_saw(finding, "ServerAddresses",
			    text_or_empty(join->balancer_servers.items[i]), join->url,
			    join->balancer_file);
}

void judge_way(const struct joining *joining)
{
	const struct join *join = &joining->host->join;

	if (join->outcome != JOIN_OK && join->outcome != JOIN_NOT_ASKED)
		judge_reach(joining);
	if (join->url)
		judge_token(joining);
	judge_clock(joining);
	judge_balancer(joining);
}
