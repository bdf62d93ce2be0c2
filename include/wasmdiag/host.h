// SPDX-License-Identifier: Apache-2.0
/* What was learned on a node.  The conventions are those of facts.h. */
#pragma once

#include <wasmdiag/autoscaling.h>
#include <wasmdiag/facts.h>
#include <wasmdiag/join.h>
#include <wasmdiag/performance.h>
#include <wasmdiag/storage.h>
#include <wasmdiag/wasm.h>

/* Facts of a host, each learned by itself. */
enum host_fact {
	HOST_SYSTEM,
	HOST_CONTAINERD,
	HOST_RUNTIMES,
	HOST_KERNEL_MODULES,
	HOST_SYSCTLS,
	HOST_LINKS,
	HOST_ROUTES,
	HOST_NEIGHBOURS,
	HOST_FORWARDING,
	HOST_FLANNEL,
	HOST_CNI,
	HOST_FIREWALL,
	HOST_UDP,
	HOST_K3S,
	HOST_UNITS,
	HOST_DISKS,
	HOST_WASM_CONTAINERS,
	HOST_LOGS,
	HOST_WEBHOOK_PROBES,
	HOST_CONTAINER_RESOURCES,
	HOST_ENGINE_LIBRARIES,
	HOST_DATASTORE,
	HOST_MISPLACED_CGROUPS,
	HOST_CGROUPS,
	HOST_JOIN,
	HOST_K3S_CERTIFICATES,
	HOST_UNIT_LOGS,
	HOST_FACT_COUNT,
};

/* One containerd runtime table: what a RuntimeClass's handler names. */
struct runtime_handler {
	const char *name;
	const char *runtime_type; /* io.containerd.runc.v2 */
	const char *runtime_path;
	const char
		*binary_name; /* options.BinaryName as written; NULL: the default, runc */
	const char *binary; /* its absolute path, found as containerd would; NULL: none */
	struct string_list pod_annotations;
	struct string_list container_annotations;
	enum answer systemd_cgroup;
	const char *file; /* where the table stands */
};

struct containerd {
	const char *path; /* the configuration read first */
	const char *flavor; /* "k3s" or "containerd" */
	const char
		*template; /* K3s: the template it was made from, or that it would read */
	int64_t version; /* the schema: 1, 2 or 3 */
	struct string_list imports; /* files read besides */
	const char *error; /* it does not parse: says file, line and why */
	bool duplicate_table; /* ... because a table stands there twice */
	const char *foreign_plugin; /* a CRI plugin id of the other schema, as written */
	const char *default_runtime;
	const char *snapshotter;
	const char *root; /* /var/lib/containerd */
	const char *state; /* /run/containerd */
	struct runtime_handler *handlers;
	size_t handler_count;
};

/* An OCI runtime on the node: one a handler runs, or the crun of PATH. */
struct runtime_binary {
	const char *path;
	const char *target; /* where symbolic links lead */
	bool exists;
	bool executable;
	bool on_path; /* this is what `crun` in a shell would run */
	const char *program; /* crun, runc, ...: the first word of --version */
	const char *version; /* 1.21 */
	int64_t major, minor, patch;
	struct string_list features; /* +SYSTEMD ... +WASM:wasmedge */
	enum answer wasm; /* a Wasm engine is compiled in */
	const char *engine; /* wasmedge, wasmtime, ... */
	const char *engine_source; /* "crun features" or "crun --version" */
	const char *library; /* libwasmedge.so.0 */
	const char *library_path; /* where ld.so finds it; NULL: nowhere */
	const char *library_error; /* why the search proves nothing */
	const char *error; /* why it could not be asked */
};

enum kernel_module_state {
	MODULE_UNKNOWN, /* no index of modules to look at */
	MODULE_LOADED,
	MODULE_BUILTIN,
	MODULE_AVAILABLE, /* a file that modprobe would find */
	MODULE_MISSING,
	MODULE_STATE_COUNT,
};

struct kernel_module {
	const char *name;
	enum kernel_module_state state;
	const char *evidence; /* what said so: /proc/modules, /sys/module/x, ... */
	const char *blocked; /* the modprobe.d rule that keeps it out; NULL: none */
};

struct sysctl {
	const char *name; /* net.ipv4.ip_forward */
	const char *value; /* NULL: the kernel has no such key */
};

struct link {
	const char *name;
	int64_t index;
	const char *kind; /* vxlan, bridge, wireguard, veth ...; NULL: hardware */
	bool up; /* IFF_UP */
	const char *mac;
	int64_t mtu;
	struct string_list addresses; /* 10.42.0.0/32 */
	int64_t vxlan_id;
	int64_t vxlan_port;
	const char *vxlan_local;
};

struct route {
	const char *destination; /* 10.42.1.0/24; 0.0.0.0/0 is the default */
	const char *gateway;
	const char *device;
};

struct neighbour {
	const char *address;
	const char *mac;
	const char *device;
	bool permanent;
};

/* An entry of a vxlan's forwarding database. */
struct forwarding {
	const char *mac;
	const char *destination;
	const char *device;
};

struct flannel {
	const char *net_conf; /* path; NULL: none found */
	const char *net_conf_error;
	const char *network; /* 10.42.0.0/16 */
	const char *backend; /* vxlan, host-gw, wireguard-native */
	const char *subnet_env; /* path; NULL: none found */
	const char *subnet_env_error;
	const char *subnet_env_network;
	const char *subnet; /* 10.42.0.1/24 */
	int64_t mtu;
};

