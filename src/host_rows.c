// SPDX-License-Identifier: Apache-2.0
/* What a snapshot keeps of a node.  To keep one more thing of it, add its row here. */
#include <wasmdiag/text.h>

#include "facts_rows.h"
#include "rows.h"

const char *const answers[] = {
	[ANSWER_UNKNOWN] = "unknown",
	[ANSWER_NO] = "no",
	[ANSWER_YES] = "yes",
	[ANSWER_COUNT] = NULL,
};

static const char *const annotation_keys[] = { "*", NULL };

/* clang-format off */
#define OF runtime_handler
static const struct field runtime_handler_rows[] = {
	TEXT(name, NULL),
	TEXT(runtime_type, NULL),
	TEXT(runtime_path, NULL),
	TEXT(binary_name, NULL),
	TEXT(binary, NULL),
	STRINGS(pod_annotations, NULL),
	STRINGS(container_annotations, NULL),
	WORD(systemd_cgroup, answers),
	TEXT(file, NULL),
};
static const struct record runtime_handler_record = RECORD(struct runtime_handler, runtime_handler_rows);
#undef OF

#define OF containerd
static const struct field containerd_rows[] = {
	TEXT(path, NULL),
	TEXT(flavor, NULL),
	TEXT(template, NULL),
	NUMBER(version, NULL),
	STRINGS(imports, NULL),
	TEXT(error, NULL),
	BOOLEAN(duplicate_table, NULL),
	TEXT(foreign_plugin, NULL),
	TEXT(default_runtime, NULL),
	TEXT(snapshotter, NULL),
	TEXT(root, NULL),
	TEXT(state, NULL),
	LIST(handlers, handler_count, runtime_handler_record, NULL),
};
static const struct record containerd_record = RECORD(struct containerd, containerd_rows);
#undef OF

#define OF runtime_binary
static const struct field runtime_binary_rows[] = {
	TEXT(path, NULL),
	TEXT(target, NULL),
	BOOLEAN(exists, NULL),
	BOOLEAN(executable, NULL),
	BOOLEAN(on_path, NULL),
	TEXT(program, NULL),
	TEXT(version, NULL),
	NUMBER(major, NULL),
	NUMBER(minor, NULL),
	NUMBER(patch, NULL),
	STRINGS(features, NULL),
	WORD(wasm, answers),
	TEXT(engine, NULL),
	TEXT(engine_source, NULL),
	TEXT(library, NULL),
	TEXT(library_path, NULL),
	TEXT(library_error, NULL),
	TEXT(error, NULL),
};
static const struct record runtime_binary_record = RECORD(struct runtime_binary, runtime_binary_rows);
#undef OF

static const char *const kernel_module_states[] = {
	[MODULE_UNKNOWN] = "unknown", [MODULE_LOADED] = "loaded", [MODULE_BUILTIN] = "builtin",
	[MODULE_AVAILABLE] = "available", [MODULE_MISSING] = "missing", [MODULE_STATE_COUNT] = NULL,
};

#define OF kernel_module
static const struct field kernel_module_rows[] = {
	TEXT(name, NULL),
	WORD(state, kernel_module_states),
	TEXT(evidence, NULL),
	TEXT(blocked, NULL),
};
static const struct record kernel_module_record = RECORD(struct kernel_module, kernel_module_rows);
#undef OF

#define OF sysctl
static const struct field sysctl_rows[] = {
	TEXT(name, NULL),
	TEXT(value, NULL),
};
static const struct record sysctl_record = RECORD(struct sysctl, sysctl_rows);
#undef OF

#define OF link
static const struct field link_rows[] = {
	TEXT(name, NULL),
	NUMBER(index, NULL),
	TEXT(kind, NULL),
	BOOLEAN(up, NULL),
	TEXT(mac, NULL),
	NUMBER(mtu, NULL),
	STRINGS(addresses, NULL),
	NUMBER(vxlan_id, NULL),
	NUMBER(vxlan_port, NULL),
	TEXT(vxlan_local, NULL),
};
static const struct record link_record = RECORD(struct link, link_rows);
#undef OF

