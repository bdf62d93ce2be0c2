// SPDX-License-Identifier: Apache-2.0
#include "collect/udp.h"

#include <errno.h>
#include <stdlib.h>

#include <wasmdiag/text.h>

#include "collect/host_system.h"

static int64_t number(const char *text)
{
	char *end;
	long long value;

	errno = 0;
	value = strtoll(text, &end, 10);
	return errno || end == text || *end || value < 0 ? UNSET : value;
}

static void pair_up(char *names, char *values, struct udp_counters *ret)
{
	char *name, *value;

	while ((name = strsep(&names, " ")) && (value = strsep(&values, " "))) {
		if (text_equal(name, "InDatagrams"))
			ret->datagrams = number(value);
		else if (text_equal(name, "InCsumErrors"))
			ret->checksum_errors = number(value);
	}
}

bool udp_parse(char *text, struct udp_counters *ret)
{
	char *names = NULL;
	char *line;

	*ret = (struct udp_counters){ UNSET, UNSET, UNSET };
	while ((line = strsep(&text, "\n"))) {
		if (!text_starts(line, "Udp: "))
			continue;
		if (names) {
			pair_up(names, line, ret);
			return ret->datagrams != UNSET;
		}
		names = line;
	}
	return false;
}

static bool read_counters(struct host_context *context, struct udp_counters *ret,
			  struct error *error)
{
	/* /proc/net is our own network; the node's is that of its first process */
	const char *path = *context->root ? "/proc/1/net/snmp" : "/proc/net/snmp";
	char *text = host_text(context, path, error);

	if (!text)
		return false;
	return udp_parse(text, ret) ||
	       fail(error, ERROR_FORMAT, "%s has no UDP counters", path);
}

void collect_udp(struct host_context *context, struct host *host)
{
	struct source *source = &host->source[HOST_UDP];
	struct error error = { 0 };

	if (!read_counters(context, &host->udp, &error)) {
		host_fact_error(context, source, &error);
		return;
	}
	host->udp.checksum_errors_before = host->udp.checksum_errors;
	host_fact_set(context, source, FACT_KNOWN, NULL);
}

void host_udp_again(struct host_context *context, struct host *host)
{
	struct udp_counters now;

	if (host->source[HOST_UDP].state != FACT_KNOWN ||
	    !read_counters(context, &now, NULL))
		return;
	now.checksum_errors_before = host->udp.checksum_errors_before;
	host->udp = now;
}
