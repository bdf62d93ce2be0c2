// SPDX-License-Identifier: Apache-2.0
/* The table of contents: every check, in the order shown: that of the guide. */
#include "checks.h"

const struct check *const all_checks[] = {
	&check_crun,
	&check_wasm_logs,
	&check_image_pull,
	&check_wasi_dns,
	&check_wasm_memory,
	&check_node_join,
	&check_pod_start,
	&check_runtime_class,
	&check_storage,
	&check_flannel,
	&check_gatekeeper_webhook,
	&check_gatekeeper_sync,
	&check_gatekeeper_policy,
	&check_hpa_cpu,
	&check_metrics_server,
	&check_startup,
	&check_memory_use,
	&check_cluster,
	NULL,
};
