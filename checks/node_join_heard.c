// SPDX-License-Identifier: Apache-2.0
/* What K3s's journal says, for what could not be told by asking the server. */
#include <wasmdiag/text.h>

#include "common.h"
#include "node_join.h"
#include "node_join.words.h"

/* The message of a line as K3s writes it: level=... msg="...". */
static const char *message_of(const char *line, char *out, size_t size)
{
	return text_between(line, "msg=\"", "\"", out, size) ? out : line;
}

/* What the words of each guide want to have filled in. */
static void fill_in(const struct joining *joining, const struct guide *guide,
		    const char *line, struct finding *finding)
{
	const struct join *join = &joining->host->join;
	const char *own = joining->host->k3s.version;
	const char *servers = joining->facts->server.version;
	char controller[16], message[512];

	if (guide == &WD3103 || guide == &WD3104)
		finding_value(finding, "file", "%s",
			      join->token_file ? join->token_file
					       : "/etc/rancher/k3s/config.yaml");
	if (guide == &WD3104 || guide == &WD3114)
		finding_value(finding, "reason", "%s",
			      message_of(line, message, sizeof(message)));
	if (guide == &WD3109 && text_between(line, "failed to find ", " cgroup",
					     controller, sizeof(controller)))
		finding_value(finding, "name", "%s", controller);
	if (guide == &WD3109)
		finding_value(finding, "name", "pids");
	if (guide == &WD3109 && text_has(line, "cgroup_enable=memory"))
		finding_value(finding, "key", "memory");
	if (guide == &WD3113) {
		finding_value(finding, "actual", "%s", own ? own : "?");
		finding_value(finding, "expected", "%s", servers ? servers : "?");
		if (servers)
			finding_value(finding, "version", "%s", servers);
	}
}

static void hear(const struct joining *joining, const struct guide *guide,
		 const char *line, const char *unit)
{
	struct finding *finding = join_finding(joining, guide);

	finding_severity(finding, guide->severity); /* it is not let in at this time */
	fill_in(joining, guide, line, finding);
	finding_saw(
		finding, "journal", line, NULL,
		report_text(joining->report, "journalctl -u %s", text_or_empty(unit)));
}

/* The server was asked, and says otherwise by now. */
static bool is_refuted(const struct join *join, const struct guide *guide)
{
	if (guide == &WD3103)
		return join->ca_matches == ANSWER_YES;
	if (guide == &WD3104)
		return join->token_status == 200;
	return false;
}

void judge_journal(const struct joining *joining)
{
	static const struct guide *const guides[] = { &WD3103, &WD3104, &WD3105,
						      &WD3109, &WD3113, &WD3114 };
	const struct host *host = joining->host;

	for (size_t i = 0; i < host->unit_log_count; i++) {
		const struct unit_log *log = &host->unit_logs[i];

		for (size_t j = 0; j < log->lines.count; j++) {
			const char *line = log->lines.items[j];

			for (size_t k = 0; line && k < ARRAY_SIZE(guides); k++)
				if (guide_matches(guides[k], line) &&
				    !is_refuted(&host->join, guides[k]))
					hear(joining, guides[k], line, log->unit);
		}
	}
}