#define OF route
static const struct field route_rows[] = {
	TEXT(destination, NULL),
	TEXT(gateway, NULL),
	TEXT(device, NULL),
};
static const struct record route_record = RECORD(struct route, route_rows);
#undef OF

#define OF neighbour
static const struct field neighbour_rows[] = {
	TEXT(address, NULL),
	TEXT(mac, NULL),
	TEXT(device, NULL),
	BOOLEAN(permanent, NULL),
};
static const struct record neighbour_record = RECORD(struct neighbour, neighbour_rows);
#undef OF

#define OF forwarding
static const struct field forwarding_rows[] = {
	TEXT(mac, NULL),
	TEXT(destination, NULL),
	TEXT(device, NULL),
};
static const struct record forwarding_record = RECORD(struct forwarding, forwarding_rows);
#undef OF

#define OF flannel
static const struct field flannel_rows[] = {
	TEXT(net_conf, NULL),
	TEXT(net_conf_error, NULL),
	TEXT(network, NULL),
	TEXT(backend, NULL),
	TEXT(subnet_env, NULL),
	TEXT(subnet_env_error, NULL),
	TEXT(subnet_env_network, NULL),
	TEXT(subnet, NULL),
	NUMBER(mtu, NULL),
};
static const struct record flannel_record = RECORD(struct flannel, flannel_rows);
#undef OF

#define OF cni
static const struct field cni_rows[] = {
	TEXT(directory, NULL),
	TEXT(config, NULL),
	TEXT(name, NULL),
	TEXT(error, NULL),
	STRINGS(plugins, NULL),
	TEXT(binaries, NULL),
	STRINGS(missing, NULL),
};
static const struct record cni_record = RECORD(struct cni, cni_rows);
#undef OF

#define OF firewall
static const struct field firewall_rows[] = {
	TEXT(tool, NULL),
	WORD(udp_8472_open, answers),
	TEXT(rule, NULL),
};
static const struct record firewall_record = RECORD(struct firewall, firewall_rows);
#undef OF

#define OF udp_counters
static const struct field udp_counters_rows[] = {
	NUMBER(datagrams, NULL),
	NUMBER(checksum_errors, NULL),
	NUMBER(checksum_errors_before, NULL),
};
static const struct record udp_counters_record = RECORD(struct udp_counters, udp_counters_rows);
#undef OF

#define OF k3s
static const struct field k3s_rows[] = {
	BOOLEAN(installed, NULL),
	TEXT(role, NULL),
	TEXT(version, NULL),
	TEXT(data_dir, NULL),
	TEXT(config, NULL),
	TEXT(error, NULL),
	STRINGS(disable, NULL),
	TEXT(flannel_backend, NULL),
	TEXT(node_name, NULL),
	TEXT(datastore, NULL),
};
static const struct record k3s_record = RECORD(struct k3s, k3s_rows);
#undef OF

#define OF unit
static const struct field unit_rows[] = {
	TEXT(name, NULL),
	TEXT(load_state, NULL),
	TEXT(active_state, NULL),
	TEXT(sub_state, NULL),
	TEXT(result, NULL),
	NUMBER(restarts, NULL),
	NUMBER(started, NULL),
};
static const struct record unit_record = RECORD(struct unit, unit_rows);
#undef OF

#define OF disk
static const struct field disk_rows[] = {
	TEXT(path, NULL),
	TEXT(signal, NULL),
	NUMBER(device, NULL),
	TEXT(filesystem, NULL),
	NUMBER(total, NULL),
	NUMBER(available, NULL),
	NUMBER(reserve, NULL),
	NUMBER(inodes, NULL),
	NUMBER(inodes_free, NULL),
	BOOLEAN(read_only, NULL),
};
static const struct record disk_record = RECORD(struct disk, disk_rows);
#undef OF

