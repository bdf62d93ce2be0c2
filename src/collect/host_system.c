// SPDX-License-Identifier: Apache-2.0
#include "collect/host_system.h"

#include <sys/utsname.h>

#include <wasmdiag/text.h>

#include "cleanup.h"
#include "collect/chase.h"

/* PRETTY_NAME="Debian GNU/Linux 13 (trixie)" of os-release(5). */
static const char *pretty_name(struct host_context *context)
{
	static const char key[] = "PRETTY_NAME=";
	char *text = host_text(context, "/etc/os-release", NULL);
	char *line, *rest;
	size_t length;

	if (!text)
		text = host_text(context, "/usr/lib/os-release", NULL);
	for (; text && (line = strsep(&text, "\n"));) {
		if (!text_starts(line, key))
			continue;
		rest = line + strlen(key);
		length = strlen(rest);
		if (length >= 2 && (*rest == '"' || *rest == '\'') &&
		    rest[length - 1] == *rest)
			return arena_copy(context->arena, rest + 1, length - 2);
		return rest;
	}
	return NULL;
}

static const char *cgroup_mode(struct host_context *context)
{
	if (host_exists(context, "/sys/fs/cgroup/cgroup.controllers"))
		return "v2";
	if (host_exists(context, "/sys/fs/cgroup/unified/cgroup.controllers"))
		return "hybrid";
	if (host_exists(context, "/sys/fs/cgroup/memory") ||
	    host_exists(context, "/sys/fs/cgroup/cpu"))
		return "v1";
	return NULL;
}

/* All but loopback and link-local ones. */
static void add_addresses(struct host_context *context, struct host *host,
			  const struct link *link)
{
	char text[64];

	for (size_t i = 0; i < link->addresses.count; i++) {
		snprintf(text, sizeof(text), "%s", link->addresses.items[i]);
		text[strcspn(text, "/")] = '\0';
		if (!text_starts(text, "127.") && !text_equal(text, "::1") &&
		    !text_starts(text, "fe80:"))
			host_list_add(context->arena, &host->addresses, text);
	}
}

void collect_system(struct host_context *context, struct host *host)
{
	struct utsname system;

	host->name = NULL;
	/* the kernel's answer is that of our own UTS namespace, a container's perhaps */
	if (*context->root)
		host->name = host_text(context, "/etc/hostname", NULL);
	if (uname(&system) == 0) {
		if (!host->name)
			host->name = arena_string(context->arena, system.nodename);
		host->kernel = arena_string(context->arena, system.release);
		host->architecture = arena_string(context->arena, system.machine);
	}
	host->os = pretty_name(context);
	host->cgroups = cgroup_mode(context);
	host->root = geteuid() == 0;
	host->addresses = (struct string_list){ 0 };
	for (size_t i = 0; i < host->link_count; i++)
		add_addresses(context, host, &host->links[i]);
	host_fact_set(context, &host->source[HOST_SYSTEM], FACT_KNOWN, NULL);
}

void collect_sysctls(struct host_context *context, struct host *host)
{
	static const char *const names[][2] = {
		{ "net.ipv4.ip_forward", "/proc/sys/net/ipv4/ip_forward" },
		{ "net.ipv4.conf.all.forwarding",
		  "/proc/sys/net/ipv4/conf/all/forwarding" },
		{ "net.bridge.bridge-nf-call-iptables",
		  "/proc/sys/net/bridge/bridge-nf-call-iptables" },
		{ "net.ipv4.conf.all.rp_filter",
		  "/proc/sys/net/ipv4/conf/all/rp_filter" },
		{ "net.ipv6.conf.all.forwarding",
		  "/proc/sys/net/ipv6/conf/all/forwarding" },
	};
	struct source *source = &host->source[HOST_SYSCTLS];
	struct sysctl *sysctls =
		arena_array(context->arena, ARRAY_SIZE(names), sizeof(*sysctls));

	if (!host_shares_network(context, source))
		return;
	if (!host_exists(context, "/proc/sys/net")) {
		host_fact_set(context, source, FACT_FAILED,
			      "there is no %s/proc/sys/net: is proc mounted there",
			      context->root);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		sysctls[i] = (struct sysctl){
			.name = names[i][0],
			.value = host_text(context, names[i][1], NULL),
		};
	host->sysctls = sysctls;
	host->sysctl_count = ARRAY_SIZE(names);
	host_fact_set(context, source, FACT_KNOWN, NULL);
}
