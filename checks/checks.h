// SPDX-License-Identifier: Apache-2.0
/* One line per check. */
#pragma once

#include <wasmdiag/check.h>

extern const struct check check_crun;
extern const struct check check_wasm_logs;
extern const struct check check_image_pull;
extern const struct check check_wasi_dns;
extern const struct check check_wasm_memory;
extern const struct check check_node_join;
extern const struct check check_pod_start;
extern const struct check check_runtime_class;
extern const struct check check_storage;
extern const struct check check_flannel;
extern const struct check check_gatekeeper_webhook;
extern const struct check check_gatekeeper_sync;
extern const struct check check_gatekeeper_policy;
extern const struct check check_hpa_cpu;
extern const struct check check_metrics_server;
extern const struct check check_startup;
extern const struct check check_memory_use;
extern const struct check check_cluster;
