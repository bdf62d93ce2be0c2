// SPDX-License-Identifier: Apache-2.0
/* The first byte picks what the rest is taken for. */
#include <stdint.h>

#include "collect/cni.h"
#include "collect/disks.h"
#include "collect/firewall.h"
#include "collect/flannel.h"
#include "collect/k3s.h"
#include "collect/misplaced_cgroups.h"
#include "collect/udp.h"
#include "collect/units.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_options(struct arena *arena, char kind, char *text, size_t size)
{
	struct bytes bytes = { text, size };
	struct k3s_secrets secrets = { .arena = arena };
	struct k3s k3s = { 0 };
	const struct k3s_target target = { arena, &k3s, &secrets };

	if (kind == 'e')
		k3s_apply_environment(&target, text);
	else if (kind == 's')
		k3s_apply_unit(&target, text);
	else
		k3s_apply_config(&target, "config.yaml", bytes, NULL);
}

static void read_network(struct arena *arena, char kind, char *text, size_t size)
{
	const char *own[] = { "192.168.1.10" };
	struct tcp_port port = { .port = 6443 };
	struct host host = { .addresses = { own, 1 },
			     .tcp_ports = &port,
			     .tcp_port_count = 1 };
	struct string_list programs = { 0 };
	struct bytes bytes = { text, size };

	if (kind == 'i')
		firewall_read_iptables(arena, text, &host);
	else if (kind == 'n')
		firewall_nft_may_close(text);
	else if (kind == 'f')
		flannel_parse_subnet_env(arena, text, &host.flannel, NULL);
	else if (kind == 'j')
		flannel_parse_net_conf(arena, bytes, &host.flannel, NULL);
	else
		cni_parse(arena, bytes, &host.cni, &programs, NULL);
}

static void read_system(struct arena *arena, char kind, char *text)
{
	struct udp_counters counters;
	struct misplaced_cgroup cgroup;
	const char *point, *type;
	struct host host = { 0 };

	if (kind == 'u')
		units_parse(arena, text, 1795000000, &host);
	else if (kind == 'm')
		mountinfo_parse(text, &point, &type);
	else if (kind == 'g')
		misplaced_cgroup_parse(text, arena, &cgroup);
	else
		udp_parse(text, &counters);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	char kind;
	char *text;

	if (size == 0)
		return 0;
	kind = (char)*data;
	text = arena_copy(&arena, (const char *)data + 1, size - 1);
	if (kind == 'e' || kind == 's' || kind == 'y')
		read_options(&arena, kind, text, size - 1);
	else if (kind == 'u' || kind == 'm' || kind == 'p' || kind == 'g')
		read_system(&arena, kind, text);
	else
		read_network(&arena, kind, text, size - 1);
	arena_free(&arena);
	return 0;
}
