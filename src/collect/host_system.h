// SPDX-License-Identifier: Apache-2.0
/*
 * The collectors of what a node's kernel, network and K3s are like.  Each sets its
 * fact's source and fills the members that belong to it; all that is kept is in the
 * context's arena.
 */
#pragma once

#include "collect/host.h"
#include "error.h"

#define HOST_COLLECTOR(name)                                                             \
	void collect_##name(struct host_context *context, struct host *host)             \
		__attribute__((nonnull))

/* HOST_SYSTEM: kernel, distribution, cgroups; own addresses, which needs the links. */
HOST_COLLECTOR(system);
/* HOST_KERNEL_MODULES: those K3s and flannel want; knows more after the links. */
HOST_COLLECTOR(kernel_modules);
/* HOST_SYSCTLS: those of the network that K3s sets (facts: cluster A6, C4). */
HOST_COLLECTOR(sysctls);
/* HOST_LINKS: the links and their addresses, by index (rtnetlink). */
HOST_COLLECTOR(links);
/* HOST_ROUTES, HOST_NEIGHBOURS, HOST_FORWARDING: after the links; see netlink.h. */
HOST_COLLECTOR(routes);
HOST_COLLECTOR(neighbours);
HOST_COLLECTOR(forwarding);
/* HOST_FLANNEL: net-conf.json and subnet.env; after HOST_K3S (facts: cluster C2). */
HOST_COLLECTOR(flannel);
/* HOST_CNI: the configuration that counts, and whether its programs are there. */
HOST_COLLECTOR(cni);
/* HOST_FIREWALL: may a peer's vxlan packet come in; after HOST_SYSTEM. */
HOST_COLLECTOR(firewall);
/* HOST_UDP: the counters, "before" among them; host_udp_again() takes the later ones. */
HOST_COLLECTOR(udp);
/* HOST_K3S: its process, units, configuration and version. */
HOST_COLLECTOR(k3s);
/* HOST_UNITS: the state of its and containerd's and kubelet's systemd units. */
HOST_COLLECTOR(units);
/* HOST_DISKS: room where K3s, kubelet and containerd write; after those. */
HOST_COLLECTOR(disks);
/* HOST_DATASTORE: which one K3s uses, and whether state.db is sound; after HOST_K3S. */
HOST_COLLECTOR(datastore);

/*
 * Are we in the node's network?  Without, the kernel tells us of our own container's;
 * then the source is set to FACT_FAILED and says so.
 */
bool host_shares_network(struct host_context *context, struct source *source)
	__attribute__((nonnull));

/*
 * A small file (64 KiB at most) below root, as text without white space at its ends.
 * NULL when it cannot be read; error (may be NULL) says why.
 */
char *host_text(struct host_context *context, const char *path, struct error *error)
	__attribute__((nonnull(1, 2)));

/* FACT_ABSENT, FACT_DENIED or FACT_FAILED, as the error's kind says, with its text. */
void host_fact_error(struct host_context *context, struct source *source,
		     const struct error *error) __attribute__((nonnull));

/* K3s's data folder: the one configured, else /var/lib/rancher/k3s. */
const char *host_data_dir(const struct host *host)
	__attribute__((nonnull, returns_nonnull));

/* The value of an option of kubelet's command line, "--config" for one: of the process
 * that is kubelet, or runs one, in root.  NULL when it is not given. */
const char *host_kubelet_option(struct host_context *context, const char *option)
	__attribute__((nonnull));

/* Append a copy of text to a list. */
void host_list_add(struct arena *arena, struct string_list *list, const char *text)
	__attribute__((nonnull));

/* The absolute path of a system program (/usr/sbin, /sbin, /usr/bin, /bin, /usr/local's)
 * as seen from root; NULL when it is not there. */
const char *host_tool(struct host_context *context, const char *name)
	__attribute__((nonnull));

/*
 * Run a system program inside root, by the context's deadline, 4 MiB of output at most;
 * argv[0] is its path.  False unless it succeeded.
 */
bool host_run(struct host_context *context, const char *const *argv, char **ret_output,
	      struct error *error) __attribute__((nonnull(1, 2, 3)));