#define OF wasm_container
static const struct field wasm_container_rows[] = {
	TEXT(namespace, NULL),
	TEXT(pod, NULL),
	TEXT(pod_uid, NULL),
	TEXT(container, NULL),
	TEXT(container_id, NULL),
	TEXT(runtime, NULL),
	NUMBER(pid, NULL),
	BOOLEAN(in_engine, NULL),
	TEXT(program, NULL),
	STRINGS_OF(variables, NULL, kept_variables),
	LABELS(annotations, annotation_count, NULL, annotation_keys),
	TEXT(module_path, NULL),
	TEXT(module_error, NULL),
	WORD(services_file, answers),
	NESTED(module, wasm_module_record, NULL),
};
static const struct record wasm_container_record = RECORD(struct wasm_container, wasm_container_rows);
#undef OF

#define OF webhook_probe
static const struct field webhook_probe_rows[] = {
	TEXT(configuration, NULL),
	TEXT(webhook, NULL),
	TEXT(address, NULL),
	NUMBER(port, NULL),
	BOOLEAN(connected, NULL),
	BOOLEAN(trusted, NULL),
	TEXT(error, NULL),
	NUMBER(connect_ms, NULL),
	NUMBER(tls_ms, NULL),
};
static const struct record webhook_probe_record = RECORD(struct webhook_probe, webhook_probe_rows);
#undef OF

#define OF host
static const struct field host_rows[] = {
	TEXT(name, NULL),
	TEXT(node, NULL),
	TEXT(kernel, NULL),
	TEXT(architecture, NULL),
	TEXT(os, NULL),
	TEXT(cgroups, NULL),
	BOOLEAN(root, NULL),
	STRINGS(addresses, NULL),
	NESTED(containerd, containerd_record, NULL),
	LIST(runtimes, runtime_count, runtime_binary_record, NULL),
	LIST(kernel_modules, kernel_module_count, kernel_module_record, NULL),
	LIST(sysctls, sysctl_count, sysctl_record, NULL),
	LIST(links, link_count, link_record, NULL),
	LIST(routes, route_count, route_record, NULL),
	LIST(neighbours, neighbour_count, neighbour_record, NULL),
	LIST(forwarding, forwarding_count, forwarding_record, NULL),
	NESTED(flannel, flannel_record, NULL),
	NESTED(cni, cni_record, NULL),
	NESTED(firewall, firewall_record, NULL),
	NESTED(udp, udp_counters_record, NULL),
	NESTED(k3s, k3s_record, NULL),
	LIST(units, unit_count, unit_record, NULL),
	LIST(disks, disk_count, disk_record, NULL),
	LIST(wasm_containers, wasm_container_count, wasm_container_record, NULL),
	LIST(logs, log_count, log_excerpt_record, NULL),
	LIST(webhook_probes, webhook_probe_count, webhook_probe_record, NULL),
	LIST(silent_logs, silent_log_count, silent_log_record, NULL),
	LIST(container_resources, container_resources_count, container_resources_record, NULL),
	LIST(previous_resources, previous_resources_count, container_resources_record, NULL),
	LIST(engine_libraries, engine_library_count, engine_library_record, NULL),
	NESTED(datastore, datastore_record, NULL),
	LIST(misplaced_cgroups, misplaced_cgroup_count, misplaced_cgroup_record, NULL),
	STRINGS(cgroup_controllers, NULL),
	NESTED(join, join_record, NULL),
	LIST(k3s_certificates, k3s_certificate_count, k3s_certificate_record, NULL),
	LIST(unit_logs, unit_log_count, unit_log_record, NULL),
	LIST(tcp_ports, tcp_port_count, tcp_port_record, NULL),
};
const struct record host_record = RECORD(struct host, host_rows);
#undef OF
/* clang-format on */