struct cni {
	const char *directory;
	const char *config; /* path of the one that counts; NULL: none */
	const char *name;
	const char *error;
	struct string_list plugins; /* their types */
	const char *binaries; /* the folder */
	struct string_list missing; /* types without a binary */
};

struct firewall {
	const char *tool; /* iptables, nft */
	enum answer udp_8472_open; /* may a peer's vxlan packet come in? */
	const char *rule; /* what says no */
};

struct udp_counters {
	int64_t datagrams;
	int64_t checksum_errors;
	int64_t checksum_errors_before; /* at the start of the run */
};

struct k3s {
	bool installed;
	const char *role; /* server, agent */
	const char *version;
	const char *data_dir;
	const char *config; /* path read */
	const char *error;
	struct string_list disable;
	const char *flannel_backend;
	const char *node_name;
	/* The datastore its options ask for: etcd, mysql, ...; NULL: they do not say. */
	const char *datastore;
};

struct unit {
	const char *name;
	const char *load_state;
	const char *active_state;
	const char *sub_state;
	const char *result;
	int64_t restarts;
	int64_t started; /* its main process, Unix seconds */
};

struct disk {
	const char *path;
	const char *signal; /* what kubelet watches there: nodefs, imagefs; NULL: no */
	int64_t device; /* the same for paths on one file system */
	const char *filesystem;
	int64_t total;
	int64_t available;
	/* Bytes: kubelet evicts when less is available; 0: it never does; UNSET: as it is
	 * built, no configuration of it was found. */
	int64_t reserve;
	int64_t inodes;
	int64_t inodes_free;
	bool read_only;
};

/* A container on this node that runs, or should run, a Wasm module. */
struct wasm_container {
	const char *namespace;
	const char *pod;
	const char *pod_uid;
	const char *container;
	const char *container_id;
	const char *runtime; /* the binary of its bundle's options, or its task's type */
	int64_t pid;
	bool in_engine; /* the process runs in the engine, not natively */
	const char *program; /* args[0] */
	struct string_list variables; /* as struct container has them */
	struct label
		*annotations; /* of the bundle's config.json; the same keys as a pod's */
	size_t annotation_count;
	const char *module_path; /* as the container sees it */
	const char *module_error; /* why it could not be read */
	enum answer services_file; /* its image has /etc/services */
	struct wasm_module module;
};

/* A TCP and TLS handshake with what stands behind a webhook; no request is sent. */
struct webhook_probe {
	const char *configuration;
	const char *webhook;
	const char *address;
	int64_t port;
	bool connected;
	bool trusted; /* the caBundle vouches for the certificate and its name */
	const char *error;
	int64_t connect_ms;
	int64_t tls_ms;
};

struct host {
	const char *name; /* the kernel's host name */
	const char *node; /* the Node object it is; NULL: none found */
	struct source source[HOST_FACT_COUNT];
	const char *kernel; /* uname -r */
	const char *architecture;
	const char *os; /* PRETTY_NAME */
	const char *cgroups; /* v1, v2, hybrid */
	bool root; /* we ran as root */
	struct string_list addresses; /* IPv4 and IPv6, without prefix */
	struct containerd containerd;
	struct runtime_binary *runtimes;
	size_t runtime_count;
	struct kernel_module *kernel_modules;
	size_t kernel_module_count;
	struct sysctl *sysctls;
	size_t sysctl_count;
	struct link *links;
	size_t link_count;
	struct route *routes;
	size_t route_count;
	struct neighbour *neighbours;
	size_t neighbour_count;
	struct forwarding *forwarding;
	size_t forwarding_count;
	struct flannel flannel;
	struct cni cni;
	struct firewall firewall;
	struct udp_counters udp;
	struct k3s k3s;
	struct unit *units;
	size_t unit_count;
	struct disk *disks;
	size_t disk_count;
	struct wasm_container *wasm_containers;
	size_t wasm_container_count;
	struct log_excerpt *logs;
	size_t log_count;
	struct webhook_probe *webhook_probes;
	size_t webhook_probe_count;
	struct silent_log *silent_logs;
	size_t silent_log_count;
	struct container_resources *container_resources;
	size_t container_resources_count;
	/* The same as an older snapshot of this host had it, when two are judged. */
	struct container_resources *previous_resources;
	size_t previous_resources_count;
	struct engine_library *engine_libraries;
	size_t engine_library_count;
	struct datastore datastore;
	struct misplaced_cgroup *misplaced_cgroups;
	size_t misplaced_cgroup_count;
	struct string_list
		cgroup_controllers; /* cpu, memory, pids ... that can be used */
	struct join join;
	struct k3s_certificate *k3s_certificates;
	size_t k3s_certificate_count;
	struct unit_log *unit_logs;
	size_t unit_log_count;
	struct tcp_port *tcp_ports; /* HOST_FIREWALL: those K3s listens on */
	size_t tcp_port_count;
};

/* The names of host facts, as snapshots and `list` have them. */
extern const char *const host_fact_names[HOST_FACT_COUNT];

const struct runtime_handler *find_handler(const struct host *host, const char *name)
	__attribute__((nonnull(1)));
const struct runtime_binary *find_runtime(const struct host *host, const char *path)
	__attribute__((nonnull(1)));
const struct link *find_link(const struct host *host, const char *name)
	__attribute__((nonnull(1)));
const struct kernel_module *find_kernel_module(const struct host *host, const char *name)
	__attribute__((nonnull(1)));
/* The value of a sysctl; NULL when the kernel has no such key. */
const char *find_sysctl(const struct host *host, const char *name)
	__attribute__((nonnull(1)));
